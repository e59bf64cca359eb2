#!/usr/bin/env bash
# The database of the application: the operator's, else mongod, else secantusd (MongoDB's protocol).
set -euo pipefail

if [ -n "${MONGODB_URL:-}" ]; then
  echo "MONGODB_URL is set: using that database."
  exit 0
fi

data="${MONGO_DATA:-/home/user/data/mongo}"
port="${MONGO_PORT:-27017}"
mkdir -p "$data"
if command -v mongod >/dev/null; then
  exec mongod --quiet --bind_ip 127.0.0.1 --port "$port" --dbpath "$data"
fi
# The log of changes is only for replication, which nobody asks for here: keep it small.
exec "${SECANTUS_HOME:-/home/user/.mongo}/bin/secantusd-py" \
  --host 127.0.0.1 --port "$port" --storage-path "$data" --standalone \
  --log-level WARNING --cache-size 256M --oplog-max-entries 1000
