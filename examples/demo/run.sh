#!/usr/bin/env bash
# Shows the provider at work: starts the emulator, applies the configuration beside this file with a real Terraform,
# changes it, and destroys it. Every step must succeed. Run by `make demo`, which builds both programs first.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
target=$(cd "$here/../.." && cd "${TARGET:-target}" && pwd)/debug
terraform=${TF:-terraform}
work=$(mktemp -d)
emulators=

finish() {
    status=$?
    for emulator in $emulators; do
        kill "$emulator" 2>/dev/null || true
        wait "$emulator" 2>/dev/null || true
    done
    rm -rf "$work"
    [ $status -eq 0 ] || echo "The demo failed (exit $status)." >&2
    exit $status
}
trap finish EXIT

say() { printf '\n==> %s\n\n' "$*"; }

command -v "$terraform" >/dev/null || { echo "The demo needs \`$terraform\` on the PATH." >&2; exit 1; }

# Starts an emulator, and waits until it says where it listens: `emulate WORDS FLAGS…` sets `address`.
emulate() {
    words=$1
    shift
    "$target/materialize-emulator" "$@" >"$work/emulator.log" &
    emulators="$emulators $!"
    for _ in $(seq 100); do
        address=$(sed -n "s/^$words //p" "$work/emulator.log")
        [ -n "$address" ] && break
        kill -0 $! || { cat "$work/emulator.log" >&2; exit 1; }
        sleep 0.1
    done
    [ -n "$address" ] || { echo "the emulator does not answer" >&2; exit 1; }
    cat "$work/emulator.log"
}

say "Starting the emulator: a Materialize in memory"
emulate "listening on" --listen 127.0.0.1:0
port=${address##*:}

export MZ_HOST=127.0.0.1 MZ_PORT=$port MZ_USERNAME=mz_system MZ_SSLMODE=disable
export CHECKPOINT_DISABLE=1 TF_IN_AUTOMATION=1 TF_INPUT=0 TF_CLI_CONFIG_FILE=$work/terraform.rc

# Terraform takes the provider that was just built, instead of one from the registry.
mkdir "$work/provider" "$work/configuration"
ln -s "$target/terraform-provider-materialize" "$work/provider/"
cat >"$TF_CLI_CONFIG_FILE" <<EOF
provider_installation {
  dev_overrides {
    "$SOURCE" = "$work/provider"
  }
}
EOF
cp "$here"/*.tf "$work/configuration/"
cd "$work/configuration"

# Without the warning about the override, which is what this demo does on purpose.
tf() { "$terraform" "$@" -no-color >"$work/output" 2>"$work/errors" || { status=$?; cat "$work/output" "$work/errors" >&2; return $status; }; }
show() { grep -E "$1" "$work/output" | sed 's/^/    /'; }

say "First apply: $(grep -c '^resource' main.tf) resources, from roles to views and indexes"
tf apply -auto-approve
show '^materialize_.*: Creation complete|^Apply complete|^[a-z_]+ = '

empty() {
    say "$1"
    tf plan -detailed-exitcode
    show '^No changes'
}

empty "Planning again: nothing is left to do"

changes=(-var cluster_size=50cc -var minimum_total=500 -var 'kafka_brokers=["b-3.kafka.example.com:9096"]')
say "A change: a larger cluster, another broker, another limit in the view"
tf apply -auto-approve "${changes[@]}"
show '^  # materialize_.* (will|must) be|^ +[~] (size|broker|statement) |^Apply complete'

say "Planning again: nothing is left to do"
tf plan -detailed-exitcode "${changes[@]}"
show '^No changes'

if grep -q 'a password nobody shall see' terraform.tfstate; then
    echo "The state holds the password." >&2
    exit 1
fi
say "The password was sent to the server, and is not in the state"

say "Destroying everything"
tf destroy -auto-approve
show '^Destroy complete'

say "The cloud: another emulator, an organization with three regions, of which one is not enabled yet"
emulate "cloud listening on" --cloud 127.0.0.1:0 --tls-authority "$work/authority.pem"
unset MZ_HOST MZ_PORT MZ_USERNAME MZ_SSLMODE
export MZ_ENDPOINT=$address MZ_CLOUD_ENDPOINT=$address MZ_SSLROOTCERT=$work/authority.pem
# The app password that the emulated organization has from the start.
export MZ_PASSWORD=mzp_0f1e2d3c4b5a69788796a5b4c3d2e1f0fedcba98765432100123456789abcdef
mkdir "$work/cloud"
cp "$here"/cloud/*.tf "$work/cloud/"
cd "$work/cloud"

say "Signing in, enabling a region, and creating objects in two regions, in one apply"
tf apply -auto-approve
show '^materialize_.*: Creation complete|^Apply complete'
empty "Planning again: nothing is left to do"

say "Destroying everything; the region only leaves the state"
tf destroy -auto-approve
show '^Warning: The region|^Destroy complete'

say "Done. The configurations are in examples/demo/main.tf and examples/demo/cloud/main.tf"
