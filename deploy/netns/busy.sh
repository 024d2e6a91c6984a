#!/usr/bin/env bash
# Are slots busy while there is work, and does the coordinator answer meanwhile? A coordinator and 8 trainers of 4 slots as processes on loopback,
# and 10,000 trials that wait half a second each. A second sweep of 10 trials comes into the middle of the first.
#
#   busy.sh [--program FILE] [--seeds N] [--trainers N] [--keep]
#
#   --program FILE    a published memcluster (default: publish one from this tree)
#   --seeds N         10 trials a seed (default 1000)
#   --trainers N      of 4 slots each (default 8)
#   --keep            leave the working folder, and name it
#
# Busy: the slot time of the trials that ended, over slots × time, from the moment every slot had a trial until the last trial was handed out.
# Answers: the status of the sweep over HTTP on one open connection, five times a second, from before the sweep to its end; but for the very first one, for which
# the coordinator compiles what it says, beside eight trainers that begin.
# Exit code: 0 all is as promised (95 % busy; every answer within 200 ms; 40 % of the slots that become free go to the small sweep), 1 it is not,
# 2 it could not be tried. Needs curl. About four minutes.
# Shared with what is sourced below:
# shellcheck disable=SC1091,SC2034,SC2154
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
program='' seeds=1000 trainers=8 keep=false slots=4 port=4953 api=4980

fail() { echo "busy.sh: $*" >&2; exit 2; }
while (( $# > 0 )); do
  case $1 in
    --keep) keep=true; shift ;;
    --program | --seeds | --trainers) (( $# > 1 )) || fail "$1 needs a value"; declare "${1#--}=$2"; shift 2 ;;
    -h | --help) sed -n '2,/^# Shared/ { /^# Shared/!s/^# \{0,1\}//p }' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) fail "'$1' is not understood; see --help" ;;
  esac
done
command -v curl >/dev/null || fail "curl is not installed"

work=$(mktemp -d)
source "$here/cluster.sh"
pids=()
cleanup() {
  (( ${#pids[@]} == 0 )) || kill -KILL "${pids[@]}" 2>/dev/null || true
  if $keep; then echo "Logs and results: $work"; else rm -rf "$work"; fi
}
trap cleanup EXIT
trap 'exit 130' INT TERM
publish "$root"

"$program" coordinator --home "$work/home" --listen "127.0.0.1:$port" --http "127.0.0.1:$api" >"$work/coordinator.out" 2>&1 &
pids+=($!)
for (( i = 1; i <= trainers; i++ )); do
  "$program" trainer --join "127.0.0.1:$port" --name "t$i" --slots "$slots" >"$work/t$i.out" 2>&1 &
  pids+=($!)
done
url=http://127.0.0.1:$api/api/v1
until (( $(curl -fs "$url/nodes" | grep -o '"trainer":"t' | wc -l) == trainers )); do
  kill -0 "${pids[0]}" 2>/dev/null || fail "the coordinator ended: $(tail -1 "$work/coordinator.out")"
  sleep 0.5
done
say "$trainers trainers of $slots slots."

"$program" submit "$here/busy.yaml" --set "seeds=$seeds" --at "127.0.0.1:$api" | head -1
curl -fs -o /dev/null "$url/sweeps/busy"
stdbuf -oL curl -s --rate 5/s -o /dev/null -w '%{time_total} %{http_code}\n' "$url/sweeps/busy#[1-100000]" >"$work/status.times" &
asking=$!
pids+=("$asking")
total=$(( 10 * seeds ))
number() { curl -fs "$url/sweeps/busy" | sed -n "s/.*\"$1\":\([0-9][0-9]*\).*/\1/p"; }
until (( $(number 'done') >= total / 3 )); do sleep 1; done
"$program" submit "$here/busy.yaml" --set sweep=small --set seeds=1 --at "127.0.0.1:$api" | head -1
small_at=$(curl -fs "$url/sweeps/small" | sed -n 's/.*"submittedAt":"\([^"]*\).*/\1/p')
until (( $(number 'done') == total )); do sleep 1; done
kill "$asking" 2>/dev/null || true
say "The sweep is over."
for one in busy small; do "$program" export "$one" --at "127.0.0.1:$api" --to "$work/$one" >/dev/null; done
kill "${pids[@]}" 2>/dev/null || true
wait 2>/dev/null || true
pids=()

# attempts.csv begins with trial,attempt,trainer,assigned,ended,how; what follows is counted from the end. Times are UTC with milliseconds.
seconds_of='function at(t) { return substr(t, 12, 2) * 3600 + substr(t, 15, 2) * 60 + substr(t, 18, 6) }'
read -r busy span < <(awk -F, -v slots="$(( trainers * slots ))" "$seconds_of"'
  NR == 1 { for (i = 1; i <= NF; i++) if ($i == "seconds") after = NF - i }
  NR > 1 { a[NR] = at($4); e[NR] = at($5); s[NR] = $(NF - after); if (a[NR] > last) last = a[NR]; if (!first || a[NR] < first) first = a[NR] }
  END { from = first + 3
    for (i in a) { ends = e[i]; begins = ends - s[i]; if (ends > last) ends = last; if (begins < from) begins = from; if (ends > begins) sum += ends - begins }
    printf "%.1f %.0f\n", 100 * sum / (slots * (last - from)), last - from }' "$work/busy/attempts.csv")
read -r asked median most late < <(awk '$2 == 200 { print $1 * 1000 }' "$work/status.times" | sort -n | awk '{ t[NR] = $1 } END {
  for (i = 1; i <= NR; i++) if (t[i] > 200) n++; printf "%d %.1f %.1f %d\n", NR, t[int((NR + 1) / 2)], t[NR], n }')
p99=$(awk '$2 == 200 { print $1 * 1000 }' "$work/status.times" | sort -n | awk '{ t[NR] = $1 } END { printf "%.1f", t[int(NR * 0.99)] }')
# From its submission to its last assignment, every trial handed out is a slot that became free.
read -r share < <(awk -F, -v from="$small_at" 'FNR > 1 && FILENAME ~ /small/ && $4 > last { last = $4 }
  FNR > 1 && FILENAME ~ /small/ { mine++ } FNR > 1 && FILENAME ~ /busy/ && $4 > from { others[++n] = $4 }
  END { for (i = 1; i <= n; i++) if (others[i] <= last) k++; printf "%.0f\n", 100 * mine / (mine + k) }' "$work/small/attempts.csv" "$work/busy/attempts.csv")

echo
good=true
verdict() { if "${@:2}"; then echo "  yes  $1"; else echo "  NO   $1"; good=false; fi; }
verdict "slots were busy $busy % of $span s (95 % or more)" awk -v busy="$busy" 'BEGIN { exit !(busy >= 95) }'
verdict "the status was asked for at all" test "$asked" -ge 10
verdict "status asked $asked times: median $median ms, 99 % within $p99 ms, slowest $most ms; $late above 200 ms" test "$late" = 0
verdict "the sweep of 10 got $share % of the slots that became free until it was handed out (40 % or more)" test "$share" -ge 40
verdict "$total trials finished, once each" test "$(awk -F, 'NR > 1 && $6 == "finished" { print $1 }' "$work/busy/attempts.csv" | sort -u | wc -l)" = "$total"
if $good; then echo "Verdict: good."; else echo "Verdict: NOT good."; keep=true; exit 1; fi
