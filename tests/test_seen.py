"""How a source was seen, from its address and from how far a row was checked."""

import pandas as pd
import pytest

from tradelib import catalogue, truce
from tradelib.show import display, seen

KINDS = {"official text", "official statement", "official statistics", "paper", "press", "second hand"}


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://www.federalregister.gov/citation/90-FR-9817", "official text"),
        ("https://www.whitehouse.gov/presidential-actions/2026/02/ending-certain-tariff-actions/", "official text"),
        ("https://www.whitehouse.gov/fact-sheets/2025/11/a/", "official statement"),
        ("https://www.mofcom.gov.cn/zwgk/zcfb/art/2025/a.html", "official text"),
        ("https://www.mofcom.gov.cn/xwfb/xwfyrth/art/2025/a.html", "official statement"),
        ("http://english.customs.gov.cn/statics/report/preliminary.html", "official statistics"),
        ("https://truthsocial.com/@realDonaldTrump/posts/1", "official statement"),
        ("http://en.people.cn/n3/2025/0304/c90000-20284320.html", "press"),
        ("https://news.mingpao.com/a", "press"),
        ("https://www.thompsonhinesmartrade.com/2022/05/a/", "second hand"),
        ("https://github.com/calvincj/us-china-relation-tracker/tree/main/past-trackers", "second hand"),
        ("https://notreuters.com/a", "second hand"),
        ("https://doi.org/10.1257/jep.33.4.187|https://www.nber.org/papers/w25672", "paper"),
        ("", ""),
    ],
)
def test_the_kind_of_a_source_follows_from_its_first_address(url: str, kind: str) -> None:
    assert seen.how(url) == kind


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        # Read in a digest, in an excerpt, and by a third party's tool; the fourth once in an excerpt and once itself.
        ("https://www.mofcom.gov.cn/xwfb/sjfzrfb/art/2026/art_cd060e0649964da8ae13216c3bb1a645.html", "second hand"),
        ("https://truthsocial.com/@realDonaldTrump/posts/115351840469973590", "press"),
        ("https://hts.usitc.gov/reststop/file?release=2026HTSRev21&filename=Chapter%2099", "second hand"),
        ("https://www.federalregister.gov/citation/85-FR-3741", "official text"),
        # The event saw an excerpt; the list of the duty was taken from the notice.
        ("https://www.federalregister.gov/citation/89-FR-76581", "official text"),
    ],
)
def test_a_text_that_was_not_read_is_not_called_seen(url: str, kind: str) -> None:
    assert seen.how(url) == kind


def test_a_source_is_graded_alike_on_every_page() -> None:
    """MOFCOM on 28 September 2026: by its event, its clock, and what became known of both."""
    day = "2026-10-09"
    frames = [truce.events(as_of=day), truce.law_and_statement(as_of=day), truce.changes(since="2026-09-09", until=day)]
    url = "https://www.mofcom.gov.cn/xwfb/sjfzrfb/art/2026/art_cd060e0649964da8ae13216c3bb1a645.html"
    for frame in frames:
        records = display.Sources(catalogue.sources(frame))._repr_mimebundle_()[display.MIME]["rows"]
        assert {record["seen"] for record in records if record["url"].startswith(url)} == {"second hand"}


def test_every_line_of_sources_says_how_it_was_seen() -> None:
    rows = catalogue.sources(truce.events(as_of="2026-10-09"), truce.commitments(as_of="2026-10-09"))
    bundle = display.Sources(rows)._repr_mimebundle_()
    records = bundle[display.MIME]["rows"]
    assert {record["seen"] for record in records} <= KINDS
    assert {"official text", "press", "second hand"} <= {record["seen"] for record in records}
    lines = bundle["text/markdown"].splitlines()
    assert all(f", {record['seen']}, known" in line for record, line in zip(records, lines, strict=True))


def test_sources_of_tables_without_a_check_are_told_by_their_address() -> None:
    frame = pd.DataFrame({"source": ["a"], "url": ["https://www.cov.com/a"], "known_on": pd.to_datetime(["2026-10-08"])})
    assert display.Sources(frame)._repr_mimebundle_()[display.MIME]["rows"][0]["seen"] == "second hand"
