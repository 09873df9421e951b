#!/usr/bin/env bash
# frictionless and Parquet: whether a missing number is missing depends on the other columns of the table.
# Seen 2026-11-29: frictionless 5.21.0, pyarrow 26.0.1, pandas 3.1.1, Python 3.11. The same null in the same column of numbers:
#   beside columns of text alone it is null: `minimum` lets it pass, `required` refuses it;
#   beside nothing, or where the table also has another column of numbers or one of truth values, it is NaN: `minimum` refuses it,
#   `required` lets it pass.
# It goes through the rows of a data frame, whose common type decides. So: check constraints of Parquet with missing numbers by other means.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/python -m pip install --quiet --disable-pip-version-check 'frictionless[parquet]==5.21.0' pyarrow==26.0.1 pandas==3.1.1 2>/dev/null
v/bin/python - <<'PY'
import json, sys
import pyarrow as pa, pyarrow.parquet as pq
from frictionless import validate
RATE = {"rate": pa.array([0.1, None], pa.float64())}
TEXT, TRUTH, NUMBER = {"code": ["0101", "0202"]}, {"listed": [True, False]}, {"usd": [1.5, 2.5]}
KINDS = {"rate": "number", "code": "string", "listed": "boolean", "usd": "number"}
def valid(columns, constraint):
    pq.write_table(pa.table(columns), "duties.parquet")
    fields = [{"name": name, "type": KINDS[name]} for name in columns]
    fields[-1]["constraints"] = constraint
    resource = {"name": "duties", "path": "duties.parquet", "format": "parquet", "schema": {"fields": fields}}
    json.dump({"name": "p", "resources": [resource]}, open("datapackage.json", "w"))
    return "passes" if validate("datapackage.json").valid else "refused"
tables = {"with text": TEXT | RATE, "with text and a number": TEXT | NUMBER | RATE, "alone": RATE}
tables["with text and truth values"] = TEXT | TRUTH | RATE
seen = {name: (valid(table, {"minimum": 0}), valid(table, {"required": True})) for name, table in tables.items()}
print("seen: a null under minimum, required:", "; ".join(f"{name}: {', '.join(both)}" for name, both in seen.items()))
if list(seen.values()) != [("passes", "refused"), *[("refused", "passes")] * 3]:
    sys.exit("Changed: frictionless 5.21.0 took a null of Parquet for NaN in some tables; it now treats it otherwise.")
PY
