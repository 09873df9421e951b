#!/usr/bin/env bash
# arro3-io answers a damaged Parquet file with a panic of Rust: no Exception, and lines on stderr that Python cannot keep back.
# Seen 2026-11-29: arro3-io 0.9.1, arro3-core 0.9.1, Python 3.11. `except Exception` does not catch it, so that a program ends in a traceback.
# So: hold a file against a hash before you open it, or catch BaseException and look at the name of its class.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/python -m pip install --quiet --disable-pip-version-check arro3-core==0.9.1 arro3-io==0.9.1 2>/dev/null
cat >look.py <<'PY'
import io
from arro3.io import read_parquet
try:
    read_parquet(io.BytesIO(b"PAR1, and then something else"))
except Exception as error:
    print("caught", type(error).__name__)
except BaseException as error:
    print("not caught by Exception:", type(error).__name__)
PY
seen=$(v/bin/python look.py 2>said.txt)
echo "seen: $seen; on stderr: $(grep -o -m 1 'panicked at' said.txt || echo nothing)"
if [[ $seen != 'not caught by Exception: PanicException' ]] || ! grep -q 'panicked at' said.txt; then
  echo "Changed: arro3-io 0.9.1 panicked at a damaged file; an Exception may be enough now." >&2
  exit 1
fi
