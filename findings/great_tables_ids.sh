#!/usr/bin/env bash
# great-tables ties each cell to its column by `headers`, and names the column heads by the columns: two tables on one page share ids.
# Seen 2026-11-29: great-tables 1.1.0, polars 2.1.0, Python 3.11. Two tables with the columns code and rate and a title repeat the ids code, rate and title,
# so that in the second table `headers="code"` leads to the head of the first. An id has to be unique in a page, and a screen reader follows it.
# So: give the columns of each table names of their own and label them (cols_label), or put one table on a page.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/python -m pip install --quiet --disable-pip-version-check great-tables==1.1.0 polars==2.1.0 2>/dev/null
v/bin/python - <<'PY'
import re, sys
import polars
from great_tables import GT
def table(code, rate, title):
    return GT(polars.DataFrame({"code": [code], "rate": [rate]})).tab_header(title).as_raw_html()
pages = [table("0101.21", 0.1, "United States"), table("1201.90", 0.34, "China")]
ids = [set(re.findall(r'\sid="([^"]+)"', page)) for page in pages]
heads = [set(re.findall(r'\sheaders="([^"]+)"', page)) for page in pages]
shared = sorted(ids[0] & ids[1])
print("seen: ids in both tables:", *shared, "| cells point to:", *sorted(heads[0] & heads[1]))
if shared != ["code", "rate", "title"] or heads[1] != {"code", "rate"}:
    sys.exit("Changed: in great-tables 1.1.0 two tables with the same columns had the same ids; now they have not.")
PY
