"""The folder of the site: what is written, and nothing foreign is touched."""

import hashlib
import re
from dataclasses import replace
from functools import cache
from pathlib import Path, PureWindowsPath
from xml.etree import ElementTree as ET

import html5lib
import pytest
from report_samples import body, executed, header, tree

from tradelib.errors import ReportError
from tradelib.report import companions, figures, listing, site, swap
from tradelib.report.page_checks import broken_links, faults
from tradelib.report.render import render


@cache
def page(as_of: str, notebook: str = "01_briefing", **changed: int) -> site.SitePage:
    made = render(executed(header(as_of=as_of, notebook=notebook, title=f"The truce on {as_of}"), *body()), slug=as_of)
    build = {
        "as_of": as_of,
        "evidence_through": "2026-10-09",
        "changed": changed,
        "label": "Briefing",
        "title": made.title,
        "description": f"What was known on {as_of}.",
        "edition": "2026.10",
    }
    return site.SitePage(
        notebook,
        site.slug(as_of, changed),
        made.html,
        made.data,
        "{}\n",
        build,
        figures=figures.files(made.figures, made.header, made.label),
    )


def publish(target: Path, *pages: site.SitePage, interrupted: bool = False) -> None:
    site.check_target(target)
    with swap.locked(target), swap.staged(target) as folder:
        for one in pages:
            site.write_page(folder, one)
        site.assemble(folder)
        if interrupted:
            raise KeyboardInterrupt


def of_four(target: Path) -> Path:
    publish(
        target,
        page("2025-06-09"),
        page("2025-08-12"),
        page("2025-06-09", window_days=30),
        page("2025-06-10", "02_duties"),
    )
    return target


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return of_four(tmp_path / "site")


def days_of(target: Path, slug: str) -> list[str]:
    html = (target / "reports" / "01_briefing" / slug / "index.html").read_text()
    listed = html[html.index("<!--days-->") : html.index("<!--/days-->")]
    return [re.sub("<[^>]+>", "", item).replace("\xa0", " ") for item in re.findall("<li>(.*?)</li>", listed)]


def test_every_page_links_to_the_other_days_of_its_report(target: Path) -> None:
    for slug in ("2025-06-09", "2025-08-12", "2025-06-09--window_days-30"):
        assert days_of(target, slug) == ["12 August 2025", "9 June 2025", "9 June 2025, window_days 30"]
    assert broken_links(target) == []


def test_a_report_with_one_day_says_so(target: Path) -> None:
    assert "no other day of this report yet" in (target / "reports/02_duties/2025-06-10/index.html").read_text()


def test_the_index_passes_the_gates_and_lists_every_page(target: Path) -> None:
    html = (target / "index.html").read_text()
    assert faults(html) == []
    assert re.findall(r"<h3><a [^>]+>(.*?)</a>", html) == ["The truce on 2025-08-12", "The truce on 2025-06-10"]
    links = re.findall(r'<td class="title"><a href="reports/([^"]+)/index.html">', html)
    assert links == [
        "01_briefing/2025-08-12",
        "01_briefing/2025-06-09",
        "01_briefing/2025-06-09--window_days-30",
        "02_duties/2025-06-10",
    ]
    assert html.count("What was known on 2025-08-12.") == 1


def test_an_earlier_page_stays_and_learns_of_the_new_day(target: Path) -> None:
    before = tree(target)
    publish(target, page("2025-11-10"))
    after = tree(target)
    assert set(before) < set(after)
    assert days_of(target, "2025-06-09")[0] == "10 November 2025"
    rewritten = {name for name in before if before[name] != after[name]}
    assert {Path(name).name for name in rewritten} == {"index.html", "feed.xml", "sitemap.xml", "headline_duties.html"}


