"""Texts of law for a person: all of a day or an error, never a rate; and what servers do instead of answering."""

import json
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from urllib.parse import parse_qs

import pytest
from pytest_httpserver import HTTPServer
from refresh_samples import SAMPLES, Clock, base, clock, no_other_socket, where, world
from werkzeug import Request, Response

from tradelib import refresh
from tradelib.refresh import inbox
from tradelib.refresh.errors import LayoutError, RefreshError
from tradelib.refresh.plan import Plan
from tradelib.refresh.raw import Raw
from tradelib.refresh.sources import federal_register, hts, ministries, white_house
from tradelib.refresh.world import World


def raw(content: str | bytes) -> Raw:
    content = content.encode() if isinstance(content, str) else content
    return Raw("0" * 64, 200, {}, datetime(2026, 11, 29, tzinfo=UTC), content)


class Register:
    """The Federal Register as its server behaves: pages, a cursor, a page too far that is page 1, no `results` where nothing is found."""

    def __init__(self, server: HTTPServer, documents: Sequence[tuple[str, str, str]], *, per_page: int = 3) -> None:
        self.server, self.documents, self.per_page = server, list(documents), per_page
        self.lost, self.expired, self.asked = 0, False, []
        server.expect_request("/api/v1/documents.json").respond_with_handler(self.answer)
        server.expect_request("/api/v1/documents").respond_with_handler(self.answer)
        server.expect_request("/api/v1/public-inspection-documents/current.json").respond_with_data(
            '{"count": 0, "results": []}', content_type="application/json"
        )

    def answer(self, request: Request) -> Response:
        asked = parse_qs(request.query_string.decode())
        self.asked.append(asked)
        first, last = (asked[f"conditions[publication_date][{end}]"][0] for end in ("gte", "lte"))
        found = [item for item in self.documents if first <= item[2] <= last]
        page = int(asked.get("page", ["1"])[0])
        if page > 1 and self.expired:
            return Response('{"status": 400, "message": "Invalid search_after_cursor token"}', 400, content_type="application/json")
        if not found:
            return Response('{"description": "…", "count": 0}', 200, content_type="application/json")
        shown = found[(page - 1) * self.per_page : page * self.per_page]
        body = {
            "count": len(found) + self.lost,
            "total_pages": 50,
            "results": [
                {"document_number": number, "title": title, "publication_date": day, "html_url": f"https://x/{number}"}
                for number, title, day in shown
            ],
        }
        if page * self.per_page < len(found):
            query = request.query_string.decode()
            query = re.sub(r"&page=\d+|&search_after_cursor=[^&]*", "", query)
            body["next_page_url"] = self.server.url_for("/api/v1/documents") + f"?{query}&page={page + 1}&search_after_cursor=abc"
        return Response(json.dumps(body), 200, content_type="application/json")


def documents(count: int) -> list[tuple[str, str, str]]:
    return [(f"2026-{number:05d}", f"Notice on China {number}  ", f"2026-11-{number % 20 + 1:02d}") for number in range(count)]


def planned(world: World) -> Plan:
    return refresh.make(world, ["federal_register"])


def test_all_pages_are_followed_as_given(world: World, httpserver: HTTPServer) -> None:
    register = Register(httpserver, documents(8))
    plan = planned(world)
    assert plan.failures == []
    assert sorted(item.number for item in plan.candidates) == [number for number, _, _ in documents(8)]
    assert all(item.title == item.title.strip() for item in plan.candidates)
    assert max(int(asked.get("page", ["1"])[0]) for asked in register.asked) == 3
    assert all(re.fullmatch(r"\d{13}", asked["_"][0]) for asked in register.asked)  # else a copy of an hour ago may be served


def test_nothing_found_is_an_answer_without_results(world: World, httpserver: HTTPServer) -> None:
    Register(httpserver, [])
    plan = planned(world)
    assert (plan.failures, plan.candidates) == ([], [])


def test_a_cursor_that_expired_is_gone_round_day_by_day(world: World, httpserver: HTTPServer) -> None:
    register = Register(httpserver, documents(8))
    register.expired = True
    plan = planned(world)
    assert plan.failures == []
    assert len(plan.candidates) == 8
    # Every day apart, and none asked for again and again.
    assert len(register.asked) < 2 * (31 + 5)


