"""Answers that are not what they seem: each has its sentence, and a key is in none of them."""

import copy
import json
import logging
import pickle
import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import broken
import pytest
from pytest_httpserver import HTTPServer
from refresh_samples import KEY, Clock, base, clock, no_other_socket, where, world
from werkzeug import Request, Response

from tradelib.refresh.errors import NotOutError, RefreshError, RefusedError
from tradelib.refresh.http import Client, Limits
from tradelib.refresh.secrets import Secret, hide, secret
from tradelib.refresh.world import ADDRESSES, World


def client(world: World, address: str, **more: object) -> Client:
    return Client(replace(world, addresses=dict.fromkeys(ADDRESSES, address), **more))


@pytest.fixture
def key() -> Secret:
    return Secret(KEY, "CENSUS_API_KEY")


@pytest.mark.parametrize(
    ("answer", "words", "tries"),
    [
        (broken.cut, "514 bytes came|was cut|5000 were announced", 4),
        (broken.cut_chunk, "the answer was cut", 4),
        (broken.cut_gzip, "packed and cut", 4),
        (broken.bomb, "larger than 1,000,000 bytes", 1),
        (broken.endless, "larger than 1,000,000 bytes", 1),
    ],
)
def test_bytes_that_are_no_answer(world: World, answer: Callable[[BaseHTTPRequestHandler], None], words: str, tries: int) -> None:
    with broken.serving(answer) as (address, asked), pytest.raises(RefreshError, match=words):
        client(world, address).get(f"{address}/page.html", expect="html", limits=Limits(cap=1_000_000))
    assert len(asked) == tries


@pytest.mark.parametrize("answer", [broken.drip, broken.drip_heads])
def test_a_server_that_drips_meets_the_deadline(world: World, answer: Callable[[BaseHTTPRequestHandler], None]) -> None:
    begin = time.monotonic()
    with broken.serving(answer) as (address, _), pytest.raises(RefreshError, match=r"time was over|no answer within"):
        client(world, address, deadline=0.2).get(f"{address}/page.html", expect="html")
    assert time.monotonic() - begin < 4


def test_a_failure_that_passes_is_asked_again(world: World, clock: Clock) -> None:
    def good(handler: BaseHTTPRequestHandler) -> None:
        broken.head(handler, ("Content-Length", str(len(broken.PAGE))))
        handler.wfile.write(broken.PAGE)

    with broken.serving(broken.cut, broken.cut_chunk, good) as (address, asked):
        assert client(world, address).get(f"{address}/page.html", expect="html").content == broken.PAGE
    assert len(asked) == 3
    waits = [seconds for seconds in clock.slept if seconds >= 2]
    assert 2 <= waits[0] < 3
    assert 4 <= waits[1] < 5


@pytest.mark.parametrize(
    ("status", "heads", "body", "words", "waits"),
    [
        (500, {}, "", "status 500 4 times", 2),
        (503, {"Retry-After": "7"}, "", "status 503 4 times", 7),
        (429, {}, "Rate limit is exceeded. Try again in 11 seconds.", "status 429 4 times", 11),
        (429, {"Retry-After": "600"}, "", "asks for 600 seconds, and 60 is the most", None),
        (403, {}, "Out of call volume quota. Quota will be replenished in 10:11:12.", "quota of calls is used up", None),
        (403, {}, "<html>Access Denied</html>", "blocked", None),
        (412, {}, "<html><script>0</script></html>", "blocked", None),
        (302, {"Location": "https://elsewhere.example/page.html?a=b"}, "", r"sends us to https://elsewhere.example/page.html, which", None),
        (418, {}, "", "answered with status 418", None),
    ],
)
def test_each_status_has_its_sentence(
    world: World, clock: Clock, httpserver: HTTPServer, status: int, heads: dict[str, str], body: str, words: str, waits: float | None
) -> None:
    httpserver.expect_request("/page.html").respond_with_data(body, status=status, headers=heads)
    with pytest.raises(RefreshError, match=words):
        Client(world).get(httpserver.url_for("/page.html"), expect="html")
    slept = [seconds for seconds in clock.slept if seconds >= 2]
    assert len(slept) == (0 if waits is None else 3)
    if waits:
        assert waits <= slept[0] < waits + 1


