#!/usr/bin/env bash
# Does a cluster give the same table as one machine, whatever breaks? Runs the 60 real trials of accept.yaml in one process, which is the truth;
# then once for every case, on a cluster of its own in network namespaces (netns.sh): coordinators in h1 … h3, trainers of one slot in h4 … h7,
# all with certificates, PostgreSQL in h8, each process kept alive as a service manager would. After every case trials.csv must be byte for byte that of the one
# process, with every cell once.
#
#   a        the active coordinator's process is killed: another answers `status` within 30 s, and no trainer stopped an epoch
#   b        the cable of the active coordinator's host is out for 60 s
#   c        the cables of two trainers are out for 60 s; they come back and work (with trials of 200 epochs rather than 40)
#   d        a trainer gets SIGTERM: exit 0, and its trial goes on elsewhere
#   e        from 2 trainers to 4 midway, with trials that only wait: 1.7 times as many trials a second, or more
#   f        PostgreSQL is stopped for 30 s
#   sqlite   a, with the journal in SQLite: the one coordinator is killed and started again in its place
#
#   accept.sh [--case a,b,…] [--journal postgres|sqlite] [--program FILE] [--limit SECONDS] [--keep]
#
#   --case a,b,…      only these (default: all)
#   --journal KIND    sqlite: a to e with one coordinator on SQLite (default postgres)
#   --program FILE    a published memcluster (default: publish one from this tree)
#   --limit SECONDS   when to give up a case (default 600)
#   --keep            leave the working folder with logs and results, and name it; a case that is not good leaves it, too
#
# Exit code: 0 every verdict is good, 1 one is not, 2 it could not be tried. Needs root, iproute2, curl and, for postgres, openssl and Debian's
# package postgresql.
# About half an hour on two idle cores.
# Shared with what is sourced below:
# shellcheck disable=SC1091,SC2034,SC2154
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
cases='' journal=postgres program='' limit=600 keep=false

fail() { echo "accept.sh: $*" >&2; exit 2; }

while (( $# > 0 )); do
  case $1 in
    --keep) keep=true; shift ;;
    --case) (( $# > 1 )) || fail "--case needs a value"; cases=$2; shift 2 ;;
    --journal | --program | --limit)
      (( $# > 1 )) || fail "$1 needs a value"
      declare "${1#--}=$2"
      shift 2 ;;
    -h | --help) sed -n '2,/^# Shared/ { /^# Shared/!s/^# \{0,1\}//p }' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) fail "'$1' is not understood; see --help" ;;
  esac
done
[[ $limit =~ ^[1-9][0-9]*$ ]] || fail "--limit is a number of seconds, not '$limit'"
case $journal in
  postgres) possible='a b c d e f sqlite' ;;
  sqlite) possible='a b c d e' ;;
  *) fail "--journal is postgres or sqlite, not '$journal'" ;;
esac
read -ra chosen <<<"${cases:+${cases//,/ }}"
(( ${#chosen[@]} > 0 )) || read -ra chosen <<<"$possible"
for one in "${chosen[@]}"; do [[ " $possible " == *" $one "* ]] || fail "there is no case '$one' on $journal; there is: $possible"; done
command -v curl >/dev/null || fail "curl is not installed"
[[ $(id -u) == 0 ]] || fail "network namespaces need root"

export NETNS_NAME=mcaccept-$$
everything=$(mktemp -d)
chmod 711 "$everything" # PostgreSQL, which refuses root, keeps its files below.
work=$everything

source "$here/cluster.sh"
source "$here/postgres.sh"
source "$here/accept-cases.sh"

cleanup() {
  touch "$everything"/*/h{1..8}.stop 2>/dev/null || true
  "$net" down 2>/dev/null || true
  if $keep; then echo "Logs and results: $everything"; else rm -rf "$everything"; fi
}
trap cleanup EXIT
trap 'exit 130' INT TERM

publish "$root"
whole=$SECONDS

# truth FILE SLOTS OPTIONS…: what one process makes of it.
truth() {
  "$program" run "$here/$1.yaml" "${@:3}" --home "$everything/truth" --slots "$2" >"$everything/truth.out" 2>&1 \
    || { tail -5 "$everything/truth.out" >&2; fail "the run in one process failed"; }
}
chose() { [[ " ${chosen[*]} " == *" $1 "* ]]; }
if chose a || chose b || chose d || chose f || chose sqlite; then
  truth accept "$(nproc)"
  say "One process ran the 60 trials of accept.yaml: $(sha256sum <"$everything/truth/results/accept/trials.csv" | cut -c 1-12) is the digest of its trials.csv."
fi
if chose c; then truth accept "$(nproc)" "${long[@]}"; fi
if chose e; then truth accept-naps 100; fi

verdicts=() bad=0
for one in "${chosen[@]}"; do
  kind=$journal
  [[ $one == sqlite ]] && kind=sqlite
  run_case "$one" "$kind"
done

echo
printf '%s\n' "${verdicts[@]}"
took=$(( SECONDS - whole ))
if (( bad == 0 )); then
  echo "Verdict: good. ${#chosen[@]} of ${#chosen[@]} cases, $(( took / 60 )) min $(( took % 60 )) s on $(nproc) cores."
else
  echo "Verdict: NOT good. $bad of ${#chosen[@]} cases went wrong."
  keep=true
  exit 1
fi
