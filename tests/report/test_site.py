"""The folder of the site: replaced whole or not at all, and nothing foreign is touched."""

import ctypes
import errno
import hashlib
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import html5lib
import pytest
from report_samples import body, environment, executed, header, names, tree

from tradelib.errors import ReportError
from tradelib.report import figures, listing, site, swap
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


@pytest.fixture
def target(tmp_path: Path) -> Path:
    publish(
        tmp_path / "site",
        page("2025-06-09"),
        page("2025-08-12"),
        page("2025-06-09", window_days=30),
        page("2025-06-10", "02_duties"),
    )
    return tmp_path / "site"


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


def test_a_page_made_again_leaves_no_file_of_the_old_one(target: Path) -> None:
    (target / "reports/01_briefing/2025-06-09/data/old.csv").write_text("a\n")
    publish(target, page("2025-06-09"))
    assert not (target / "reports/01_briefing/2025-06-09/data/old.csv").exists()


def test_a_failure_before_the_swap_leaves_the_site_as_it_was(target: Path) -> None:
    before = tree(target)
    with pytest.raises(KeyboardInterrupt):
        publish(target, page("2025-11-10"), interrupted=True)
    assert tree(target) == before
    assert names(target.parent) == ["site"]


def test_a_failing_swap_puts_the_old_site_back(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(swap, "_exchange", lambda *_: False)
    before, rename = tree(target), Path.rename

    def refuse(path: Path, to: Path) -> Path:
        if path.name == ".site.staging":
            raise OSError(28, "No space left on device")
        return rename(path, to)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(ReportError, match=r"site could not be written: No space left on device\. The site is as it was"):
        publish(target, page("2025-11-10"))
    assert tree(target) == before
    assert names(target.parent) == ["site"]


def test_a_swap_that_was_killed_half_way_is_undone_by_the_next_run(target: Path) -> None:
    before = tree(target)
    target.rename(target.with_name(".site.previous"))
    (target.with_name(".site.staging") / "reports").mkdir(parents=True)
    (target.with_name(".site.staging") / swap.MARKER).touch()
    with swap.locked(target):
        assert tree(target) == before
        assert names(target.parent) == [".site.lock", "site"]


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


def test_two_runs_at_once_are_refused_and_the_first_goes_on(target: Path) -> None:
    with swap.locked(target):
        with (
            pytest.raises(ReportError, match=rf"Another run \(process {os.getpid()}\) is publishing to site"),
            swap.locked(target),
        ):
            pass
        with pytest.raises(ReportError, match="Another run"), swap.locked(target):
            pass
    with swap.locked(target):
        pass
    assert names(target.parent) == ["site"]


def test_the_lock_of_a_dead_process_is_taken_over(target: Path) -> None:
    code = "import os, sys\nfrom pathlib import Path\nfrom tradelib.report import swap\n"
    code += "with swap.locked(Path(sys.argv[1])): os._exit(9)"
    assert subprocess.run([sys.executable, "-c", code, str(target)], check=False, env=environment()).returncode == 9
    assert target.with_name(".site.lock").exists()
    with swap.locked(target):
        pass
    assert names(target.parent) == ["site"]


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
        site.write_data(folder, tables, catalogue.data_folder(), "2026.10")
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
        site.write_data(folder, catalogue.tables(), catalogue.data_folder(), "2026.10")
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
    assert f"Of the 3 sources of this page {new} became known later, the newest on" in texts["2025-11-10"]
    assert '<p class="vintage">' not in texts[min(texts)]


SWAPS = int(os.environ.get("SWAPS", "20"))


def test_a_reader_finds_every_page_at_every_moment_of_many_swaps(target: Path) -> None:
    """`SWAPS=300 python -m pytest tests/report/test_site.py` swaps that often."""
    if not exchanges(target.parent):
        pytest.skip("two names cannot be exchanged here; for a moment between two renames there is no page")
    pages, missed, reads, ended = list(target.rglob("*.html")), [], [], threading.Event()

    def read() -> None:
        while not ended.is_set():
            for path in pages:
                try:
                    reads.append(len(path.read_bytes()) > 0)
                except OSError as error:
                    missed.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(SWAPS):
        with swap.locked(target), swap.staged(target) as folder:
            (folder / "number.txt").write_text(str(number), encoding="utf-8")
    ended.set()
    reader.join()
    assert missed == []
    assert all(reads)
    assert len(reads) > SWAPS
    assert (target / "number.txt").read_text(encoding="utf-8") == str(SWAPS - 1)
    assert names(target.parent) == ["site"]


def exchanges(folder: Path) -> bool:
    one, other = folder / "one", folder / "other"
    for path in (one, other):
        path.mkdir()
    try:
        return swap._exchange(one, other)
    finally:
        one.rmdir()
        other.rmdir()


def test_where_names_cannot_be_exchanged_the_site_is_moved_away_first(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(swap, "_exchanging", lambda: None)
    publish(target, page("2025-11-10"))
    assert days_of(target, "2025-06-09")[0] == "10 November 2025"
    assert names(target.parent) == ["site"]


@pytest.mark.parametrize("number", ["EINVAL", "EACCES"])
def test_an_exchange_that_is_unknown_is_none_and_one_that_fails_is_told(target: Path, monkeypatch: pytest.MonkeyPatch, number: str) -> None:
    def fails(*_: bytes) -> int:
        ctypes.set_errno(getattr(errno, number))
        return -1

    monkeypatch.setattr(swap, "_exchanging", lambda: fails)
    before = tree(target)
    if number == "EINVAL":
        publish(target, page("2025-11-10"))
        assert tree(target) != before
    else:
        with pytest.raises(ReportError, match=r"site could not be written: Permission denied\. The site is as it was"):
            publish(target, page("2025-11-10"))
        assert tree(target) == before
    assert names(target.parent) == ["site"]


def as_file(path: Path, _other: Path) -> None:
    path.write_text("years of work", encoding="utf-8")


def as_folder(path: Path, _other: Path) -> None:
    path.mkdir()
    (path / "thesis.txt").write_text("years of work", encoding="utf-8")


def as_link(path: Path, other: Path) -> None:
    path.symlink_to(other)


def as_hard_link(path: Path, other: Path) -> None:
    path.hardlink_to(other / "of.txt")


def as_broken_link(path: Path, _other: Path) -> None:
    path.symlink_to("nowhere")


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
@pytest.mark.parametrize(
    ("name", "put"),
    [
        *((f".site.{name}", put) for name in ("lock", "staging", "previous")
          for put in (as_file, as_folder, as_link, as_hard_link, as_broken_link)),
        *(("site", put) for put in (as_file, as_folder, as_hard_link)),
        *((f"site/{site.MARKER}", put) for put in (as_folder, as_link, as_broken_link)),
    ],
)  # fmt: skip
def test_what_stands_in_the_way_is_named_and_left_alone(tmp_path: Path, name: str, put: Callable[[Path, Path], None]) -> None:
    (tmp_path / "another").mkdir()
    (tmp_path / "another" / "of.txt").write_text("another's", encoding="utf-8")
    (tmp_path / "site").mkdir()
    if name == "site":
        (tmp_path / "site").rmdir()
    put(tmp_path / name, tmp_path / "another")
    before = {path: (os.lstat(path).st_mode, path.is_file() and path.read_bytes()) for path in tmp_path.rglob("*")}
    with pytest.raises(ReportError) as caught:
        publish(tmp_path / "site", page("2025-06-09"))
    said = str(caught.value)
    assert "name another folder" in said or "name an empty or a new folder" in said, said
    assert "\n" not in said
    if name.startswith("."):
        assert name in said
    assert {path: (os.lstat(path).st_mode, path.is_file() and path.read_bytes()) for path in tmp_path.rglob("*")} == before


def test_a_link_in_a_site_is_never_written_through(target: Path, tmp_path: Path) -> None:
    (tmp_path / "another.html").write_text("another's", encoding="utf-8")
    (target / "index.html").unlink()
    (target / "index.html").symlink_to(tmp_path / "another.html")
    with pytest.raises(ReportError, match=r"site could not be written: index\.html in it is a link\. The site is as it was"):
        publish(target, page("2025-11-10"))
    assert (tmp_path / "another.html").read_text(encoding="utf-8") == "another's"
    assert names(tmp_path) == ["another.html", "site"]


def test_a_link_to_a_site_is_followed_and_stays_a_link(target: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(target)
    found = site.check_target(tmp_path / "link")
    with swap.locked(found), swap.staged(found) as folder:
        site.write_page(folder, page("2025-11-10"))
        site.assemble(folder)
    assert (tmp_path / "link").is_symlink()
    assert (target / "reports" / "01_briefing" / "2025-11-10" / "index.html").is_file()


@pytest.mark.parametrize("out", ["x" * 300, "~nobody-here/site", "circle/site"])
def test_a_name_that_can_be_no_folder_is_refused_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "circle").symlink_to("circle")
    with pytest.raises(ReportError, match="name another folder"):
        site.check_target(out)
