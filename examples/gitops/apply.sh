#!/bin/sh
# Applies `tfplan`: what was reviewed, and nothing else. Terraform refuses it if the state has changed in the meantime.
set -eu
cd "$(dirname "$0")"

terraform apply -input=false -lock-timeout=5m tfplan
