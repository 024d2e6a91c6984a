#!/usr/bin/env bash
# A small network of hosts on one Linux machine: each host is a network namespace with an address of its own and a cable (veth) to a switch
# (a bridge in a namespace of its own). Nothing outside of these namespaces is touched, so several networks can stand side by side, and a
# network is gone without a trace when its namespaces are.
#
#   netns.sh up N             hosts h1 … hN with the addresses 10.77.0.1 … 10.77.0.N (an older network of this name is taken down first)
#   netns.sh down             end what still runs in them, and remove them; fine if there are none
#   netns.sh exec HOST CMD…   run a command in a host; it keeps this process's id, so a signal sent to that id reaches the command
#   netns.sh cut HOST         pull the host's cable out: no packet passes, nobody is told
#   netns.sh heal HOST        plug it in again
#   netns.sh address HOST     print its address
#   netns.sh list             hosts, addresses, cables, processes
#
# NETNS_NAME (default mcnet) names the network. Needs root and iproute2, on Linux with veth and bridge.
set -euo pipefail

name=${NETNS_NAME:-mcnet}
subnet=10.77.0
most=200
switch=$name-switch

fail() { echo "netns.sh: $*" >&2; exit 2; }

usage() { sed -n '/^#   netns/,/^$/ { /^#/!q; s/^# \{0,3\}//p }' "${BASH_SOURCE[0]}"; }

# The namespaces of this network, the switch included.
namespaces() { ip netns list | awk -v name="$name" '$1 == name "-switch" || $1 ~ "^" name "-h[0-9]+$" { print $1 }' | sort -V; }

# Number of a host that exists.
number_of() {
  [[ ${1:-} =~ ^h([1-9][0-9]*)$ ]] || fail "'${1:-}' is no host; they are called h1, h2, …"
  [[ -e /run/netns/$name-$1 ]] || fail "network $name has no host $1; see: netns.sh list"
  echo "${BASH_REMATCH[1]}"
}

up() {
  if ! [[ ${1:-} =~ ^[1-9][0-9]{0,2}$ ]] || (( $1 > most )); then
    fail "up needs a number of hosts from 1 to $most, not '${1:-}'"
  fi
  down
  # Half a network is none.
  trap 'down; fail "network $name could not be built (root? iproute2? kernel with veth and bridge?)"' ERR
  set -E
  ip netns add "$switch"
  ip -n "$switch" link add bridge type bridge
  ip -n "$switch" link set bridge up
  local i host
  for (( i = 1; i <= $1; i++ )); do
    host=$name-h$i
    ip netns add "$host"
    ip -n "$host" link set lo up
    ip -n "$switch" link add "port$i" type veth peer name eth0 netns "$host"
    ip -n "$switch" link set "port$i" master bridge up
    ip -n "$host" address add "$subnet.$i/24" dev eth0
    ip -n "$host" link set eth0 up
  done
  set +E
  trap - ERR
}

down() {
  local all one pid pids=()
  mapfile -t all < <(namespaces)
  for one in "${all[@]}"; do
    while IFS= read -r pid; do pids+=("$pid"); done < <(ip netns pids "$one")
  done
  # A namespace lives on, without a name, as long as a process does in it.
  if (( ${#pids[@]} > 0 )); then
    kill -KILL "${pids[@]}" 2>/dev/null || true
  fi
  for one in "${all[@]}"; do
    ip netns delete "$one"
  done
}

list() {
  local one number pids
  while IFS= read -r one; do
    [[ $one == "$switch" ]] && continue
    number=${one##*-h}
    pids=$(ip netns pids "$one" | tr '\n' ' ')
    printf '%-5s %-12s %-6s %s\n' "h$number" "$subnet.$number" "$(cable "$number")" "${pids:-}"
  done < <(namespaces)
}

cable() { if ip -n "$switch" -o link show "port$1" | grep -q '<[^>]*\bUP\b'; then echo whole; else echo cut; fi; }

verb=${1:-}
shift || true
case $verb in
  up) up "$@" ;;
  down) down ;;
  exec)
    number_of "${1:-}" >/dev/null
    (( $# > 1 )) || fail "exec needs a command after the host"
    exec ip netns exec "$name-$1" "${@:2}"
    ;;
  cut) number=$(number_of "${1:-}"); ip -n "$switch" link set "port$number" down ;;
  heal) number=$(number_of "${1:-}"); ip -n "$switch" link set "port$number" up ;;
  address) number=$(number_of "${1:-}"); echo "$subnet.$number" ;;
  list) list ;;
  -h | --help | help) usage ;;
  *) usage >&2; exit 2 ;;
esac
