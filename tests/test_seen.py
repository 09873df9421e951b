"""How a source was seen, from its address and from how far a row was checked."""

import pandas as pd
import pytest

from tradelib import catalogue, display, seen, truce

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


def test_a_text_that_was_not_read_is_not_called_seen() -> None:
    url = "https://www.whitehouse.gov/presidential-actions/2026/07/a/"
    assert seen.how(url, "primary_text_read") == seen.how(url, "primary_link_via_tracker") == "official text"
    assert seen.how(url, "press_excerpt") == "press"
    assert seen.how(url, "digest_citing_primary") == "second hand"
    # Reading an excerpt makes no blog the press.
    assert seen.how("https://example.org/a", "press_excerpt") == "second hand"


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
