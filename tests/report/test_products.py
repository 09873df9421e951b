"""Pages that a story tells and no notebook makes: they stand at addresses that stay, are made once, and lead to one another."""

import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from report_samples import body, executed, header, two_reports
from test_publish import one_by_one, resolve_as_of

from tradelib.errors import ReportError
from tradelib.report import execute as execution
from tradelib.report import publish as publishing
from tradelib.report.page_checks import broken_links, faults
from tradelib.report.products import Products
from tradelib.show.code_box import SCRIPT, CodeBox
from tradelib.show.display import Column, Text, cell, no_sources
from tradelib.show.long_table import LongTable

HOSTILE = '<script>alert(1)</script> & "quoted" {{ braces }}'
MADE: list[str] = []


@dataclass(frozen=True)
class Sheet:
    folder: str
    label: str
    cells: Any
    about: dict[str, Any]


def table(goods: str = "Toys", lines: int = 3) -> LongTable:
    rows = pd.DataFrame({"code": [f"9503.{n:02}" for n in range(lines)], "goods": goods, "rate_frac": 0.2, "url": "#A"})
    columns = [Column("Line", cell("code")), Column("Due", cell("rate_frac", "{:.0%}".format), "num", cite=cell("goods"))]
    sources = pd.DataFrame({"source": ["Order 1", "A table"], "url": "", "known_on": [pd.Timestamp("2025-06-01"), pd.NaT]})
    return LongTable(
        "lines", "Lines", columns, rows, sources, words=cell("goods"), anchor=cell("code"), group=lambda _: "9503 Toys",
        group_anchor=lambda _: "A",
    )  # fmt: skip


def cells(page: Any, *pieces: Any) -> list[Any]:
    head = page.header(title="Toys owe 20%", description="What toys owe.", messages=[], facts=[])
    return [head, *map(page.show, pieces), "## Sources", page.sources()]


def sheets(part: str, day: date) -> Iterator[Sheet]:
    MADE.append(f"{part} {day}")
    yield Sheet(f"{part}/95", f"Chapter 95 {part}", lambda page: cells(page, table()), {"part": part})


def front(day: date, abouts: list[dict[str, Any]], links: Mapping[str, str]) -> Sheet:
    ways = [f"[{about['part']}]({about['part']}/95/index.html)" for about in abouts] + [f"[{name}]({way})" for name, way in links.items()]
    MADE.append(f"front {day}")
    return Sheet("", "Products", lambda page: cells(page, Text(" ".join(ways)), CodeBox(), table()), {})


PRODUCTS = Products(("us", "cn"), sheets, front, {"more": ("01_briefing", {"window_days": 30})})


