#!/usr/bin/env bash
# Tries a deployment on one machine: a coordinator and trainers as processes in hosts of their own (netns.sh), a sweep of trials that only wait.
# On the way one trainer's process is killed, and another's cable is pulled out for a while. At the end it says whether every trial finished
# exactly once, as in a run on one machine.
#
#   try.sh [--program FILE] [--trainers N] [--seeds N] [--nap SECONDS] [--cut SECONDS] [--limit SECONDS] [--keep]
#
#   --program FILE    a published memcluster (default: publish one from this tree)
#   --trainers N      at least 3, two slots each (default 3)
#   --seeds N         10 trials a seed (default 4)
#   --nap SECONDS     how long a trial takes (default 10)
#   --cut SECONDS     how long the cable is out (default 30)
#   --limit SECONDS   when to give up (default 400)
#   --keep            leave the working folder with logs and results, and name it
#
# Exit code: 0 the verdict is good, 1 it is not, 2 the trial could not be made. Needs root and iproute2.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
sweep=try-a-deployment
spec=$root/specs/$sweep.yaml
slots=2
program='' trainers=3 seeds=4 nap=10 cut=30 limit=400 keep=false

fail() { echo "try.sh: $*" >&2; exit 2; }

while (( $# > 0 )); do
  case $1 in
    --keep) keep=true; shift ;;
    --program | --trainers | --seeds | --nap | --cut | --limit)
      (( $# > 1 )) || fail "$1 needs a value"
      declare "${1#--}=$2"
      shift 2 ;;
    -h | --help) sed -n '2,/^set/ { /^set/!s/^# \{0,1\}//p }' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) fail "'$1' is not understood; see --help" ;;
  esac
done
for number in "$trainers" "$seeds" "$nap" "$cut" "$limit"; do
  [[ $number =~ ^[1-9][0-9]*$ ]] || fail "'$number' is no whole number above 0"
done
(( trainers >= 3 )) || fail "one trainer is killed and one is cut off; at least 3 are needed"
[[ $(id -u) == 0 ]] || fail "network namespaces need root"

export NETNS_NAME=mctry-$$
net=$here/netns.sh
work=$(mktemp -d)
began=$SECONDS
declare -A pid=() code=()

cleanup() {
  "$net" down 2>/dev/null || true
  if $keep; then echo "Logs and results: $work"; else rm -rf "$work"; fi
}
trap cleanup EXIT
trap 'exit 130' INT TERM

say() { printf '%4d s  %s\n' $(( SECONDS - began )) "$*"; }
now() { date -u +%Y-%m-%dT%H:%M:%S.%3NZ; }

# start HOST ARGUMENTS…: a memcluster process in a host.
start() {
  "$net" exec "$1" "$program" "${@:2}" >"$work/$1.out" 2>"$work/$1.log" &
  pid[$1]=$!
}

# stop HOST SIGNAL: signal its process, wait, and note the exit code.
stop() {
  kill "-$2" "${pid[$1]}" 2>/dev/null || true
  code[$1]=0
  wait "${pid[$1]}" 2>/dev/null || code[$1]=$?
}

# At the coordinator's API, which answers on its own host's loopback only.
at_coordinator() { "$net" exec h1 "$program" "$@" --at 127.0.0.1:4080; }

# One line: what status says.
glance() {
  local status
  status=$(at_coordinator status "$sweep" --json 2>/dev/null) || { echo "no answer"; return; }
  echo "$(number_in "$status" 'done') done, $(number_in "$status" running) running; trainers: $(trainers_in "$status")"
}
number_in() { sed -n "s/.*\"$2\":\([0-9][0-9]*\).*/\1/p" <<<"$1"; }
trainers_in() {
  { grep -o '"trainer":"[^"]*","state":"[^"]*"' <<<"$1" || true; } | sed 's/"trainer":"\([^"]*\)","state":"\([^"]*\)"/\1 \2/' \
    | sort -V | paste -sd ';' | sed 's/;/, /g'
}

# look UNTIL: prints what status says whenever it changes, until UNTIL (a command on the number done) holds or time is up.
seen=''
look() {
  while (( SECONDS - began < limit )); do
    local fresh
    fresh=$(glance)
    if [[ $fresh != "$seen" ]]; then say "$fresh"; seen=$fresh; fi
    if "$@" "${fresh%% done*}"; then return 0; fi
    sleep 1
  done
  say "Gave up after $limit s."
  return 1
}
at_least() { [[ $2 =~ ^[0-9]+$ ]] && (( $2 >= $1 )); }
until_second() { (( SECONDS >= $1 )); }

