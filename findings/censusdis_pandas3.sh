#!/usr/bin/env bash
# censusdis cannot be installed beside pandas 3, although its own requirement allows it: divintseg, on which it rests, wants pandas below 3.
# Seen 2026-11-29: censusdis 1.4.2, pandas 3.1.1, Python 3.11. Asked for both, pip gives up; asked for censusdis alone where pandas 3 is there,
# it takes pandas back to 2 in silence, and what needs pandas 3 breaks later.
# So: give censusdis an environment of its own, and pass tables on as files.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
pip() { v/bin/python -m pip --disable-pip-version-check "$@"; }
pip install --quiet pandas==3.1.1 2>/dev/null
both=$(pip install --dry-run censusdis==1.4.2 pandas==3.1.1 2>&1) && refused=no || refused=yes
blamed=$(grep -o 'divintseg [0-9.]* depends on pandas[^ ]*' <<<"$both" | head -n 1 || true)
alone=$(pip install --dry-run censusdis==1.4.2 2>/dev/null | grep -o ' pandas-[0-9]*' | tr -d ' ' || true)
echo "seen: both refused: $refused (${blamed:-no cause named}); alone it would install ${alone:-no other pandas}"
if [ "$refused $alone" != "yes pandas-2" ]; then
  echo "Changed: censusdis 1.4.2 and pandas 3.1.1 excluded each other; now they can be installed together, or pip decides otherwise." >&2
  exit 1
fi
