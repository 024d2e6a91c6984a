#!/usr/bin/env bash
# Makes the certificates of a deployment: an authority (CA) of its own, once, and a certificate for every node. Needs openssl, nothing else.
#
#   make.sh [--days N] [--renew] FOLDER NODE[,NAME_OR_ADDRESS…] …
#
#   make.sh certificates node1,10.0.0.1 node2,10.0.0.2     a CA, if there is none in the folder, and two nodes
#   make.sh certificates node3,node3.lab                   later: one more node, of the same CA
#   make.sh --renew certificates node1,10.0.0.1            a new key and certificate for a node that has one
#
# NODE is the node's name, under which its files lie; it is also the first name that the certificate is made for. All names and addresses by which
# others ask the node's HTTP API must be there; *.DOMAIN is allowed. localhost and 127.0.0.1 always are.
#
#   FOLDER/ca.crt          everybody's: who trusts it trusts the nodes
#   FOLDER/ca.key          whoever has it can make nodes: keep it off the nodes, it is only needed here
#   FOLDER/NODE/           ca.crt, node.crt, node.key: what --certificates wants, to be copied to that node and no other
#
#   --days N               how long node certificates last (default 825); a new CA lasts 10 years
# Exit code: 0 made, 2 something was wrong and nothing of it was changed.
set -euo pipefail
umask 077

die() { echo "$*" >&2; exit 2; }
usage() { sed -n '2,/^# Exit code/ s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }

days=825 renew=no
while [[ ${1:-} == -* ]]; do
  case $1 in
    --days) days=${2:-}; shift 2 || die "--days wants a number." ;;
    --renew) renew=yes; shift ;;
    -h | --help) usage; exit 0 ;;
    *) die "There is no option $1; see: make.sh --help" ;;
  esac
done
[[ $days =~ ^[1-9][0-9]{0,4}$ ]] || die "--days $days is no number of days."
(( $# >= 2 )) || { usage >&2; exit 2; }
command -v openssl >/dev/null || die "openssl is missing; install the package of that name."
folder=$1
shift

# Everything is looked at before anything is made.
[[ ! -e $folder/ca.crt || -e $folder/ca.key ]] || die "$folder has a ca.crt and no ca.key: nodes can be added only where the CA's key lies."
[[ ! -e $folder/ca.key || -e $folder/ca.crt ]] || die "$folder has a ca.key and no ca.crt; a CA is never overwritten. Put its ca.crt back, or use another folder."
for node in "$@"; do
  name=${node%%,*}
  [[ $name =~ ^[A-Za-z0-9]([A-Za-z0-9._-]{0,62})$ ]] || die "'$name' is no name for a node: letters, digits, dots and dashes."
  [[ $renew == yes || ! -e $folder/$name/node.crt ]] || die "$folder/$name has a certificate already; add --renew to make a new one."
  IFS=, read -ra names <<<"$node"
  for other in "${names[@]}"; do
    [[ $other =~ ^(\*\.)?[A-Za-z0-9._-]+$ || $other =~ ^[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*$ ]] || die "'$other' is neither a name nor an address."
  done
done

mkdir -p "$folder"
if [[ ! -e $folder/ca.crt ]]; then
  openssl ecparam -name prime256v1 -genkey -noout -out "$folder/ca.key"
  openssl req -x509 -new -key "$folder/ca.key" -sha256 -days 3650 -subj "/CN=MemCluster CA $(openssl rand -hex 4)" \
    -addext basicConstraints=critical,CA:TRUE,pathlen:0 -addext keyUsage=critical,keyCertSign,cRLSign -out "$folder/ca.crt"
  chmod 644 "$folder/ca.crt"
  echo "Made the CA $folder/ca.crt; its key $folder/ca.key makes nodes, so keep it safe and off them."
fi

for node in "$@"; do
  IFS=, read -ra names <<<"$node"
  name=${names[0]}
  alternatives=DNS:localhost,IP:127.0.0.1,IP:::1
  for other in "${names[@]}"; do
    if [[ $other =~ ^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$ || $other == *:* ]]; then alternatives+=,IP:$other; else alternatives+=,DNS:$other; fi
  done
  made=$(mktemp -d "$folder/.$name.XXXXXX")
  openssl ecparam -name prime256v1 -genkey -noout -out "$made/node.key"
  openssl req -new -key "$made/node.key" -subj "/CN=$name" -out "$made/request"
  openssl x509 -req -in "$made/request" -CA "$folder/ca.crt" -CAkey "$folder/ca.key" -set_serial "0x$(openssl rand -hex 16)" -sha256 -days "$days" \
    -out "$made/node.crt" -extfile <(printf '%s\n' basicConstraints=critical,CA:FALSE keyUsage=critical,digitalSignature \
      extendedKeyUsage=serverAuth,clientAuth "subjectAltName=$alternatives") 2>"$made/said" || { cat "$made/said" >&2; rm -r "$made"; exit 2; }
  cp "$folder/ca.crt" "$made/ca.crt"
  chmod 644 "$made/ca.crt" "$made/node.crt"
  mkdir -p "$folder/$name"
  mv -f "$made/ca.crt" "$made/node.crt" "$made/node.key" "$folder/$name/"
  rm -r "$made"
  echo "Made $folder/$name, for ${node//,/, }; it lasts until $(openssl x509 -in "$folder/$name/node.crt" -noout -enddate | cut -d= -f2)."
done
