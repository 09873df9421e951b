#!/usr/bin/env bash
# Headings of chapter 99 of the US tariff look like days to readers of CSV: 9903.01.20 becomes 20 January of the year 9903.
# Seen 2026-11-29: duckdb 2.0.1 (by default) and polars 2.1.0 (only with try_parse_dates), Python 3.11.
#   1. A column of such headings alone becomes a DATE in both.
#   2. In DuckDB one heading that fits is enough to spoil the days beside it: ISO days to the right of it become TIMESTAMP, while the column of
#      headings stays text if one of them (9903.88.15) fits no day. With the days to the left both columns are read as they are.
# So: put the days left of the headings, or name the types (types={'heading': 'VARCHAR'}; in polars schema_overrides).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/python -m pip install --quiet --disable-pip-version-check duckdb==2.0.1 polars==2.1.0 2>/dev/null
v/bin/python - <<'PY'
import sys
import duckdb, polars
files = {
    "alone": "heading,on\n9903.01.20,2025-02-04\n9903.01.24,2025-03-04\n",
    "mixed": "heading,on\n9903.01.20,2025-02-04\n9903.88.15,2019-09-01\n",
    "left": "on,heading\n2025-02-04,9903.01.20\n2019-09-01,9903.01.24\n",
}
seen = {}
for name, text in files.items():
    open(f"{name}.csv", "w").write(text)
    seen[name] = "/".join(str(kind) for kind in duckdb.sql(f"select * from '{name}.csv'").types)
seen["value"] = str(duckdb.sql("select * from 'alone.csv'").fetchall()[0][0])
seen["polars"] = "/".join(str(polars.read_csv("alone.csv", try_parse_dates=wish).schema["heading"]) for wish in (False, True))
print("seen:", seen)
expected = ["DATE/TIMESTAMP", "VARCHAR/TIMESTAMP", "DATE/VARCHAR", "9903-01-20", "String/Date"]
if list(seen.values()) != expected:
    sys.exit(f"Changed: duckdb 2.0.1 and polars 2.1.0 read {expected}; the advice above may be needless by now.")
PY
