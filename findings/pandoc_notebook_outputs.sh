#!/usr/bin/env bash
# pandoc reads a notebook without the outputs that are HTML: a table or an inline figure is gone from the Word file, and the exit status is 0.
# Seen 2026-11-29: pypandoc_binary 1.17 (pandoc 3.9), Python 3.11: 0 tables and 0 pictures from the notebook, 1 table from the same table in a page.
# So: make Word files from a published page (pandoc page.html -o page.docx), not from the notebook.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/python -m pip install --quiet --disable-pip-version-check pypandoc_binary==1.17 nbformat==5.10.4 2>/dev/null
v/bin/python - <<'PY'
import sys, zipfile
import nbformat, pypandoc
from nbformat import v4
html = "<table><tr><th>Code</th><th>Duty</th></tr><tr><td>0101.21</td><td>10 %</td></tr></table>"
shown = v4.new_output("display_data", data={"text/html": html, "text/plain": "<Table>"})
book = v4.new_notebook(cells=[v4.new_markdown_cell("# Duties"), v4.new_code_cell("show()", outputs=[shown])])
nbformat.write(book, "duties.ipynb")
open("duties.html", "w").write(f"<h1>Duties</h1>{html}")
def tables(source):
    pypandoc.convert_file(source, "docx", outputfile="out.docx")
    return zipfile.ZipFile("out.docx").read("word/document.xml").decode().count("<w:tbl>")
counts = [tables("duties.ipynb"), tables("duties.html")]
print(f"seen: pandoc {pypandoc.get_pandoc_version()}: tables in the Word file: {counts[0]} from the notebook, {counts[1]} from the page")
if counts != [0, 1]:
    sys.exit("Changed: pandoc left HTML outputs of a notebook out of a Word file; now it does not, or reads the page otherwise.")
PY
