#!/bin/sh
# Plans into the file `tfplan`, and lets the policy judge that file. Exit status 0: it may be applied.
set -eu
cd "$(dirname "$0")"

terraform plan -input=false -lock-timeout=5m -out=tfplan

# The plan as data has what the state has, so the file goes after use. Write-only values are in neither.
trap 'rm -f tfplan.json' EXIT
terraform show -json tfplan >tfplan.json
terraform -chdir=policy plan -input=false -var "plan=$PWD/tfplan.json" -var "allowed=$PWD/deletions-allowed.txt"
