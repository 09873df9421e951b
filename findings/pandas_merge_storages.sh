#!/usr/bin/env bash
# A frame pickled where pyarrow is not installed and one made where it is: both hold `str`, and a merge of the two gives a key of `object`.
# Seen 2026-11-30: pandas 3.1.1, pyarrow 26.0.1, Python 3.11: concat str; merge object; select_dtypes []; merge_asof MergeError
#
# The first holds its texts as Python's strings, the second in Arrow's memory, and both call themselves `str`. `concat` of the two is `str`;
# the key of a `merge` is `object`, so that `select_dtypes("str")` no longer finds it, and `merge_asof(..., by=...)` refuses the keys, though
# their kinds by name and their values are alike.
# So: `astype("str")` before a merge, which takes the way pandas is set to here.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/with" && python3 -m venv "$folder/without"
"$folder/without/bin/pip" install --quiet --disable-pip-version-check pandas==3.1.1 2>/dev/null
"$folder/with/bin/pip" install --quiet --disable-pip-version-check pandas==3.1.1 pyarrow==26.0.1 2>/dev/null
"$folder/without/bin/python" - "$folder/rates.pickle" <<'P'
import sys
import pandas as pd

pd.DataFrame({"code": ["8507.60", "9503.00"], "on": [1, 2], "rate": [0.3, 0.1]}).to_pickle(sys.argv[1])
P
seen=$("$folder/with/bin/python" - "$folder/rates.pickle" <<'P'
import sys
import pandas as pd

rates = pd.read_pickle(sys.argv[1])
goods = pd.DataFrame({"code": ["8507.60", "9503.00"], "on": [1, 2], "units": [5, 6]})
assert rates["code"].dtype == "str" and goods["code"].dtype == "str"
whole = pd.concat([rates["code"], goods["code"]]).dtype
merged = goods.merge(rates, on="code")
try:
    pd.merge_asof(goods, rates, on="on", by="code")
    ordered = "merges"
except pd.errors.MergeError:
    ordered = "MergeError"
print(f"concat {whole}; merge {merged['code'].dtype}; select_dtypes {list(merged.select_dtypes('str'))}; merge_asof {ordered}")
P
)
echo "seen: $seen"
if [ "$seen" != "concat str; merge object; select_dtypes []; merge_asof MergeError" ]; then
  echo "Changed: a str in Arrow and a str in Python merge otherwise than in pandas 3.1.1." >&2
  exit 1
fi
