#!/usr/bin/env bash
# datapackage-to-datasette keys its metadata by the file name with suffix; Datasette knows a database by its name without: title and licence are not shown.
# Seen 2026-11-29: datapackage-to-datasette 0.5.0, datasette 0.65.2, Python 3.11. For duties.db the key is "duties.db", and Datasette shows no title.
# So: name the database file without a suffix, or rename the key in the metadata file.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/python -m pip install --quiet --disable-pip-version-check datapackage-to-datasette==0.5.0 2>/dev/null
python3 -m venv w
w/bin/python -m pip install --quiet --disable-pip-version-check datasette==0.65.2 'setuptools<81' 2>/dev/null
printf 'code,rate\n0101,0.1\n' >duties.csv
cat >datapackage.json <<'JSON'
{"name": "p", "title": "Duties of a day", "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
 "resources": [{"name": "duties", "path": "duties.csv", "schema": {"fields": [{"name": "code", "type": "string"}, {"name": "rate", "type": "number"}]}}]}
JSON
shown() {
  v/bin/datapackage-to-datasette "$1" datapackage.json metadata.json >/dev/null 2>&1
  if w/bin/datasette "$1" --metadata metadata.json --get "/duties" 2>/dev/null | grep -q 'Duties of a day'; then echo shown; else echo 'not shown'; fi
}
with=$(shown duties.db)
rm -f duties.db metadata.json
without=$(shown duties)
echo "seen: title $with for duties.db, $without for a file named duties"
if [ "$with, $without" != "not shown, shown" ]; then
  echo "Changed: datapackage-to-datasette 0.5.0 hid title and licence behind a suffix in the name; now title is $with and $without." >&2
  exit 1
fi
