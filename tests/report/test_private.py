"""Nothing of the machine is published: no path, no name of a user or host, not where a file lay that a parameter names."""

import base64
import json
import platform
import re
import subprocess
import sys
from html import escape
from pathlib import Path

import pytest
from papermill.translators import PythonTranslator
from report_samples import environment

from tradelib import cli
from tradelib.report import private, site

GOODS = "code,value_usd\n8507.60.0020,100\n8507.60.0090,50\n"
USER, HOME, CLIENT, PLACE = "ottoline-user", "ottoline-home", "client-marmaduke", "outplace-zephyr"


def said(content: bytes) -> str:
    """A file as text, with what it holds in base64 read as well."""
    text = content.decode("utf-8", errors="replace")
    inside = (base64.b64decode(found).decode("utf-8", errors="replace") for found in re.findall(r"base64,([A-Za-z0-9+/]+=*)", text))
    return "\n".join([text, *inside])


def telling(folder: Path, *names: str) -> list[str]:
    """Files below a folder whose name or content holds one of some names."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [
        str(path.relative_to(folder))
        for path in files
        if any(name in str(path.relative_to(folder)) or name in said(path.read_bytes()) for name in names)
    ]


def test_a_site_holds_no_name_of_its_maker_and_no_place_of_a_file(tmp_path: Path) -> None:
    home, client, place = (tmp_path / f"{name} ü\\new" for name in (HOME, CLIENT, PLACE))
    for folder in (home, client, place):
        folder.mkdir()
    (client / "our goods.csv").write_text(GOODS)
    asked = ["06_product_exposure", "--as-of", "2025-06-09", "-p", "codes=8507.60", "-p", f"weights_file={client / 'our goods.csv'}"]
    names = {"HOME": str(home), "USER": USER, "LOGNAME": USER, "USERNAME": USER, "USERPROFILE": str(home)}
    command = [sys.executable, "-m", "tradelib", "publish", *asked, "--out", str(place / "site"), "--workers", "1"]
    done = subprocess.run(command, env=environment() | names, cwd=home, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    repository = str(Path(private.__file__).parents[2])
    assert telling(place / "site", USER, HOME, CLIENT, PLACE, str(tmp_path), repository, f'"{platform.node()}"') == []
    (page,) = (place / "site/reports/06_product_exposure").glob("2025-06-09--*")
    assert re.fullmatch(r"2025-06-09--codes-8507.60--weights_file-our_goods.csv-[0-9a-f]{8}--[0-9a-f]{8}", page.name)
    build = json.loads((page / "build.json").read_text())
    assert build["parameters"]["weights_file"] == "our goods.csv"
    assert telling(place / "site", "our goods.csv"), "the search finds what is there"


@pytest.mark.parametrize("form", ["sqlite", "csv"])
def test_tables_that_are_handed_out_name_no_place(tmp_path: Path, form: str) -> None:
    target = tmp_path / CLIENT / "tables"
    target.parent.mkdir()
    assert cli.main(["data", "export", str(target), "--to", form, "--table", "events", "--table", "corrections"]) == 0
    assert telling(target.parent, CLIENT, str(tmp_path), str(Path.home())) == []


def test_a_file_is_named_by_its_name_and_content(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, other = tmp_path / "a" / "case.yaml", tmp_path / "b" / "case.yaml"
    one.write_text("title: A")
    other.write_text("title: A")
    slugs = [site.slug("2025-06-09", private.marked({"scenario": str(path)}, tmp_path)) for path in (one, other)]
    assert slugs[0] == slugs[1]
    assert re.fullmatch(r"2025-06-09--scenario-case\.yaml-[0-9a-f]{8}", slugs[0])
    other.write_text("title: B")
    assert site.slug("2025-06-09", private.marked({"scenario": str(other)}, tmp_path)) != slugs[0]
    # A word is no file, and a file that is not there is left as it was asked for.
    values = {"scenario": "truce_lapses", "codes": ["8507.60"], "weights_file": "none.csv", "window_days": 9}
    assert private.shown(values, tmp_path) == private.marked(values, tmp_path) == values


@pytest.mark.parametrize("folder", ["plain", "ü 中", "a\\new", "C:\\Users\\ü", 'it\'s & "that"'])
def test_every_way_to_write_the_place_of_a_file_is_replaced(tmp_path: Path, folder: str) -> None:
    path = tmp_path / folder / "it's.yaml"
    path.parent.mkdir()
    path.write_text("title: A")
    source = PythonTranslator.codify({"scenario": str(path)})
    node = {"source": [source, f"scenario = {str(path)!r}, {str(path)!a}"], "outputs": [{"data": f"read {path} again"}]}
    node["outputs"] += [json.dumps(str(path)), path.as_uri(), escape(repr(str(path)))]
    private.cleaned(node, {"scenario": f"{folder}/it's.yaml"}, tmp_path)
    assert [word for word in (tmp_path.name, "plain", "xfc", "4e2d", "\\\\u4e2d", "new", "Users", "that") if word in json.dumps(node)] == []
    assert node["outputs"][:2] == [{"data": "read it's.yaml again"}, '"it\'s.yaml"']
