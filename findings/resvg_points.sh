#!/usr/bin/env bash
# resvg_py refuses every SVG whose size is in points, millimetres or inches, as matplotlib writes all of its own, unless it is told `dpi`.
# Seen 2026-11-30: resvg_py 0.5.0, Python 3.11. Its help says of the default, dpi=0, that it stands for what SVG sets (96); taken as it is, a
# size in points comes to no pixel: "SVG has an invalid size". Pixels and em pass, and so does everything with dpi=96.
# So: whoever makes pictures of our figures (SVG, in points) with it gives dpi=96.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/python -m pip install --quiet --disable-pip-version-check resvg-py==0.5.0 2>/dev/null
seen=$(v/bin/python - <<'PYTHON'
import resvg_py


def size(unit, **given):
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="72{unit}" height="36{unit}" viewBox="0 0 72 36"><rect width="72" height="36"/></svg>'
    try:
        png = bytes(resvg_py.svg_to_bytes(svg_string=svg, **given))
    except ValueError as error:
        return "refused" if "invalid size" in str(error) else str(error)
    return f"{int.from_bytes(png[16:20], 'big')}x{int.from_bytes(png[20:24], 'big')}"


print(*(size(unit) for unit in ("px", "pt", "mm", "in")), size("pt", dpi=96.0))
PYTHON
)
echo "seen: px, pt, mm and in as they are, and pt with dpi=96: $seen"
if [ "$seen" != "72x36 refused refused refused 96x48" ]; then
  echo "Changed: resvg_py 0.5.0 refused sizes in points, millimetres and inches without dpi; now it gives: $seen." >&2
  exit 1
fi
