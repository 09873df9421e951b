#!/usr/bin/env bash
# myst build --md leaves every output of a notebook out, tables and printed lines, and ends with 0, with --strict too.
# Seen 2026-11-29: mystmd 1.8.3 (from PyPI, with the Node.js that is installed), Python 3.11. It says "Unsupported node type: outputs" for each.
# So: do not rely on the status; for a page or a Word file with results publish HTML and go on from there.
set -euo pipefail
command -v node >/dev/null || { echo "This finding needs Node.js: install it first." >&2; exit 1; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/python -m pip install --quiet --disable-pip-version-check mystmd==1.8.3 nbformat==5.10.4 2>/dev/null
v/bin/python - <<'PY'
import nbformat
from nbformat import v4
table = v4.new_output("display_data", data={"text/html": "<table><tr><td>10 percent</td></tr></table>", "text/plain": "10 percent"})
line = v4.new_output("stream", name="stdout", text="printed 42\n")
cells = [v4.new_markdown_cell("# Duties\n\nProse."), v4.new_code_cell("show()", outputs=[table]), v4.new_code_cell("tell()", outputs=[line])]
kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
nbformat.write(v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), "duties.ipynb")
open("myst.yml", "w").write("version: 1\nproject:\n  title: Duties\nsite: {}\n")
PY
v/bin/myst build duties.ipynb --md --strict >said.txt 2>&1 && status=0 || status=$?
page=_build/exports/duties.md
prose=$(grep -c 'Prose' "$page" || true)
results=$(grep -cE '10 percent|printed 42' "$page" || true)
told=$(grep -c 'Unsupported node type: outputs' said.txt || true)
echo "seen: status $status; prose lines $prose, results $results of 2, complaints $told"
if [ "$status $prose $results" != "0 1 0" ]; then
  echo "Changed: mystmd 1.8.3 left outputs out of Markdown with status 0; now status $status and $results results." >&2
  exit 1
fi
