#!/usr/bin/env bash
# Installs a published memcluster and its services on this machine; also brings an installed one up to date. Starts nothing.
#
#   install.sh PUBLISHED        PUBLISHED: the folder that "dotnet publish src/MemCluster.Cli -c Release -o PUBLISHED" made
#
# DESTDIR, if set, stands before every path, and no user is made: for packages, and for a look at what would be installed.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
published=${1:-}
root=${DESTDIR:-}

fail() { echo "install.sh: $*" >&2; exit 2; }

[[ -n $published ]] || fail "name the folder of the published program"
[[ -x $published/memcluster ]] || fail "$published holds no executable memcluster; publish it first"
published=$(realpath "$published")
[[ $published/ != "$root"/opt/memcluster/* ]] || fail "publish into another folder than $root/opt/memcluster, which is made anew"
[[ -n $root || $(id -u) == 0 ]] || fail "this needs root"
for unit in "$here"/memcluster-*.service; do
  if [[ -z $root ]] && systemctl --quiet is-active "$(basename "${unit/@.service/@*.service}")"; then
    fail "$(basename "$unit") is running; stop it first, so that no program is changed under its feet"
  fi
done

# Whole: files that a newer version no longer has must not stay. The folder is ours alone.
rm -rf "$root/opt/memcluster"
install -d "$root/opt/memcluster/deploy" "$root/etc/memcluster" "$root/usr/local/bin" "$root/usr/lib/sysusers.d" "$root/etc/systemd/system" "$root/srv/memcluster/data"
cp -R "$published/." "$root/opt/memcluster/"
install -m 0644 "$here/../README.md" "$root/opt/memcluster/deploy/"
ln -sfn /opt/memcluster/memcluster "$root/usr/local/bin/memcluster"
install -m 0644 "$here/memcluster.sysusers.conf" "$root/usr/lib/sysusers.d/memcluster.conf"
install -m 0644 "$here"/memcluster-*.service "$root/etc/systemd/system/"
# What an operator has written stays.
for settings in coordinator.env trainer.env; do
  [[ -e $root/etc/memcluster/$settings ]] || install -m 0644 "$here/$settings" "$root/etc/memcluster/"
done
if [[ -z $root ]]; then
  systemd-sysusers memcluster.conf
  systemctl daemon-reload
fi
echo "Installed. Say who is who in $root/etc/memcluster, then: systemctl enable --now memcluster-coordinator  or  memcluster-trainer@4054"
