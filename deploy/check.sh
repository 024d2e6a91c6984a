#!/usr/bin/env bash
# Checks what lies in deploy/ and can't all be run on every machine: scripts, the Dockerfile's list, the compose file, manifests, services. What
# isn't installed is skipped, and said so. Changes nothing.
#
#   check.sh [--build]      --build: publish from what the Dockerfile copies, too, and build the image where there is an engine; takes minutes
#
# Debian has all it needs:
#   apt-get install shellcheck yamllint docker-compose systemd python3-yaml python3-kubernetes      and kubectl, as a program of its own
# Exit code: 0 nothing failed, 1 something did.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/.." && pwd)
cd "$here"
ok=0 failed=0 skipped=0

# The Python that has a module; a user's own one may lack what Debian's has.
python_with() {
  local python
  for python in python3 /usr/bin/python3; do
    if command -v "$python" >/dev/null && "$python" -c "import $1" 2>/dev/null; then echo "$python"; return; fi
  done
  return 1
}

# check WHAT COMMAND…: runs it; shows what it printed only if it failed.
check() {
  local said
  if said=$("${@:2}" 2>&1); then
    echo "ok        $1"
    ok=$(( ok + 1 ))
  else
    echo "FAILED    $1"
    echo "$said" | while IFS= read -r line; do echo "          $line"; done
    failed=$(( failed + 1 ))
  fi
}
skip() {
  echo "SKIPPED   $1: $2"
  skipped=$(( skipped + 1 ))
}
has() { command -v "$1" >/dev/null; }

compose() {
  if docker compose version >/dev/null 2>&1; then docker compose "$@"; else docker-compose "$@"; fi
}
compose_config() {
  local said
  said=$(TRAINERS=7 compose -f compose/compose.yaml config) && grep -q 'replicas: 7' <<<"$said" || return 1
  said=$(MEMCLUSTER_TOKEN=0123456789abcdef compose -f compose/compose.yaml -f compose/tls.yaml config) && grep -q '/etc/memcluster/certificates' <<<"$said"
}
compose_telemetry() {
  local said
  said=$(compose -f compose/compose.yaml -f compose/telemetry.yaml config) && [[ $(grep -c 'OTEL_EXPORTER_OTLP_ENDPOINT: http://collector:4318' <<<"$said") == 2 ]]
}
compose_three() {
  POSTGRES_PASSWORD=x MEMCLUSTER_TOKEN=y compose -f compose/three-coordinators.yaml config --quiet
}
copied() { docker/copied-paths.sh >/dev/null; }

manifests() { kubectl kustomize "kubernetes/$1" | "$python" kubernetes/check.py; }

# systemd wants the program to be there, and only warns of a key that it doesn't know: both are seen to.
services() {
  local folder said unit
  folder=$(mktemp -d)
  for unit in systemd/*.service; do
    sed 's#/opt/memcluster/memcluster#/bin/true#' "$unit" >"$folder/$(basename "$unit")"
  done
  said=$(systemd-analyze verify "$folder"/memcluster-coordinator.service "$folder"/memcluster-trainer@4054.service 2>&1) || said="$said (exit $?)"
  rm -rf "$folder"
  [[ -z $said ]] || { echo "$said"; return 1; }
}

# What the two environment files say is what the units ask for.
settings() {
  local role name bad=0
  for role in coordinator trainer; do
    while IFS= read -r name; do
      grep -q "^$name=" "systemd/$role.env" || { echo "systemd/$role.env does not set $name"; bad=1; }
    done < <(grep -h '^ExecStart=' systemd/memcluster-"$role"*.service | grep -oE '[$][{]?[A-Z_]+' | tr -cd 'A-Z_\n' | sort -u)
  done
  return "$bad"
}

yaml_rules='{extends: default, rules: {line-length: {max: 150}, document-start: disable}}'
mapfile -t scripts < <(find . -name '*.sh' | sort)

check "the Dockerfile copies what is there" copied
check "services and their environment files agree" settings
if has shellcheck; then check "${#scripts[@]} scripts (shellcheck)" shellcheck "${scripts[@]}"; else skip "scripts" "no shellcheck"; fi
if has yamllint; then check "YAML (yamllint)" yamllint --strict -d "$yaml_rules" compose kubernetes; else skip "YAML" "no yamllint"; fi
if docker compose version >/dev/null 2>&1 || has docker-compose; then
  check "the compose file (docker compose config)" compose_config
  check "the compose file of three coordinators" compose_three
  check "the compose file with a collector (docker compose config)" compose_telemetry
else
  skip "the compose file" "neither docker compose nor docker-compose"
fi
if ! has kubectl; then
  skip "manifests" "no kubectl"
elif ! python=$(python_with kubernetes.client,yaml); then
  skip "manifests" "no Python with yaml and kubernetes"
else
  for folder in base with-data with-tls with-postgres; do check "manifests of kubernetes/$folder (kubectl kustomize, check.py)" manifests "$folder"; done
fi
if has systemd-analyze; then check "services (systemd-analyze verify)" services; else skip "services" "no systemd-analyze"; fi
if [[ ${1:-} == --build ]]; then
  if has dotnet; then check "the Dockerfile's build stage, without an engine" docker/try-build.sh; else skip "the Dockerfile's build stage" "no dotnet"; fi
fi
if ! { has docker && docker info >/dev/null 2>&1; }; then
  skip "the image" "no engine to build it with"
elif [[ ${1:-} == --build ]]; then
  check "the image (docker build)" docker build --file docker/Dockerfile --tag memcluster:check "$root"
else
  skip "the image" "only with --build"
fi

echo "$ok ok, $failed failed, $skipped skipped     ($root/deploy)"
(( failed == 0 ))
