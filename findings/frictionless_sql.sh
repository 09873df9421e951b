#!/usr/bin/env bash
# frictionless: three constraints that its own check passes stop the same table on the way into SQL (`Package.publish`, datapackage-to-datasette).
# Seen 2026-11-29: frictionless 5.21.0, SQLAlchemy 2.1.9, SQLite, Python 3.11.
#   1. A bound of days is written without quotes: `CHECK (day <= 2032-12-31)` compares with 1989, and every day is refused. A `minimum` is no
#      check at all: each text is more than a number.
#   2. A pattern with `(?:us|cn)` loses `:us`, which is taken for a parameter: `(?NULL|cn)` is no pattern. With `(us|cn)` the table loads.
#   3. A pattern is tried on NULL where a cell is empty, and its REGEXP raises.
# So: keep bounds of days and patterns of cells that may be empty out of a description that shall be loaded, and write plain groups.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/python -m pip install --quiet --disable-pip-version-check frictionless==5.21.0 sqlalchemy==2.1.9 2>/dev/null
v/bin/python - <<'PY'
import json, pathlib, sys
from frictionless import Package
def tried(kind, constraints, *cells):
    pathlib.Path("p.csv").write_text("id,x\n" + "".join(f"{place},{cell}\n" for place, cell in enumerate(cells)))
    pathlib.Path("p.db").unlink(missing_ok=True)
    fields = [{"name": "id", "type": "integer"}, {"name": "x", "type": kind, "constraints": constraints}]
    json.dump({"name": "p", "resources": [{"name": "p", "path": "p.csv", "schema": {"fields": fields}}]}, open("datapackage.json", "w"))
    package = Package("datapackage.json")
    assert package.validate().valid
    try:
        package.publish("sqlite:///p.db")
    except Exception as error:
        return type(error).__name__
    return "loads"
cases = {
    "maximum of days": tried("date", {"maximum": "2032-12-31"}, "2025-06-09"),
    "(?:us|cn)": tried("string", {"pattern": "(?:us|cn)_x"}, "us_x"),
    "(us|cn)": tried("string", {"pattern": "(us|cn)_x"}, "us_x"),
    "(us|cn) with an empty cell": tried("string", {"pattern": "(us|cn)_x"}, "us_x", ""),
}
print("seen: valid, and into SQLite:", "; ".join(f"{name}: {said}" for name, said in cases.items()))
if list(cases.values()) != ["IntegrityError", "OperationalError", "loads", "OperationalError"]:
    sys.exit("Changed: frictionless 5.21.0 could not load days with a maximum, (?:...) and patterns beside empty cells into SQLite.")
PY