@pytest.fixture
def notebooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two reports whose runs give their header at once; no processes, no kernels."""

    def run(path: Path, values: dict[str, Any], **_: Any) -> Any:
        return executed(header(notebook=path.stem, as_of=values["as_of"], parameters=values), *body(known=values["as_of"]))

    monkeypatch.setattr(execution, "execute", run)
    monkeypatch.setattr(publishing, "run_jobs", one_by_one)
    MADE.clear()
    return two_reports(tmp_path / "notebooks")


def publish(out: Path, notebooks: Path, *days: str, products: Products | None = PRODUCTS, **more: Any) -> str:
    said = io.StringIO()
    publishing.publish(
        ["01_briefing"], days=days, out=out, notebooks_dir=notebooks, resolve_as_of=resolve_as_of, data_hashes=lambda: {"a.csv": "ab"},
        products=products, stream=said, **more,
    )  # fmt: skip
    return said.getvalue()


def pages(out: Path) -> list[str]:
    return sorted(path.relative_to(out / "products").as_posix() for path in (out / "products").rglob("index.html"))


def test_the_pages_of_a_day_stand_below_it_and_all_their_links_lead_somewhere(notebooks: Path, tmp_path: Path) -> None:
    out = tmp_path / "site"
    publish(out, notebooks, "2025-06-09")
    assert pages(out) == ["2025-06-09/cn/95/index.html", "2025-06-09/index.html", "2025-06-09/us/95/index.html", "index.html"]
    assert broken_links(out) == []
    for page in pages(out):
        assert faults((out / "products" / page).read_text()) == [], page
    html = (out / "products/2025-06-09/us/95/index.html").read_text()
    assert "<tr id=9503.00><th scope=row>9503.00<br>Toys<td>20%<br><a href=#A>Toys</a><tr id=9503.01>" in html
    assert "tradelib publish --products --as-of 2025-06-09" in html
    assert ".ipynb" not in html
    front = (out / "products/2025-06-09/index.html").read_text()
    assert 'href="../../reports/01_briefing/2025-06-09--window_days-30/index.html"' in front
    newest = (out / "products/index.html").read_text()
    assert 'href="2025-06-09/us/95/index.html"' in newest
    assert 'rel="canonical" href="2025-06-09/index.html"' in newest
    assert f"<script>{SCRIPT}</script>" in newest
    assert len(SCRIPT.encode()) < 4000


def test_what_is_up_to_date_is_not_made_again_and_another_day_leaves_its_bytes(notebooks: Path, tmp_path: Path) -> None:
    out = tmp_path / "site"
    publish(out, notebooks, "2025-06-09")
    assert len(MADE) == 3
    data = (out / "products/2025-06-09/us/95/data/lines.csv").read_bytes()
    publish(out, notebooks, "2025-06-09", "2025-08-12")
    assert MADE[3:] == ["us 2025-08-12", "cn 2025-08-12", "front 2025-08-12"]
    assert (out / "products/2025-06-09/us/95/data/lines.csv").read_bytes() == data
    older, newer = ((out / f"products/{day}/us/95/index.html").read_text() for day in ("2025-06-09", "2025-08-12"))
    assert '<p class="upto older" role="note">' in older
    assert 'Newest: <time datetime="2025-08-12">' in older
    assert "older" not in re.findall(r'<p class="upto[^>]*>', newer)[0]
    assert 'href="../../../2025-06-09/us/95/index.html"' in newer
    assert 'href="2025-08-12/us/95/index.html"' in (out / "products/index.html").read_text()
    assert broken_links(out) == []
    assert (out / "sitemap.xml").read_text().count("<loc>products/") == len(pages(out)) == 7
    assert "up to date" in publish(out, notebooks, "2025-06-09", "2025-08-12")
    assert len(MADE) == 6
    publish(out, notebooks, "2025-06-09", products=None)
    assert len(pages(out)) == 7


def test_a_check_finds_a_page_of_products_that_differs(notebooks: Path, tmp_path: Path) -> None:
    out = tmp_path / "site"
    publish(out, notebooks, "2025-06-09")
    publish(out, notebooks, "2025-08-12")
    publish(out, notebooks, "2025-06-09", check=True)
    page = out / "products/2025-06-09/cn/95/index.html"
    page.write_text(page.read_text().replace("20%", "21%"))
    with pytest.raises(ReportError, match=r"products/2025-06-09/cn/95/index\.html"):
        publish(out, notebooks, "2025-06-09", check=True)


def test_a_changed_fact_makes_the_products_again(notebooks: Path, tmp_path: Path) -> None:
    out = tmp_path / "site"
    publish(out, notebooks, "2025-06-09")
    build = json.loads((out / "products/2025-06-09/build.json").read_text())
    assert build["as_of"] == "2025-06-09"
    (out / "products/2025-06-09/build.json").write_text(json.dumps({**build, "key": "old"}))
    publish(out, notebooks, "2025-06-09")
    assert len(MADE) == 6


def test_hostile_words_are_words() -> None:
    html = str(table(HOSTILE)._repr_mimebundle_()["text/html"])
    assert "<script" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quoted&quot; {{ braces }}") == 6


def test_every_row_says_all_of_itself_and_a_name_with_odd_letters_is_quoted() -> None:
    long = table(lines=3)
    html = str(long._repr_mimebundle_()["text/html"])
    assert html.count("<td>20%<br><a href=#A>Toys</a>") == 3
    assert "rowspan" not in html
    odd = LongTable("odd", "Odd", long.columns, long.data, no_sources(), anchor=lambda row: f'{row.code}" onclick="x')
    assert 'id="9503.00&quot; onclick=&quot;x"' in str(odd._repr_mimebundle_()["text/html"])
