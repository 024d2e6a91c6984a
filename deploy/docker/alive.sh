#!/usr/bin/env bash
# Exits 0 if a node of this container is alive: asks its --health port, or a coordinator's HTTP API where that speaks plain HTTP, on loopback. Needs
# nothing but bash, because the image has no curl.
#
#   alive.sh [PORT]        default 4081, the port of --health
set -euo pipefail

port=${1:-4081}
exec 3<>"/dev/tcp/127.0.0.1/$port"
printf 'GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
IFS= read -r -t 3 answer <&3
[[ $answer == 'HTTP/1.1 200'* ]]