if [[ -z $program ]]; then
  say "Publishing memcluster."
  dotnet publish "$root/src/MemCluster.Cli" -c Release -o "$work/program" -nodeReuse:false >"$work/publish.log" 2>&1 \
    || { tail -20 "$work/publish.log" >&2; fail "memcluster could not be published"; }
  program=$work/program/memcluster
fi
program=$(realpath "$program")
began=$SECONDS
[[ -x $program ]] || fail "$program can't be executed"

hosts=$(( trainers + 1 ))
"$net" up "$hosts"
coordinator=$("$net" address h1):4053
say "$hosts hosts. Coordinator in h1 ($coordinator), trainers with $slots slots each in h2 … h$hosts."
start h1 coordinator --home "$work/home" --listen "$coordinator"
for (( i = 2; i <= hosts; i++ )); do
  start "h$i" trainer --join "$coordinator" --listen "$("$net" address "h$i"):4053" --name "h$i" --slots "$slots"
done

settings=(--set "seeds=$seeds" --set "network=sleep $nap")
for (( tries = 0; ; tries++ )); do
  if at_coordinator submit "$spec" "${settings[@]}" >"$work/submit.out" 2>&1; then break; fi
  (( tries < 30 )) || { cat "$work/submit.out" "$work/h1.log" >&2; fail "the coordinator did not take the sweep"; }
  sleep 1
done
say "$(cat "$work/submit.out")"

look at_least $(( slots * trainers )) || true
stop h2 KILL
say "Killed the trainer in h2 (SIGKILL)."
look until_second $(( SECONDS + 5 )) || true
"$net" cut h3
say "Cut the cable of h3 for $cut s; its trainer runs on."
look until_second $(( SECONDS + cut )) || true
"$net" heal h3
healed=$(now)
say "Healed the cable of h3."
trials=$(( 10 * seeds ))
ended=true
look at_least "$trials" || ended=false

# The end: trainers first, so that they can say goodbye.
for (( i = 3; i <= hosts; i++ )); do
  alive="h$i ran"; kill -0 "${pid[h$i]}" 2>/dev/null || alive="h$i had ended before"
  stop "h$i" TERM
  say "SIGTERM to the trainer in h$i: exit ${code[h$i]} ($alive)."
done
stop h1 TERM
say "SIGTERM to the coordinator: exit ${code[h1]}."

"$program" export "$sweep" --home "$work/home" >/dev/null
"$program" run "$spec" "${settings[@]}" --home "$work/alone" --slots "$trials" >"$work/alone.out" 2>&1 \
  || { tail -5 "$work/alone.out" >&2; fail "the run on one machine failed"; }
results=$work/home/results/$sweep

echo
good=true
# verdict SENTENCE COMMAND…: says whether it holds; one that doesn't spoils the whole.
verdict() { if "${@:2}"; then echo "  yes  $1"; else echo "  NO   $1"; good=false; fi; }
# Trials 1 … N, one row each, all finished (attempts.csv begins with trial,attempt,trainer,assigned,ended,how).
every_trial_finished() {
  awk -F, -v n="$trials" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "state") s = i; next }
    $1 != NR - 1 || $s != "finished" { bad = 1 } END { exit bad || NR - 1 != n }' "$results/trials.csv"
}
finished_once() {
  awk -F, -v n="$trials" 'NR > 1 && $6 == "finished" { if (once[$1]++) bad = 1; else k++ } END { exit bad || k != n }' "$results/attempts.csv"
}
none_open() { awk -F, 'NR > 1 && $5 == "" { bad = 1 } END { exit bad }' "$results/attempts.csv"; }
verdict "the sweep ended within $limit s" $ended
verdict "$trials of $trials trials are finished in trials.csv, one row each" every_trial_finished
verdict "exactly one attempt of every trial finished in attempts.csv" finished_once
verdict "no attempt was left open" none_open
verdict "trials.csv is byte for byte that of a run on one machine" cmp -s "$results/trials.csv" "$work/alone/results/$sweep/trials.csv"
verdict "the coordinator stopped in order (exit 0)" test "${code[h1]}" = 0

echo "  Lost on the way:"
awk -F, 'NR > 1 && $6 != "finished" { why = $3; for (i = 6; i < NF - 3; i++) why = why (i > 6 ? "," : ": ") $i; lost[why]++ }
  END { for (why in lost) print "    " lost[why] " of " why }' "$results/attempts.csv" | sort
awk -F, -v healed="$healed" 'NR > 1 && $3 == "h3" && $4 > healed { n++ }
  END { print "  Trials that the trainer in h3 was given after its cable was healed: " n + 0 }' "$results/attempts.csv"
if $good; then echo "Verdict: good, after $(( SECONDS - began )) s."; else echo "Verdict: NOT good."; keep=true; exit 1; fi
