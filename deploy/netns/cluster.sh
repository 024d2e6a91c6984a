# shellcheck shell=bash disable=SC2034,SC2154
# A cluster on netns.sh's hosts, for scripts that try one: sourced, not run. The caller sets `program`, `work` (a folder for logs and homes) and
# NETNS_NAME.

net=$(dirname "${BASH_SOURCE[0]}")/netns.sh
began=$SECONDS
declare -A code=() keeper=()

say() { printf '%4d s  %s\n' $(( SECONDS - began )) "$*"; }
now() { date -u +%Y-%m-%dT%H:%M:%S.%3NZ; }
milliseconds() { date +%s%3N; }
address() { echo "$("$net" address "$1"):4053"; }

# publish: an executable in $program, made from this tree unless one was named.
publish() {
  if [[ -z $program ]]; then
    say "Publishing memcluster."
    dotnet publish "$1/src/MemCluster.Cli" -c Release -o "$work/program" -nodeReuse:false >"$work/publish.log" 2>&1 \
      || { tail -20 "$work/publish.log" >&2; fail "memcluster could not be published"; }
    program=$work/program/memcluster
  fi
  program=$(realpath "$program")
  [[ -x $program ]] || fail "$program can't be executed"
  began=$SECONDS
}

# start HOST ARGUMENTS…: a memcluster process in a host, kept alive as a service manager would: started again, 2 s after, whenever it ends
# otherwise than by stop, with any code but 0. Its exit codes stand in HOST.codes.
start() {
  local host=$1
  rm -f "$work/$host.stop"
  keep "$@" &
  keeper[$host]=$!
}
keep() {
  local host=$1 ended
  while true; do
    "$net" exec "$host" "$program" "${@:2}" >>"$work/$host.out" 2>>"$work/$host.log" &
    echo $! >"$work/$host.pid"
    ended=0
    wait $! 2>/dev/null || ended=$?
    echo "$(now) $ended" >>"$work/$host.codes"
    [[ $ended != 0 && ! -e $work/$host.stop ]] || break
    sleep 2
  done
}

# strike HOST: SIGKILL; the service manager sees to the rest.
strike() { kill -KILL "$(<"$work/$1.pid")" 2>/dev/null || true; }

# stop HOST SIGNAL: for good. Its exit code stands in code[HOST].
stop() {
  touch "$work/$1.stop"
  kill "-$2" "$(<"$work/$1.pid")" 2>/dev/null || true
  wait "${keeper[$1]}" 2>/dev/null || true
  code[$1]=$(tail -1 "$work/$1.codes" | cut -d ' ' -f 2)
}
# stop_all SIGNAL HOST…: the same, all at once.
stop_all() {
  local host
  for host in "${@:2}"; do
    touch "$work/$host.stop"
    kill "-$1" "$(<"$work/$host.pid")" 2>/dev/null || true
  done
  for host in "${@:2}"; do stop "$host" 0; done
}

# ask HOST PATH: the body of a GET at the API on the host's own loopback, without starting a memcluster for it. Fails if nobody answers well in 3 s.
# With MEMCLUSTER_CA over HTTPS, with MEMCLUSTER_TOKEN.
ask() {
  "$net" exec "$1" curl --fail --silent --max-time 3 ${MEMCLUSTER_CA:+--cacert "$MEMCLUSTER_CA" --header "Authorization: Bearer $MEMCLUSTER_TOKEN"} \
    "http${MEMCLUSTER_CA:+s}://127.0.0.1:4080$2" 2>/dev/null
}
number_in() { sed -n "s/.*\"$2\":\([0-9][0-9]*\).*/\1/p" <<<"$1"; }
# 'NAME STATE' of each trainer.
trainers_in() { { grep -o '"trainer":"[^"]*","state":"[^"]*"' <<<"$1" || true; } | sed 's/"trainer":"\([^"]*\)","state":"\([^"]*\)"/\1 \2/' | sort -V; }
