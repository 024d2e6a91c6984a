# shellcheck shell=bash disable=SC2034,SC2154
# The cases of accept.sh, which sources this: what each breaks, and what must then be true.

trainers=(h4 h5 h6 h7)
# The same trials, so long that the two trainers that are not cut off can't do them all within the minute.
long=(--set sweep=accept-long --set training.epochs=200)

# run_case CASE JOURNAL: a cluster, the case, the verdict's line.
run_case() {
  local one=$1 kind=$2 case_began=$SECONDS
  figures='' wrong='' file=accept sweep=accept sets=() trials=60 slots=1
  work=$everything/$one
  install -d -m 711 "$work"
  say "Case $one, $kind."
  coordinators=(h1)
  [[ $kind == sqlite ]] || coordinators=(h1 h2 h3)
  "$net" up 8
  unset MEMCLUSTER_CA MEMCLUSTER_TOKEN
  [[ $kind == sqlite ]] || { postgres_new; secure; }
  case $one in
    sqlite) case_a ;;
    *) "case_$one" ;;
  esac
  "$net" down
  local good=good
  if [[ -n $wrong ]]; then good='NOT good'; bad=$(( bad + 1 )); fi
  verdicts+=("$(printf '%-7s %-9s%s%s; %s s' "$one" "$good" "${wrong:+$wrong; }" "$figures" $(( SECONDS - case_began )))")
  say "${verdicts[-1]}"
}

# must SENTENCE COMMAND…: the sentence is what is wrong if the command fails.
must() { "${@:2}" || wrong+="${wrong:+; }$1"; }
figure() { figures+="${figures:+, }$*"; }

# Several coordinators answer for each other over HTTPS, with a token; and of the nodes only those with a certificate may join.
secure() {
  local host nodes=()
  for host in "${coordinators[@]}" "${trainers[@]}"; do nodes+=("$host,$("$net" address "$host")"); done
  "$here/../certificates/make.sh" "$work/certificates" "${nodes[@]}" >"$work/certificates.out"
  MEMCLUSTER_TOKEN=$(head -c 32 /dev/urandom | sha256sum | cut -c 1-64)
  export MEMCLUSTER_CA=$work/certificates/ca.crt MEMCLUSTER_TOKEN
}

