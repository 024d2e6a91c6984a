#!/usr/bin/env bash
# Prints the paths of the tree that the Dockerfile copies, a line each. Fails if one doesn't exist, or if .dockerignore would keep it from the
# engine.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
bad=0

# COPY [--options] SOURCE… TARGET; what comes out of another stage is not ours.
mapfile -t sources < <(awk '$1 == "COPY" && !/--from=/ { for (i = 2; i < NF; i++) if ($i !~ /^--/) { sub(/\/$/, "", $i); print $i } }' "$here/Dockerfile")
for path in "${sources[@]}"; do
  if [[ ! -e $root/$path ]]; then
    echo "Dockerfile copies $path, which is not in the repository." >&2
    bad=1
  fi
  # .dockerignore begins with "*": what is wanted must be named again, by itself.
  if ! grep -qxF -- "!$path" "$root/.dockerignore"; then
    echo ".dockerignore keeps $path from the engine; add a line !$path there." >&2
    bad=1
  fi
  echo "$path"
done
(( ${#sources[@]} > 0 )) || { echo "No COPY line was found in $here/Dockerfile." >&2; bad=1; }
exit "$bad"