def test_fewer_documents_than_the_server_counts_are_none(world: World, httpserver: HTTPServer) -> None:
    register = Register(httpserver, documents(2))
    register.lost = 1
    plan = planned(world)
    assert plan.candidates == []
    assert re.search(r"federalregister.gov: 2 documents of 2026-11-\d\d are named and 1 came", plan.failures[0])


def test_a_page_elsewhere_is_not_followed(world: World, httpserver: HTTPServer) -> None:
    body = {
        "count": 9,
        "results": [{"document_number": "1", "title": "China", "publication_date": "2026-11-02"}],
        "next_page_url": "https://elsewhere.example/2",
    }
    httpserver.expect_request("/api/v1/documents.json").respond_with_data(json.dumps(body), content_type="application/json")
    assert "was not followed" in planned(world).failures[0]


@pytest.mark.parametrize(
    ("status", "kind", "body", "words"),
    [
        (404, "text/html", "<html>not found</html>", "does not exist"),
        (200, "text/html", "<html>busy</html>", "instead of json"),
        (200, "application/json", '{"results": [', "cut, or the layout"),
        (200, "application/json", '{"status": "ok"}', "holds no count"),
    ],
)
def test_what_is_no_answer_is_named(world: World, httpserver: HTTPServer, status: int, kind: str, body: str, words: str) -> None:
    httpserver.expect_request("/api/v1/documents.json").respond_with_data(body, status=status, content_type=kind)
    assert words in planned(world).failures[0]


def test_a_document_on_file_counts_from_its_filing(world: World, httpserver: HTTPServer) -> None:
    Register(httpserver, [])
    item = json.loads((SAMPLES / "fr_public_inspection_one.json").read_text(encoding="utf-8"))
    item |= {"title": "Section 301: China's Acts   ", "agencies": [{"slug": "trade-representative-office-of-united-states"}]}
    other = item | {"document_number": "2026-1", "agencies": [{"slug": "railroad-retirement-board"}]}
    httpserver.clear()
    httpserver.expect_request("/api/v1/documents.json").respond_with_data('{"count": 0}', content_type="application/json")
    httpserver.expect_request("/api/v1/public-inspection-documents/current.json").respond_with_data(
        json.dumps({"count": 2, "results": [item, other]}), content_type="application/json"
    )
    plan = planned(world)
    assert [(entry.number, entry.day, entry.title) for entry in plan.candidates] == [
        ("2026-19958", date(2026, 9, 28), "Section 301: China's Acts")
    ]


def test_the_recorded_answer_is_read() -> None:
    answer = federal_register._object(raw((SAMPLES / "fr_documents_executive_orders.json").read_bytes()))
    assert (answer["count"], len(answer["results"])) == (1570, 3)


def test_the_feed_of_the_white_house_has_days_of_washington(world: World, httpserver: HTTPServer) -> None:
    text = (SAMPLES / "whitehouse_feed.xml").read_text(encoding="utf-8")
    item = white_house.read(raw(text))[0]
    assert (item.day, item.url) == (date(2026, 9, 29), "https://www.whitehouse.gov/?p=51617")
    late = white_house.read(raw(text.replace("Tue, 29 Sep 2026 21:23:48", "Wed, 30 Sep 2026 01:23:48")))[0]
    assert late.day == date(2026, 9, 29)
    ours = text.replace("Eliminating Disease-Carrying Pests", "Modifying Duties on China")
    for path in ("/presidential-actions/feed/", "/news/feed/"):
        httpserver.expect_request(path).respond_with_data(ours, content_type="application/rss+xml")
    assert len(refresh.make(world, ["white_house"]).candidates) == 1  # both feeds have it


@pytest.mark.parametrize(
    "content",
    [
        "<rss><channel></channel></rss>",
        "<rss><channel><item><title>China",
        '<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><rss><channel><item><title>&d;</title></item></channel></rss>',
        "<rss><channel><item><title>China</title><pubDate>yesterday</pubDate></item></channel></rss>",
    ],
)
def test_a_feed_that_is_none_is_an_error(content: str) -> None:
    with pytest.raises(LayoutError, match="holds no item, or was cut"):
        white_house.read(raw(content))


