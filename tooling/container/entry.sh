#!/bin/sh
# What the image's command means. exec, so that signals reach the process itself.
set -eu
root="$(cd "$(dirname "$0")/../.." && pwd)"
cd "$root"
case "${1:-web}" in
  web) cd apps/web && exec node --import tsx server.ts ;;
  worker) cd apps/worker && exec node --import tsx src/main.ts ;;
  migrate) exec node --import tsx tooling/migrate/main.ts ;;
  *) exec "$@" ;;
esac
