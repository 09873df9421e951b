#!/usr/bin/env bash
# check-datapackage does not see that two resources have one name, with --strict either; frictionless refuses the same file.
# Seen 2026-11-29: check-datapackage 0.37.0 (needs Python 3.12), frictionless 5.21.0. Data Package v2 asks for unique names.
# A loader that keys tables by name keeps one of the two, so that a check of the description alone is not enough.
set -euo pipefail
python=${PYTHON:-}
for each in python3 python3.14 python3.13 python3.12; do
  if [ -z "$python" ] && "$each" -c 'import sys, venv; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; then python=$each; fi
done
: "${python:?check-datapackage needs Python 3.12 or newer: say where it is with PYTHON=...}"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"$python" -m venv v
v/bin/python -m pip install --quiet --disable-pip-version-check check-datapackage==0.37.0 2>/dev/null
"$python" -m venv w
w/bin/python -m pip install --quiet --disable-pip-version-check frictionless==5.21.0 2>/dev/null
printf 'code\n0101\n' >duties.csv
v/bin/python - <<'PY'
import json
one = {"name": "duties", "path": "duties.csv", "schema": {"fields": [{"name": "code", "type": "string"}]}}
licence = {"name": "CC0-1.0", "path": "https://creativecommons.org/publicdomain/zero/1.0/"}
package = {"$schema": "https://datapackage.org/profiles/2.0/datapackage.json", "name": "p", "id": "https://example.org/p"}
package |= {"version": "1.0.0", "licenses": [licence], "resources": [one, one | {"title": "The other one"}]}
json.dump(package, open("datapackage.json", "w"))
PY
checked=$(v/bin/check-datapackage check --strict datapackage.json 2>&1) && strict=passes || strict=refuses
told=$(w/bin/frictionless validate datapackage.json 2>&1 | tr -d '│\n' | tr -s ' ') || true
[[ $told == *"names of the resources are not unique"* ]] && other=refuses || other=passes
echo "seen: two resources of one name: check-datapackage --strict $strict, frictionless $other"
if [ "$strict $other" != "passes refuses" ]; then
  echo "Changed: check-datapackage 0.37.0 passed and frictionless 5.21.0 refused two resources of one name. $checked" >&2
  exit 1
fi
