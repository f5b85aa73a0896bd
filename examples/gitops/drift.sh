#!/bin/sh
# Whether the server is as the configuration says. Exit status 0: it is; 2: it is not, and the differences are
# printed; 1: it could not be found out.
set -eu
cd "$(dirname "$0")"

terraform plan -input=false -lock=false -detailed-exitcode