def test_what_is_not_there_is_not_out_yet_and_204_is_empty(world: World, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/empty").respond_with_data("", status=204)
    httpserver.expect_request("/wrong").respond_with_data("error: unknown variable", status=400)
    asker = Client(world)
    httpserver.expect_request("/gone").respond_with_data("", status=404)
    with pytest.raises(NotOutError, match="not out yet, or has moved"):
        asker.get(httpserver.url_for("/gone"), expect="html")
    assert asker.get(httpserver.url_for("/empty"), expect="json").content == b""
    with pytest.raises(RefusedError, match="status 400"):
        asker.get(httpserver.url_for("/wrong"), expect="json")


@pytest.mark.parametrize(
    ("kind", "body", "expect", "words"),
    [
        ("text/html", "<html>Access blocked</html>", "json", "answered text/html instead of json"),
        ("text/html", "<html>Access blocked</html>", "csv", "answered text/html instead of csv"),
        ("application/json", "<html>Access blocked</html>", "json", "instead of json"),
        ("application/json", "null", "json", "does not begin as json does"),
        ("application/zip", "not a zip", "zip", "does not begin as zip does"),
        ("text/html", "plain words", "html", "does not begin as html does"),
        ("text/plain", "<rss></rss>", "xml", "answered text/plain instead of xml"),
    ],
)
def test_an_answer_of_another_kind_is_refused(world: World, httpserver: HTTPServer, kind: str, body: str, expect: str, words: str) -> None:
    httpserver.expect_request("/page").respond_with_data(body, content_type=kind)
    with pytest.raises(RefreshError, match=words):
        Client(world).get(httpserver.url_for("/page"), expect=expect)


def test_only_the_addresses_of_publishers_are_asked(world: World) -> None:
    for url in ("https://elsewhere.example/", "ftp://localhost/", "http://www.census.gov/"):
        with pytest.raises(RefreshError, match="at none of the addresses"):
            Client(replace(world, addresses=ADDRESSES)).get(url, expect="html")


@pytest.mark.parametrize("where_to", ["missing_key.html", "invalid_key.html"])
def test_the_page_for_a_key_is_named_and_not_followed(world: World, httpserver: HTTPServer, key: Secret, where_to: str) -> None:
    heads = {"Location": f"https://api.census.gov/data/{where_to}", "X-DataWebAPI-KeyError": "1"}
    httpserver.expect_request("/data").respond_with_data("", status=302, headers=heads)
    with pytest.raises(RefreshError, match="Set CENSUS_API_KEY") as caught:
        Client(world).get(httpserver.url_for("/data"), expect="json", secret=("?key", key))
    assert ("a wrong key" if "invalid" in where_to else "a missing key") in str(caught.value)
    assert len(httpserver.log) == 1


def failures() -> list[Callable[[Request], Response]]:
    return [
        lambda _: Response("", 302, {"Location": "/data/missing_key.html", "X-DataWebAPI-KeyError": "1"}),
        lambda _: Response("<html>A valid key must be included</html>", 200, content_type="text/html"),
        lambda _: Response("no", 500),
        lambda _: Response("no", 403),
        lambda _: Response("no", 400),
        lambda _: Response("", 404),
        lambda _: Response("{", 200, content_type="application/json"),
        lambda request: Response(f"you asked {request.url}", 418),
        lambda request: Response("", 302, {"Location": f"{request.url}&again=1"}),
    ]


@pytest.mark.parametrize("number", range(len(failures())))
@pytest.mark.parametrize("place", ["?key", "X-Key"])
def test_a_key_is_in_no_byte_of_a_failure(
    world: World,
    httpserver: HTTPServer,
    key: Secret,
    number: int,
    place: str,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)  # the server's own log is not ours
    httpserver.expect_request("/data").respond_with_handler(failures()[number])
    try:
        told = repr(Client(world).get(httpserver.url_for("/data"), [("get", "A")], expect="json", secret=(place, key)))
    except RefreshError as error:
        told = "".join(traceback.format_exception(error)) + repr(error.__context__)
    assert told
    printed = capsys.readouterr()
    for text in (told, caplog.text, printed.out, printed.err, repr(key), f"{key}", f"{key!s:>10}", repr(world)):
        assert KEY not in text
    assert any(KEY in f"{request.url} {request.headers}" for request, _ in httpserver.log)


def test_a_broken_connection_and_an_unknown_host_hide_the_key(world: World, key: Secret) -> None:
    address = "http://127.0.0.1:9"
    with pytest.raises(RefreshError, match="the connection failed") as caught:
        client(world, address).get(f"{address}/data", expect="json", secret=("?key", key))
    assert KEY not in "".join(traceback.format_exception(caught.value))


def test_a_key_is_never_handed_on_and_no_password_file_is_read(
    world: World, httpserver: HTTPServer, key: Secret, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text("machine localhost login ann password hidden\n", encoding="utf-8")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    httpserver.expect_request("/data").respond_with_data("", status=307, headers={"Location": httpserver.url_for("/other")})
    with pytest.raises(RefreshError, match="was not followed"):
        Client(world).get(httpserver.url_for("/data"), expect="json", secret=("X-Key", key), moves=True)
    assert len(httpserver.log) == 1
    assert "Authorization" not in httpserver.log[0][0].headers
    assert "Cookie" not in httpserver.log[0][0].headers


def test_a_secret_cannot_be_written(key: Secret) -> None:
    for write in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError, match="not written anywhere"):
            write(key)
    with pytest.raises(TypeError):
        json.dumps({"key": key})
    assert hide(f"a {KEY} b") == "a *** b"
    assert secret("NOT_SET", {}) is None
    assert secret("A", {"A": " k3yk3y "}).reveal() == "k3yk3y"


def test_requests_to_one_host_wait_for_each_other(world: World, clock: Clock, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/page").respond_with_data("<html></html>", content_type="text/html")
    asker = Client(world)
    for _ in range(3):
        asker.get(httpserver.url_for("/page"), expect="html")
    assert len(clock.slept) == 2
    agent = httpserver.log[0][0].headers["User-Agent"]
    assert agent.startswith("tradelib/")
