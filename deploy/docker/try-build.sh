#!/usr/bin/env bash
# Tries the Dockerfile's build stage without an engine: copies what its COPY lines name, and nothing else, into an empty folder, and publishes
# from there. It shows that nothing is missing from the list; the base images themselves stay untried.
#
#   try-build.sh [OUT]        OUT: where the published program goes (default: a temporary folder, removed at the end)
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
out=${1:-$work/out}
mkdir -p "$work/source" "$out"
out=$(cd "$out" && pwd)

# The paths of the tree that the Dockerfile copies, a line each.
"$here/copied-paths.sh" | while IFS= read -r path; do
  # Of a working tree only what git knows: a build's leftovers are kept out of the image by .dockerignore.
  (cd "$root" && git ls-files -z --cached --others --exclude-standard -- "$path" | tar --null -cf - -T -) | tar -xf - -C "$work/source"
done

cd "$work/source"
dotnet publish src/MemCluster.Cli -c Release -o "$out" -nodeReuse:false -p:UseSharedCompilation=false
"$out/memcluster" --version
