#!/usr/bin/env bash
# fastparquet reads sound Parquet files and gives back less than they hold, without a word.
# Seen 2026-11-29: fastparquet 2026.9.0, cramjam 2.14.0, pyarrow 26.0.1, pandas 3.1.1, Python 3.11.
#   1. A column of texts whose dictionary outgrew its page goes on plain, as pyarrow writes by default: the texts of the dictionary come back as None.
#   2. A date (date32) beyond 2262 wraps into another century: 2999-12-31 comes back as a moment of 1830.
# pandas 3.1 has deprecated this engine. So: read Parquet with pyarrow, DuckDB, polars or arro3; the last is 33 MB and gives both right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/python -m pip install --quiet --disable-pip-version-check fastparquet==2026.9.0 cramjam==2.14.0 pyarrow==26.0.1 pandas==3.1.1 2>/dev/null
v/bin/python -m pip install --quiet --disable-pip-version-check arro3-core==0.9.1 arro3-io==0.9.1 2>/dev/null
cat >look.py <<'PY'
import datetime
import pyarrow as pa, pyarrow.parquet as pq
from arro3.io import read_parquet
from fastparquet import ParquetFile
pq.write_table(pa.table({"text": [f"{number:09d}" * 4 for number in range(60_000)]}), "texts.parquet")
pq.write_table(pa.table({"on": [datetime.date(2999, 12, 31)]}), "days.parquet")
texts, days = ParquetFile("texts.parquet").to_pandas()["text"], ParquetFile("days.parquet").to_pandas()["on"]
lost, year = int(texts.isna().sum()), days.dt.year[0]
right = read_parquet("texts.parquet").read_all().column("text").null_count, read_parquet("days.parquet").read_all().column("on").to_pylist()[0].year
print(f"{lost} of 60000 texts lost, year {year}; arro3: {right[0]} lost, year {right[1]}")
PY
seen=$(v/bin/python look.py)
echo "seen: $seen"
if ! [[ $seen =~ ^[1-9][0-9]*\ of\ 60000\ texts\ lost,\ year\ 1830\;\ arro3:\ 0\ lost,\ year\ 2999$ ]]; then
  echo "Changed: fastparquet 2026.9.0 lost texts and wrapped days; read its notes before you follow the advice above." >&2
  exit 1
fi
