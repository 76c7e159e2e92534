#!/bin/sh
# A consistent copy of the answers while the course runs. From cron, as the user of the course:
#   15 3 * * *  /opt/dxcourse/deploy/backup.sh sqlite:////var/lib/dxcourse/answers.sqlite /var/backups/dxcourse
# Copies older than KEEP days are removed; 30 where it is not set. Say the same on the privacy page.
set -eu
store=$1
folder=$2
umask 077
mkdir -p "$folder"
file="$folder/answers-$(date +%Y%m%d-%H%M%S).jsonl"
"${DXCOURSE:-$(dirname "$0")/../.venv/bin/dxcourse}" answers export --store "$store" "$file.part" >/dev/null
mv "$file.part" "$file"
gzip "$file"
find "$folder" -name 'answers-*.jsonl.gz' -mtime "+${KEEP:-30}" -delete