def test_order_of_publishing_does_not_matter(target: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    publish(other, page("2025-06-10", "02_duties"), page("2025-06-09", window_days=30))
    publish(other, page("2025-08-12"))
    publish(other, page("2025-06-09"))
    assert tree(other) == tree(target)


def test_where_paths_have_backslashes_a_site_has_the_same_bytes(target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in (listing.Entry, site.SitePage):
        monkeypatch.setattr(kind, "folder", property(lambda one: PureWindowsPath("reports", one.notebook, one.slug)))
    assert tree(of_four(tmp_path / "a site")) == tree(target)


def test_a_page_made_again_leaves_no_file_of_the_old_one(target: Path) -> None:
    (target / "reports/01_briefing/2025-06-09/data/old.csv").write_text("a\n")
    publish(target, page("2025-06-09"))
    assert not (target / "reports/01_briefing/2025-06-09/data/old.csv").exists()


def test_a_folder_that_is_not_ours_is_refused_untouched(tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("years of work")
    with pytest.raises(ReportError, match="holds files that are not a site of tradelib"):
        publish(tmp_path / "thesis", page("2025-06-09"))
    assert tree(tmp_path) == {"thesis/chapter.txt": b"years of work"}


def test_an_empty_folder_may_be_used(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    publish(tmp_path / "empty", page("2025-06-09"))
    assert (tmp_path / "empty" / "index.html").is_file()


@pytest.mark.parametrize(
    ("out", "words"), [("notes", "is a file"), ("notes/site", "notes above it is a file"), ("notes/a/b", "above it is a file")]
)
def test_a_target_that_is_or_lies_below_a_file_is_refused(tmp_path: Path, out: str, words: str) -> None:
    (tmp_path / "notes").write_text("x")
    with pytest.raises(ReportError, match=words):
        site.check_target(tmp_path / out)


def test_a_page_that_does_not_say_what_it_is_is_refused(target: Path) -> None:
    (target / "reports/01_briefing/2025-06-09/build.json").write_text("{}")
    with pytest.raises(ReportError, match=r"^reports/01_briefing/2025-06-09/build\.json does not describe its page"):
        site.check_target(target)


def test_slugs_are_safe_and_do_not_collide() -> None:
    assert site.slug("2025-06-09", {"b": True, "a": [1, 2]}).startswith("2025-06-09--a-1_2--b-true--")
    words = ["a/b", "a b", "a_b", "../..", "x" * 300, "x" * 301, "Ä"]
    slugs = [site.slug("2025-06-09", {"word": word}) for word in words]
    assert len(set(slugs)) == len(words)
    assert all(re.fullmatch(r"[A-Za-z0-9._-]{1,120}", slug) for slug in slugs)


def test_the_newest_page_stands_under_the_name_of_its_report_and_names_the_original(target: Path) -> None:
    newest = (target / "reports/01_briefing/index.html").read_text()
    dated = (target / "reports/01_briefing/2025-08-12/index.html").read_text()
    assert '<link rel="canonical" href="2025-08-12/index.html">' in newest
    assert '<link rel="canonical"' not in dated
    assert faults(newest) == []
    assert 'href="2025-08-12/build.json"' in newest
    assert 'href="2025-06-09/index.html"' in newest
    assert 'href="../../index.html"' in newest
    assert broken_links(target) == []


def tree_of(path: Path) -> ET.Element:
    return ET.fromstring(path.read_text())  # noqa: S314 - written here


def test_the_feed_has_an_entry_a_page_the_newest_day_first_and_identities_that_stay(target: Path) -> None:
    space = "{http://www.w3.org/2005/Atom}"
    first = tree_of(target / "feed.xml")
    entries = first.findall(f"{space}entry")
    assert [entry.find(f"{space}updated").text[:10] for entry in entries] == ["2025-08-12", "2025-06-10", "2025-06-09", "2025-06-09"]
    assert all((target / entry.find(f"{space}link").get("href")).is_file() for entry in entries)
    assert first.find(f"{space}updated").text == "2025-08-12T00:00:00Z"
    publish(target, page("2025-11-10"))
    again = tree_of(target / "feed.xml").findall(f"{space}entry")
    known = {entry.find(f"{space}id").text for entry in entries}
    assert len(again) == 5
    assert known < {entry.find(f"{space}id").text for entry in again}


def test_addresses_are_listed_whole_where_the_site_has_one(target: Path) -> None:
    with swap.locked(target), swap.staged(target) as folder:
        site.assemble(folder, address="https://example.org/truce/")
    places = re.findall("<loc>(.*?)</loc>", (target / "sitemap.xml").read_text())
    assert places[0] == "https://example.org/truce/index.html"
    assert "https://example.org/truce/reports/02_duties/index.html" in places
    assert len(places) == 1 + 2 + 4 + 1 + 3 + 4  # the calendar and its days; a figure a page
    assert (target / "robots.txt").read_text().endswith("Sitemap: https://example.org/truce/sitemap.xml\n")
    assert 'href="https://example.org/truce/index.html"' in (target / "404.html").read_text()


def test_the_list_of_addresses_holds_the_page_of_data_where_there_is_one(target: Path) -> None:
    assert "data/index.html" not in (target / "sitemap.xml").read_text()
    with swap.locked(target), swap.staged(target) as folder:
        (folder / "data").mkdir()
        (folder / "data" / "index.html").write_text("tables")
        site.assemble(folder, address="https://example.org/truce/")
    assert "<loc>https://example.org/truce/data/index.html</loc></url>" in (target / "sitemap.xml").read_text()


def test_an_address_may_end_without_a_stroke(target: Path) -> None:
    with swap.locked(target), swap.staged(target) as folder:
        site.assemble(folder, address="https://example.org/truce")
    assert "<loc>https://example.org/truce/index.html</loc>" in (target / "sitemap.xml").read_text()


def test_the_page_for_a_wrong_address_holds_no_link_that_breaks_below_the_root(target: Path) -> None:
    html = (target / "404.html").read_text()
    assert "href=" not in html
    assert "delete <code>reports/</code> and everything after it" in html
    with swap.locked(target), swap.staged(target) as folder:
        site.assemble(folder, address="https://example.org/truce/")
    assert re.findall('href="([^"]+)"', (target / "404.html").read_text()) == ["https://example.org/truce/index.html"]


def test_a_title_in_the_feed_names_its_report_once(target: Path) -> None:
    before = dict(feed_titles(target))
    assert set(before.values()) == {f"Briefing: The truce on {day}" for day in ("2025-06-09", "2025-06-10", "2025-08-12")}
    for title, shown in (("The truce runs on", "The truce runs on"), ("The trucers meet", "The truce: The trucers meet")):
        publish(target, replace(page("2025-08-12"), build={**page("2025-08-12").build, "label": "The truce", "title": title}))
        after = dict(feed_titles(target))
        assert shown in after.values()
        assert after.keys() == before.keys()


def feed_titles(target: Path) -> list[tuple[str, str]]:
    space = "{http://www.w3.org/2005/Atom}"
    entries = tree_of(target / "feed.xml").findall(f"{space}entry")
    return [(entry.find(f"{space}id").text, entry.find(f"{space}title").text) for entry in entries]


def test_the_index_says_what_may_be_younger_than_a_page(target: Path) -> None:
    html = (target / "index.html").read_text()
    assert "uses nothing published after it, with two marked exceptions" in html
    assert "statistics shown as later revised, and fixed reference data" in html
    assert "nothing later" not in html


def test_hostile_words_are_escaped_in_feed_and_pages(target: Path) -> None:
    hostile = "<script>alert(1)</script> & {{ braces }} $x^2$ " + "long " * 500
    build = {**page("2025-09-01").build, "title": hostile, "description": hostile, "label": "A & <b>"}
    publish(target, replace(page("2025-09-01"), build=build))
    tree_of(target / "feed.xml")
    tree_of(target / "sitemap.xml")
    assert "<script" not in (target / "index.html").read_text()
    assert "{{ braces }}" in (target / "index.html").read_text()


def test_the_page_of_data_names_every_table_and_its_file_is_there(target: Path) -> None:
    from tradelib import catalogue

    tables = catalogue.tables()
    with swap.locked(target), swap.staged(target) as folder:
        site.write_data(folder, tables, catalogue.data_folder(), {"data/index.html": companions.data_html(tables, "2026.10")})
        site.assemble(folder)
    html = (target / "data/index.html").read_text()
    assert faults(html) == []
    assert broken_links(target) == []
    assert 'href="data/index.html"' in (target / "index.html").read_text()
    assert "`" not in html
    assert "<code>published_on</code> is the first release of the period, <code>vintage_on</code> the day" in html
    assert "Rows are never overwritten: when the facts change, a new row is added." in html
    for table in tables:
        held = (target / "data" / table["path"]).read_bytes()
        assert hashlib.sha256(held).hexdigest() == table["sha256"]
        assert f"{table['sha256']}  {table['path']}" in html


def test_words_of_the_data_are_escaped_and_names_in_backticks_are_code() -> None:
    template = listing.environment().from_string("{{ text | code }}")
    assert template.render(text="`a_b` & <i>`<x>`</i> `") == "<code>a_b</code> &amp; &lt;i&gt;<code>&lt;x&gt;</code>&lt;/i&gt; `"


def test_pages_beside_the_reports_are_valid_html(target: Path) -> None:
    from tradelib import catalogue

    with swap.locked(target), swap.staged(target) as folder:
        tables = catalogue.tables()
        site.write_data(folder, tables, catalogue.data_folder(), {"data/index.html": companions.data_html(tables, "2026.10")})
        site.assemble(folder)
    for name in ("index.html", "404.html", "data/index.html"):
        html5lib.HTMLParser(strict=True).parse((target / name).read_text())


def test_a_page_says_what_it_said_on_the_day_before_and_how_much_became_known_since(target: Path) -> None:
    later = page("2025-11-10")
    known = ["2025-05-12", "2025-10-30", "2025-11-10"]
    publish(target, replace(later, build={**later.build, "sources_known_on": known}))
    texts = {path.parent.name: path.read_text() for path in target.glob("reports/*/*/index.html")}
    earlier = max(name for name in texts if name < "2025-11-10" and len(name) == 10)
    assert f'<p class="vintage">As of <a href="../{earlier}/index.html">' in texts["2025-11-10"]
    new = sum(day > earlier for day in known)
    assert f"Of the 3 sources of this page {new} became known since that day, the newest on" in texts["2025-11-10"]
    assert '<p class="vintage">' not in texts[min(texts)]


@pytest.mark.parametrize("out", ["x" * 300, "~nobody-here/site", "circle/site"])
def test_a_name_that_can_be_no_folder_is_refused_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "circle").symlink_to("circle")
    with pytest.raises(ReportError, match="name another folder"):
        site.check_target(out)
