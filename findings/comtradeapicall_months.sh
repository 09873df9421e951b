#!/usr/bin/env bash
# comtradeapicall: a month that the server refuses is missing from the answer, and nothing is raised.
# Seen 2026-11-29: comtradeapicall 1.3.2, pandas 3.1.1, Python 3.11. The server is a stand-in in the process; UN Comtrade is not asked.
#   1. Its metadata declare no requirement: after a fresh install the import stops at pandas, then at urllib3, then at requests.
#   2. _previewFinalData asks month by month. One month answered with 429 is printed and left out of the frame; it tries again only after an exception.
# So: count the periods of what comes back before you add them up.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
install() { v/bin/python -m pip install --quiet --disable-pip-version-check "$@" 2>/dev/null; }
missing() { v/bin/python -c 'import comtradeapicall' 2>&1 | sed -n "s/^ModuleNotFoundError: No module named '\(.*\)'/\1/p"; }
install comtradeapicall==1.3.2
first=$(missing || true)
install pandas==3.1.1
second=$(missing || true)
install urllib3==2.5.0
third=$(missing || true)
install requests==2.32.5
cat >look.py <<'PY'
import contextlib, io, json
from types import SimpleNamespace
import urllib3
def request(self, method, url, fields=None, **rest):
    if fields["period"] == "202402":
        return SimpleNamespace(status=429, data=b"Rate limit is exceeded.")
    return SimpleNamespace(status=200, data=json.dumps({"data": [{"period": fields["period"], "primaryValue": 1.0}]}).encode())
urllib3.PoolManager.request = request
import comtradeapicall
with contextlib.redirect_stdout(io.StringIO()):
    table = comtradeapicall._previewFinalData(
        typeCode="C", freqCode="M", clCode="HS", period="202401,202402,202403", reporterCode="842", cmdCode="TOTAL",
        flowCode="M", partnerCode="156", partner2Code=None, customsCode=None, motCode=None)
print(*table["period"], sep=",")
PY
months=$(v/bin/python look.py)
echo "seen: undeclared $first, $second, $third; of 202401,202402,202403 came $months"
if [ "$first $second $third $months" != "pandas urllib3 requests 202401,202403" ]; then
  echo "Changed: comtradeapicall 1.3.2 declared no requirement and left a refused month out; it now behaves otherwise." >&2
  exit 1
fi
