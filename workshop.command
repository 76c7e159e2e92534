#!/bin/sh
# Double-click on macOS: sets the course up, then starts it.
cd "$(dirname "$0")" || exit 1
exec python3 bootstrap.py workshop "$@"
