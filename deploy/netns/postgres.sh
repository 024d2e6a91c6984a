# shellcheck shell=bash disable=SC2034,SC2154
# A PostgreSQL server in one of netns.sh's hosts, for scripts that try a cluster: sourced, not run. The caller sets `work` and sources
# cluster.sh. Needs Debian's package postgresql, and a user postgres, because the server refuses to run as root.

postgres_host=h8
export PGPASSWORD=known-to-nobody-else

postgres_program() {
  local found
  found=$(find /usr/lib/postgresql -name "$1" -path '*/bin/*' 2>/dev/null | sort -V | tail -1)
  [[ -n $found ]] || fail "PostgreSQL is not installed: apt-get install postgresql"
  echo "$found"
}
as_postgres() { "$net" exec "$postgres_host" setpriv --reuid postgres --regid postgres --init-groups "$@"; }

# postgres_new: a server with an empty database memcluster, whose owner is asked for PGPASSWORD.
postgres_new() {
  local data=$work/postgres
  postgres_program initdb >/dev/null
  install -d -o postgres -m 700 "$data"
  printf '%s' "$PGPASSWORD" >"$work/password"
  chown postgres "$work/password"
  as_postgres "$(postgres_program initdb)" --pgdata "$data" --username memcluster --pwfile "$work/password" \
    --auth-host scram-sha-256 --auth-local scram-sha-256 --encoding UTF8 --locale C >"$work/initdb.log" 2>&1 \
    || { tail -3 "$work/initdb.log" >&2; fail "no database could be made"; }
  rm "$work/password"
  echo "host all memcluster 10.77.0.0/24 scram-sha-256" >>"$data/pg_hba.conf"
  postgres_start
  as_postgres "$(postgres_program createdb)" --host "$data" --username memcluster memcluster || fail "no database could be made"
}
postgres_start() {
  as_postgres "$(postgres_program pg_ctl)" --pgdata "$work/postgres" --log "$work/postgres/server.log" --wait \
    --options "-c listen_addresses=$("$net" address "$postgres_host") -c unix_socket_directories=$work/postgres" start >/dev/null \
    || fail "PostgreSQL did not start: $work/postgres/server.log"
}
postgres_stop() { as_postgres "$(postgres_program pg_ctl)" --pgdata "$work/postgres" --mode fast --wait stop >/dev/null; }
postgres_connection() { echo "Host=$("$net" address "$postgres_host");Database=memcluster;Username=memcluster"; }
