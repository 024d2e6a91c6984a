#!/usr/bin/env bash
# Exits 0 if a coordinator's HTTP API answers on this machine's loopback, which is the only place it answers at: so a probe has to ask from
# inside the container. Needs nothing but bash, because the image has no curl.
#
#   alive.sh [PORT]        default 4080
set -euo pipefail

port=${1:-4080}
exec 3<>"/dev/tcp/127.0.0.1/$port"
printf 'GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
IFS= read -r -t 3 answer <&3
[[ $answer == 'HTTP/1.1 200'* ]]