def test_lists_of_ministries_give_title_link_and_day(world: World, httpserver: HTTPServer) -> None:
    found = ministries.read(raw((SAMPLES / "mofcom_list.html").read_bytes()), "https://www.mofcom.gov.cn/zcfb/index.html")
    assert [(item.day, item.url) for item in found] == [
        (date(2026, 7, 15), "https://www.mofcom.gov.cn/zcfb/zc/art/2026/art_b41d86d911fc4488a69302a72ce77116.html")
    ]
    link = "./202504/t20250411_3961824.htm"
    commission = f'<ul><li><a href="{link}">国务院关税税则委员会关于调整对原产于美国的进口商品加征关税措施的公告</a></li></ul>'
    item = ministries.read(raw(commission), "https://gss.mof.gov.cn/gzdt/zhengcefabu/")[0]
    assert (item.day, item.url) == (date(2025, 4, 11), "https://gss.mof.gov.cn/gzdt/zhengcefabu/202504/t20250411_3961824.htm")
    page = f"<html>{(SAMPLES / 'mofcom_list.html').read_text(encoding='utf-8')}</html>"
    httpserver.expect_request("/zcfb/index.html").respond_with_data(page, content_type="text/html")
    httpserver.expect_request("/gzdt/zhengcefabu/").respond_with_data("<html><script>0</script></html>", content_type="text/html")
    httpserver.expect_request("/gzdt/zhengcejiedu/").respond_with_data(f"<html>{commission}</html>", content_type="text/html")
    plan = refresh.make(world, ["ministries"])
    assert len(plan.candidates) == 2  # a list that blocks does not stop the others
    assert "may be a block page" in plan.failures[0]


def test_a_revision_of_the_schedule_is_named_and_its_file_kept(world: World, httpserver: HTTPServer) -> None:
    listing = (SAMPLES / "hts_release_list.json").read_text(encoding="utf-8")
    rows = json.dumps([{"htsno": str(number)} for number in range(30_001)])
    httpserver.expect_request("/reststop/releaseList").respond_with_data(listing, content_type="application/json")
    httpserver.expect_request("/reststop/exportList").respond_with_data(rows, content_type="application/json")
    plan = refresh.make(world, ["hts"])
    assert plan.failures == []
    assert [(item.number, item.day) for item in plan.candidates] == [("2025HTSRev28", date(2025, 11, 10))]
    assert any(path.stat().st_size == len(rows) for path in (world.home / "raw").iterdir())
    httpserver.clear()
    later = listing.replace("2025HTSRev28", "2025HTSRev29")
    httpserver.expect_ordered_request("/reststop/releaseList").respond_with_data(listing, content_type="application/json")
    httpserver.expect_ordered_request("/reststop/exportList").respond_with_data("[1, 2]", content_type="application/json")
    httpserver.expect_ordered_request("/reststop/releaseList").respond_with_data(later, content_type="application/json")
    plan = refresh.make(world, ["hts"], again=True)
    assert "has 2 rows, or the revision changed meanwhile" in plan.failures[0]
    with pytest.raises(RefreshError, match="names no current one"):
        hts.current(raw("[]"))


def test_the_inbox_keeps_a_text_once_and_what_became_of_it(world: World, httpserver: HTTPServer, clock: Clock) -> None:
    Register(httpserver, documents(3))
    refresh.write(world, planned(world))
    clock.set("2026-11-30T09:00:00")
    again = planned(world)
    assert inbox.unseen(world.home, again.candidates, world.today) == []
    refresh.write(world, again)
    items = inbox.read(world.home)
    assert len(items) == 3
    assert {item.seen_on for item in items.values()} == {"2026-11-29"}
    name = next(iter(items))
    inbox.decide(world.home, name, inbox.TAKEN, "event added", world.today)
    assert inbox.read(world.home)[name].because == "event added"
    assert not (world.home / "CURRENT").exists()  # law is never appended
    with pytest.raises(RefreshError, match="Say why"):
        inbox.decide(world.home, name, inbox.DISMISSED, " ", world.today)
    with pytest.raises(RefreshError, match="holds no text"):
        inbox.decide(world.home, "nothing", inbox.DISMISSED, "why", world.today)


def test_no_rate_is_read_from_law(world: World, httpserver: HTTPServer) -> None:
    Register(httpserver, [("2026-00001", "Modifying duties on China to 45 percent", "2026-11-02")])
    plan = planned(world)
    refresh.write(world, plan)
    assert (plan.changes, plan.held_back, plan.evidence) == ([], [], {})