# begin TRAINER…: coordinators, these trainers, the sweep.
begin() {
  local host others=() first
  if (( ${#coordinators[@]} > 1 )); then
    for host in "${coordinators[@]}"; do others+=("$(address "$host")"); done
    first=$(IFS=,; echo "${others[*]}")
    for host in "${coordinators[@]}"; do
      start "$host" coordinator --home "$work/home-$host" --listen "$(address "$host")" --join "$first" --journal "$(postgres_connection)" \
        --http 0.0.0.0:4080 --certificates "$work/certificates/$host"
    done
  else
    first=$(address h1)
    start h1 coordinator --home "$work/home-h1" --listen "$first"
  fi
  joins=$first
  for host in "$@"; do start_trainer "$host"; done
  local tries
  for (( tries = 0; ; tries++ )); do
    for host in "${coordinators[@]}"; do
      if "$net" exec "$host" "$program" submit "$here/$file.yaml" "${sets[@]}" --at 127.0.0.1:4080 >"$work/submit.out" 2>&1; then break 2; fi
    done
    (( tries < 30 )) || { cat "$work/submit.out" "$work/h1.log" >&2; fail "no coordinator took the sweep"; }
    sleep 1
  done
  until_joined $#
}
until_joined() {
  local tries said
  for (( tries = 0; tries < 60; tries++ )); do
    said=$(status) || said=''
    if [[ $(trainers_in "$said" | wc -l) == "$1" ]]; then return 0; fi
    sleep 1
  done
  fail "only $(trainers_in "$said" | wc -l) of $1 trainers joined within a minute"
}
start_trainer() {
  local secured=()
  [[ -z ${MEMCLUSTER_CA:-} ]] || secured=(--certificates "$work/certificates/$1")
  start "$1" trainer --join "$joins" --listen "$(address "$1")" --name "$1" --slots "$slots" "${secured[@]}"
}

# What any coordinator's host answers to status.
status() {
  local host said
  for host in "${coordinators[@]}"; do
    if said=$(ask "$host" "/api/v1/sweeps/$sweep"); then echo "$said"; return; fi
  done
  return 1
}
is_live() { [[ $1 != *'"waiting":"the coordinator is being started"'* && $1 == *'"trainer":"'* ]]; }

done_by_now() { local said; said=$(status) && number_in "$said" 'done'; }
# until_done N: waits; fails when the case has taken too long.
until_done() {
  local end=$(( SECONDS + limit )) count said
  while (( SECONDS < end )); do
    count=$(done_by_now) || count=''
    if [[ -n $count ]] && (( count >= $1 )); then return 0; fi
    sleep 1
  done
  return 1
}

# The host whose coordinator began last: the others only wait for their turn.
active() {
  (( ${#coordinators[@]} > 1 )) || { echo h1; return; }
  sed -n 's/.*Coordinator on 10\.77\.0\.\([0-9]*\):4053 began term \([0-9]*\);.*/\2 h\1/p' "$work"/home-*/memcluster.log | sort -n | tail -1 | cut -d ' ' -f 2
}

# until_answered HOST…: milliseconds since the epoch when, within 90 s, `memcluster status` on one of these hosts showed trainers again.
until_answered() {
  local end=$(( SECONDS + 90 )) host said
  while (( SECONDS < end )); do
    for host in "$@"; do
      if said=$(ask "$host" "/api/v1/sweeps/$sweep") && is_live "$said" \
        && "$net" exec "$host" "$program" status "$sweep" --at 127.0.0.1:4080 >"$work/status.out" 2>&1; then
        milliseconds
        return
      fi
    done
    sleep 0.5
  done
  return 1
}
but() { local host; for host in "${coordinators[@]}"; do [[ $host == "$1" ]] || echo "$host"; done; }
seconds_between() { awk -v from="$1" -v to="$2" 'BEGIN { printf "%.1f", (to - from) / 1000 }'; }

# finish TRAINER…: to the end of the sweep, everybody stopped in order, the results compared.
finish() {
  local host
  must "the sweep did not end within $limit s" until_done "$trials"
  stop_all TERM "$@"
  results=$work/results
  for host in "${coordinators[@]}"; do
    if "$net" exec "$host" "$program" export "$sweep" --at 127.0.0.1:4080 --to "$results" >"$work/export.out" 2>&1; then break; fi
  done
  stop_all TERM "${coordinators[@]}"
  must "there are no results" test -s "$results/trials.csv"
  [[ -s $results/trials.csv ]] || return 0
  must "trials.csv differs from that of one process" cmp -s "$results/trials.csv" "$everything/truth/results/$sweep/trials.csv"
  must "a cell is missing or double" every_cell_once
  must "not every trial was finished by exactly one attempt" finished_once
  figure "$trials trials once each, $(awk -F, 'NR > 1 && $6 != "finished" { n++ } END { print n + 0 }' "$results/attempts.csv") attempts lost"
}
every_cell_once() { (( $(awk -F, 'NR > 1 { print $NF }' "$results/trials.csv" | sort -u | wc -l) == trials )); }
# attempts.csv begins with trial,attempt,trainer,assigned,ended,how; 'how' may hold commas, so what follows is counted from the end.
finished_once() {
  awk -F, -v n="$trials" 'NR > 1 && $6 == "finished" { if (once[$1]++) bad = 1; else k++ } NR > 1 && $5 == "" { bad = 1 }
    END { exit bad || k != n }' "$results/attempts.csv"
}

case_a() {
  begin "${trainers[@]}"
  must "nothing was trained" until_done 6
  local victim kill_at killed answered after left
  victim=$(active)
  mapfile -t left < <(if (( ${#coordinators[@]} > 1 )); then but "$victim"; else echo h1; fi)
  killed=$(now) kill_at=$(milliseconds)
  if (( ${#coordinators[@]} > 1 )); then stop "$victim" KILL; else strike "$victim"; fi
  say "Killed the coordinator in $victim."
  answered=$(until_answered "${left[@]}") || answered=$(( kill_at + 90000 ))
  after=$(seconds_between "$kill_at" "$answered")
  say "status answers after $after s."
  coordinators=("${left[@]}")
  finish "${trainers[@]}"
  must "status was not answered within 30 s" test $(( answered - kill_at )) -le 30000
  figure "status answered $after s after the kill"
  [[ -s $results/attempts.csv ]] || return 0
  local spanning longest
  read -r spanning longest < <(awk -F, -v killed="$killed" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "longest_epoch") after = NF - i }
    NR > 1 && $4 < killed && $5 > killed { n++; if ($(NF - after) > most) most = $(NF - after) }
    END { print n + 0, most + 0 }' "$results/attempts.csv")
  must "no trial was under way" test "$spanning" -ge 1
  must "a trainer stopped: an epoch took $longest s" awk -v longest="$longest" -v gone="$after" 'BEGIN { exit !(longest < gone / 3) }'
  figure "$spanning trials trained on, longest epoch $longest s"
}

case_b() {
  begin "${trainers[@]}"
  must "nothing was trained" until_done 6
  local victim cut_at answered left
  victim=$(active)
  mapfile -t left < <(but "$victim")
  cut_at=$(milliseconds)
  "$net" cut "$victim"
  say "Cut the cable of the coordinator in $victim."
  if (( ${#left[@]} > 0 )); then
    if answered=$(until_answered "${left[@]}"); then
      figure "another answered $(seconds_between "$cut_at" "$answered") s after the cut"
    else
      wrong="nobody else answered"
    fi
  fi
  local rest=$(( 60 - ($(milliseconds) - cut_at) / 1000 ))
  (( rest <= 0 )) || sleep "$rest"
  "$net" heal "$victim"
  say "Healed it."
  if (( ${#left[@]} > 0 )); then
    must "the coordinator that was cut off did not come back" until_answered "$victim" >/dev/null
    must "the coordinator that was cut off did not end with 75" grep -q ' 75$' "$work/$victim.codes"
    figure "exit codes of the one cut off: $(cut -d ' ' -f 2 "$work/$victim.codes" | paste -sd ' ')"
  fi
  finish "${trainers[@]}"
}

case_c() {
  sweep=accept-long sets=("${long[@]}")
  begin "${trainers[@]}"
  must "nothing was trained" until_done 6
  "$net" cut h4
  "$net" cut h5
  say "Cut the cables of the trainers in h4 and h5."
  sleep 60
  "$net" heal h4
  "$net" heal h5
  local healed host n
  healed=$(now)
  say "Healed them."
  finish "${trainers[@]}"
  [[ -s $results/attempts.csv ]] || return 0
  for host in h4 h5; do
    n=$(awk -F, -v host="$host" -v healed="$healed" 'NR > 1 && $3 == host && $4 > healed && $6 == "finished" { n++ } END { print n + 0 }' "$results/attempts.csv")
    must "$host did no more work" test "$n" -ge 1
    figure "$host finished $n trials after it"
  done
}

# until_midway TRAINER: it is in one of the first 29 of a trial's 40 epochs.
until_midway() {
  local end=$(( SECONDS + 60 )) said
  while (( SECONDS < end )); do
    if said=$(status) && grep -qE "\"trainer\":\"$1\",\"since\":\"[^\"]*\",\"epoch\":([1-9]|[12][0-9])," <<<"$said"; then return 0; fi
    sleep 0.2
  done
  return 1
}

case_d() {
  begin "${trainers[@]}"
  must "nothing was trained" until_done 6
  must "the trainer in h4 got no trial" until_midway h4
  local asked back elsewhere
  asked=$(milliseconds)
  stop h4 TERM
  figure "exit ${code[h4]} after $(seconds_between "$asked" "$(milliseconds)") s"
  must "the trainer ended with ${code[h4]}" test "${code[h4]}" = 0
  say "SIGTERM to the trainer in h4: exit ${code[h4]}."
  finish h5 h6 h7
  [[ -s $results/attempts.csv ]] || return 0
  read -r back elsewhere < <(awk -F, 'NR > 1 && $3 == "h4" && $6 != "finished" { back[$1] = 1 } NR > 1 && $3 != "h4" && $6 == "finished" { other[$1] = 1 }
    END { for (t in back) { n++; m += other[t] } print n + 0, m + 0 }' "$results/attempts.csv")
  must "it handed nothing back" test "$back" -ge 1
  must "a trial that it handed back was not finished elsewhere" test "$back" = "$elsewhere"
  figure "$elsewhere of $back trials handed back went on elsewhere"
}

case_e() {
  file=accept-naps sweep=accept-naps trials=600 slots=2
  begin h4 h5
  must "nothing was done" until_done 20
  local from to again last two four
  from=$(now)
  sleep 12
  to=$(now)
  start_trainer h6
  start_trainer h7
  until_joined 4
  sleep 1
  again=$(now)
  sleep 12
  last=$(now)
  finish "${trainers[@]}"
  [[ -s $results/attempts.csv ]] || return 0
  two=$(finished_between "$from" "$to")
  four=$(finished_between "$again" "$last")
  figure "$two trials in 12 s with 2 trainers, $four with 4: × $(awk -v a="$two" -v b="$four" 'BEGIN { printf "%.2f", b / a }')"
  must "4 trainers did less than 1.7 times what 2 did" awk -v a="$two" -v b="$four" 'BEGIN { exit !(b >= 1.7 * a) }'
}
finished_between() { awk -F, -v from="$1" -v to="$2" 'NR > 1 && $6 == "finished" && $5 >= from && $5 < to { n++ } END { print n + 0 }' "$results/attempts.csv"; }

case_f() {
  begin "${trainers[@]}"
  must "nothing was trained" until_done 6
  local started first
  postgres_stop
  say "Stopped PostgreSQL."
  sleep 30
  started=$(now)
  postgres_start
  say "Started it again."
  finish "${trainers[@]}"
  [[ -s $results/attempts.csv ]] || return 0
  first=$(awk -F, -v started="$started" 'NR > 1 && $5 > started { print $5 }' "$results/attempts.csv" | sort | head -1)
  figure "the first trial ended $(seconds_between "$(date -d "$started" +%s%3N)" "$(date -d "$first" +%s%3N)") s after PostgreSQL was back"
}
