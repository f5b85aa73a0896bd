#!/bin/sh
# Makes the deployment that is waiting the live one: ./switch.sh green
#
# Before it, both are applied:  terraform apply -var 'deployed=["blue","green"]' -var live=blue
# Needs psql, and the server in PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE.
set -eu
next=$1
cd "$(dirname "$0")"

sql() { psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 "$@"; }

# Clients would wait for whatever is not computed yet.
for _ in $(seq 360); do
    waiting=$(sql --file waiting.sql)
    [ -n "$waiting" ] || break
    echo "waiting for: $waiting"
    sleep 10
done
[ -z "$waiting" ] || { echo "not ready within an hour; nothing was changed" >&2; exit 1; }

sql --file swap.sql

# The configuration follows. It finds everything under the name that it wants: nothing is sent to the server.
terraform apply -input=false -auto-approve -var 'deployed=["blue","green"]' -var "live=$next"
