#!/bin/sh
# A consistent copy of the answers while the course runs, read again before it counts. The unit
# dxcourse-backup starts it with the server's own settings; without systemd, so does the course's user:
#   DXCOURSE_CONFIG=/etc/dxcourse/dxcourse.toml /opt/dxcourse/deploy/backup.sh /var/backups/dxcourse
# (and DXCOURSE_STORE, where the address of the answers is not in that file).
# No password is an argument: PostgreSQL's is in ~/.pgpass or in DXCOURSE_STORE.
# Copies older than KEEP days are removed; 30 where it is not set. Say the same on the privacy page.
# Who was forgotten is kept in forgotten.jsonl, without names, for as long as there are copies.
# As before, an address may stand first: backup.sh sqlite:////var/lib/dxcourse/answers.sqlite FOLDER
set -eu
if [ $# -eq 2 ]; then
  DXCOURSE_STORE=$1
  export DXCOURSE_STORE
  shift
fi
folder=$1
umask 077
mkdir -p "$folder"
file="$folder/answers-$(date +%Y%m%d-%H%M%S).jsonl.gz"
part="$folder/.part-$$.jsonl.gz"
trap 'rm -f "$part"' EXIT
run() { "${DXCOURSE:-$(dirname "$0")/../.venv/bin/dxcourse}" answers "$@"; }
run export "$part" >/dev/null
run verify --note "$part" >/dev/null
mv "$part" "$file"
find "$folder" -name 'answers-*.jsonl.gz' -mtime "+${KEEP:-30}" -delete
