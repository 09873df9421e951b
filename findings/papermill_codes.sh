#!/usr/bin/env bash
# papermill -p reads a product code as a number wherever it looks like one, and the parameter's default, a string, does not hold it back.
# Seen 2026-11-29: papermill 2.7.0, Python 3.11: 0101.21 becomes 101.21, 8507.60 becomes 8507.6, 0101210010 becomes 101210010 (nine digits).
# Two codes with a comma stay text, so that a notebook that works for a list of codes fails, or finds another good, for one.
# So: -r name value (raw string), or a notebook that refuses a number for a code.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/python -m pip install --quiet --disable-pip-version-check papermill==2.7.0 ipykernel==7.4.0 nbformat==5.10.4 2>/dev/null
cat >make.py <<'PY'
import nbformat
from nbformat import v4
cell = v4.new_code_cell('code = ""')
cell.metadata["tags"] = ["parameters"]
kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
nbformat.write(v4.new_notebook(cells=[cell], metadata={"kernelspec": kernel}), "in.ipynb")
PY
cat >read.py <<'PY'
import json
cells = json.load(open("out.ipynb"))["cells"]
print("".join(next(cell["source"] for cell in cells if "injected-parameters" in cell["metadata"]["tags"])).split("code = ")[1].strip())
PY
v/bin/python make.py
given() { v/bin/papermill in.ipynb out.ipynb --prepare-only --no-progress-bar "$1" code "$2" 2>/dev/null && v/bin/python read.py; }
seen="$(given -p 0101.21) $(given -p 8507.60) $(given -p 0101210010) $(given -p 8471,8473) $(given -r 0101.21)"
echo "seen: -p 0101.21, 8507.60, 0101210010, 8471,8473 and -r 0101.21 arrive as: $seen"
if [ "$seen" != '101.21 8507.6 101210010 "8471,8473" "0101.21"' ]; then
  echo "Changed: papermill 2.7.0 made numbers of product codes given with -p; it now passes them on otherwise." >&2
  exit 1
fi
