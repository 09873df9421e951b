"""Publishing: everything is checked before anything runs, and a failure leaves the old site whole."""

import contextlib
import io
import json
import os
import re
import signal
import subprocess
import sys
import types
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from report_samples import body, environment, executed, header, names, running, tree, two_reports, until, write_parameters, write_report

from tradelib.days import parse_day
from tradelib.errors import DayError, ParameterError, ReportError
from tradelib.report import execute as execution
from tradelib.report import publish as publishing
from tradelib.report.page_checks import broken_links, faults

pytestmark = pytest.mark.usefixtures("forked")
REAL_EXECUTE = execution.execute


def resolve_as_of(value: str) -> date:
    day = date(2026, 10, 9) if value == "latest" else parse_day(value)
    if day < date(2025, 1, 20):
        message = "as_of must not be before 2025-01-20."
        raise DayError(message)
    return day


def publish(out: Path, notebooks_dir: Path, *notebooks: str, days: tuple[str, ...] = ("2025-06-09",), **parameters: Any) -> Any:
    return publishing.publish(
        notebooks,
        days=days,
        out=out,
        notebooks_dir=notebooks_dir,
        resolve_as_of=resolve_as_of,
        parameters=parameters,
        data_hashes=lambda: {"law/steps.csv": "ab12"},
        stream=io.StringIO(),
    )


@pytest.fixture
def notebooks(tmp_path: Path) -> Path:
    return two_reports(tmp_path / "notebooks")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """No processes and no kernels: a notebook's run gives its header with the values it was given. Returns what was run."""
    runs: list[dict[str, Any]] = []

    def run(path: Path, values: dict[str, Any], **_: Any) -> Any:
        runs.append({"notebook": path.stem, **values})
        return executed(header(notebook=path.stem, as_of=values["as_of"], parameters=values), *body())

    monkeypatch.setattr(execution, "execute", run)
    monkeypatch.setattr(publishing, "run_jobs", one_by_one)
    return runs


def one_by_one(function: Callable[[Any], Any], jobs: list[Any], **_: Any) -> list[Any]:
    """What run_jobs does, in this process."""
    return [function(job) for job in jobs]


def test_published_in_processes_or_one_by_one_gives_the_same_site(notebooks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    made = publish(first, notebooks)
    monkeypatch.setattr(publishing, "run_jobs", one_by_one)
    publish(second, notebooks)
    assert tree(first) == tree(second)
    assert broken_links(first) == []
    for item in made:
        assert faults(item.page.read_text()) == []
        assert item.bytes == item.page.stat().st_size
    assert [(item.notebook, item.as_of, item.title) for item in made] == [
        ("01_briefing", date(2025, 6, 9), "The truce on 2025-06-09"),
        ("02_duties", date(2025, 6, 9), "The truce on 2025-06-09"),
    ]
    assert sorted(tree(made[0].page.parent)) == [
        "01_briefing.ipynb",
        "build.json",
        "data/commitments.csv",
        "data/headline_duties.csv",
        "figures/headline_duties.html",
        "figures/headline_duties.png",
        "figures/headline_duties.svg",
        "index.html",
    ]
    build = json.loads((made[0].page.parent / "build.json").read_text())
    assert build["parameters"] == {"as_of": "2025-06-09", "window_days": 90}
    assert build["data_sha256"] == {"law/steps.csv": "ab12"}
    assert {"papermill", "nbconvert"} <= set(build["packages"])
    assert not [name for name, content in tree(first).items() if str(tmp_path).encode() in content]


def fact(day: date, title: str) -> dict[str, Any]:
    return {"key": title, "day": day, "kind": "law", "title": title, "lines": ["10%"], "source": "An order", "url": "https://example.org/"}


def some_news(days: Sequence[date]) -> list[dict[str, Any]]:
    return [fact(day, f"Known on {day}") for day in days]


def learnt(since: date, until: date) -> list[dict[str, Any]]:
    return [fact(until, f"Learnt after {since}")]


def days_ahead(as_of: date) -> list[dict[str, Any]]:
    return [{"key": "end", "day": as_of + timedelta(days=30), "title": "The truce ends", "detail": "By law", "url": ""}]


def test_what_stands_beside_pages_is_the_same_whoever_works_it_out(notebooks: Path, tmp_path: Path, quick: list[Any]) -> None:
    """In a process that has made pages, where the functions can travel there; here, where they cannot; and for days of an earlier run."""
    asked: list[str] = []

    def here(ask: Callable[..., Any]) -> Callable[..., Any]:
        def told(*given: Any) -> Any:
            asked.append(ask.__name__)
            return ask(*given)

        return told

    def made(name: str, *days: str, travel: bool) -> dict[str, bytes]:
        functions = {"news": some_news, "between": learnt, "key_dates": days_ahead, "named_days": dict}
        given = functions if travel else {word: here(ask) for word, ask in functions.items()}
        publishing.publish(
            (), days=days, out=tmp_path / name, notebooks_dir=notebooks, resolve_as_of=resolve_as_of, stream=io.StringIO(), **given
        )  # fmt: skip
        return tree(tmp_path / name)

    first = made("first", "2025-06-09", "2025-07-01", travel=True)
    assert made("second", "2025-06-09", "2025-07-01", travel=False) == first
    assert set(asked) == {"some_news", "learnt", "days_ahead", "dict"}
    made("third", "2025-06-09", travel=True)
    assert made("third", "2025-07-01", travel=True) == first
    assert b"Known on 2025-07-01" in first["feed.xml"]
    assert len(quick) == 12


def fail_to_tell(_days: Sequence[date]) -> list[dict[str, Any]]:
    raise KeyError


def end_the_process(_days: Sequence[date]) -> list[dict[str, Any]]:
    raise SystemExit(3)


def names_of_days() -> Mapping[date, str]:
    return types.MappingProxyType({})  # which no pipe takes


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("ask", "error"), [({"news": fail_to_tell}, KeyError), ({"news": end_the_process}, SystemExit), ({"named_days": names_of_days}, None)]
)
def test_what_goes_wrong_beside_pages_is_told_as_it_was_raised(ask: dict[str, Any], error: Any, notebooks: Path, tmp_path: Path) -> None:
    with pytest.raises(error) if error else contextlib.nullcontext():
        publishing.publish(
            (),
            days=["2025-06-09"],
            out=tmp_path / "site",
            notebooks_dir=notebooks,
            resolve_as_of=resolve_as_of,
            stream=io.StringIO(),
            **ask,
        )
    assert (tmp_path / "site").exists() == (error is None)


def test_a_function_of_main_is_asked_where_it_stands() -> None:
    """In the process of a notebook that name is the notebook's."""
    assert publishing._can_travel(publishing.site.Beside(news=some_news))
    stranger = types.FunctionType(some_news.__code__, {}, "some_news")
    stranger.__module__ = "__main__"
    with pytest.MonkeyPatch.context() as there:
        there.setattr(sys.modules["__main__"], "some_news", stranger, raising=False)
        assert not publishing._can_travel(publishing.site.Beside(news=stranger))
    assert not publishing._can_travel(publishing.site.Beside(news=lambda _: []))


@pytest.mark.usefixtures("quick")
def test_a_failing_notebook_leaves_the_old_site_and_keeps_its_copy(notebooks: Path, tmp_path: Path) -> None:
    publish(tmp_path / "site", notebooks)
    before = tree(tmp_path / "site")
    with pytest.MonkeyPatch.context() as real:
        real.setattr(execution, "execute", REAL_EXECUTE)
        write_report(notebooks, "02_duties", extra="1 / 0")
        with pytest.raises(ReportError) as caught:
            publish(tmp_path / "site", notebooks, days=("2025-06-10",))
    assert re.fullmatch(
        r"02_duties with as_of=2025-06-10, window_days=90 failed in cell \d: ZeroDivisionError: division by zero\."
        r" Its executed copy is site\.failed/02_duties-2025-06-10\.ipynb\.",
        str(caught.value),
    )
    assert "ZeroDivisionError" in (tmp_path / "site.failed" / "02_duties-2025-06-10.ipynb").read_text()
    assert tree(tmp_path / "site") == before
    assert names(tmp_path) == ["notebooks", "site", "site.failed"]
    write_report(notebooks, "02_duties")
    publish(tmp_path / "site", notebooks, days=("2025-06-10",))
    assert not (tmp_path / "site.failed").exists()


def test_notebooks_times_days_each_once(notebooks: Path, tmp_path: Path, quick: list[Any]) -> None:
    made = publish(tmp_path / "site", notebooks, "02_duties", "01_briefing.ipynb", "02_duties", days=("latest", "2025-06-09", "2026-10-09"))
    assert [(item.notebook, item.as_of.isoformat()) for item in made] == [
        ("02_duties", "2026-10-09"),
        ("02_duties", "2025-06-09"),
        ("01_briefing", "2026-10-09"),
        ("01_briefing", "2025-06-09"),
    ]
    assert [run["as_of"] for run in quick] == ["2025-06-09", "2026-10-09"] * 2  # the last begin first


def test_a_changed_parameter_gets_a_folder_of_its_own(notebooks: Path, tmp_path: Path, quick: list[Any]) -> None:
    changed = publish(tmp_path / "site", notebooks, "01_briefing", window_days="30")
    default = publish(tmp_path / "site", notebooks, "01_briefing", window_days="90")
    assert [made[0].page.parent.name for made in (changed, default)] == ["2025-06-09--window_days-30", "2025-06-09"]
    assert [run["window_days"] for run in quick] == [30, 90]


@pytest.mark.parametrize(
    ("chosen", "days", "given", "error", "words"),
    [
        (
            ("01_brefing",),
            ("latest",),
            {},
            ParameterError,
            "no notebook '01_brefing'. Did you mean 01_briefing? Known: 01_briefing, 02_duties.",
        ),
        (("01_briefing",), ("latest",), {"window_day": "3"}, ParameterError, "Did you mean window_days?"),
        (("01_briefing",), ("latest",), {"window_days": "x"}, ParameterError, "must be a whole number"),
        (
            (),
            ("latest",),
            {"hs_code": "1"},
            ParameterError,
            "hs_code is declared by 02_duties but not by 01_briefing; with several notebooks",
        ),
        ((), ("latest",), {"nothing": "1"}, ParameterError, "01_briefing has no parameter 'nothing'."),
        ((), ("latest",), {"as_of": "2025-06-09"}, ParameterError, "give it as the day (--as-of)"),
        ((), ("2025-06-09", "2025-6-9"), {}, DayError, "as_of must be an ISO day such as 2025-06-09, not '2025-6-9'."),
        ((), ("2025-06-09", "2024-01-01"), {}, DayError, "not be before 2025-01-20"),
    ],
)
def test_a_wrong_name_or_value_is_refused_before_anything_runs(
    notebooks: Path,
    tmp_path: Path,
    quick: list[Any],
    chosen: tuple[str, ...],
    days: tuple[str, ...],
    given: Any,
    error: Any,
    words: str,
) -> None:
    with pytest.raises(error) as caught:
        publish(tmp_path / "site", notebooks, *chosen, days=days, **given)
    assert words in str(caught.value)
    assert quick == []
    assert names(tmp_path) == ["notebooks"]


def test_a_target_that_cannot_be_used_is_refused_before_anything_runs(notebooks: Path, tmp_path: Path, quick: list[Any]) -> None:
    (tmp_path / "file").write_text("x")
    for out in (tmp_path / "file" / "site", tmp_path / "file", notebooks):
        with pytest.raises(ReportError):
            publish(out, notebooks)
    with publishing.swap.locked(tmp_path / "site"), pytest.raises(ReportError, match="Another run"):
        publish(tmp_path / "site", notebooks)
    assert quick == []


@pytest.mark.usefixtures("quick")
def test_a_notebook_without_a_day_cannot_be_published(tmp_path: Path) -> None:
    write_parameters(tmp_path, "window_days = 90")
    with pytest.raises(ParameterError, match="01_briefing declares no parameter as_of"):
        publish(tmp_path / "site", tmp_path)


def test_a_folder_without_notebooks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="holds no notebooks"):
        publish(tmp_path / "site", tmp_path)


@pytest.mark.parametrize(
    ("used", "words"),
    [
        ({"as_of": "2025-06-10"}, "asked for with as_of = '2025-06-09', but its header says '2025-06-10'"),
        ({"parameters": {"window_days": 91}}, "asked for with window_days = 90, but its header says 91"),
        ({"parameters": {}}, "declares window_days but does not pass it"),
        ({"notebook": "02_duties"}, "its header says '02_duties'"),
    ],
)
@pytest.mark.usefixtures("quick")
def test_a_page_computed_for_something_else_than_asked_is_refused(
    notebooks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, used: dict[str, Any], words: str
) -> None:
    monkeypatch.setattr(execution, "execute", lambda *_, **__: executed(header(**used), *body()))
    with pytest.raises(ReportError) as caught:
        publish(tmp_path / "site", notebooks, "01_briefing")
    assert words in str(caught.value)
    assert (tmp_path / "site.failed" / "01_briefing-2025-06-09.ipynb").is_file()
    assert not (tmp_path / "site").exists()


def test_run_in_place_writes_once_and_leaves_a_failing_notebook_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "run_jobs", one_by_one)
    good = write_report(tmp_path)
    first = publishing.run_in_place([], notebooks_dir=tmp_path, stream=io.StringIO())
    written = good.read_bytes()
    bad = write_report(tmp_path, "02_duties", extra="1 / 0")
    before = bad.read_bytes()
    with pytest.raises(ReportError, match="02_duties with its default parameters failed in cell"):
        publishing.run_in_place([], notebooks_dir=tmp_path, stream=io.StringIO())
    second = publishing.run_in_place(["01_briefing"], notebooks_dir=tmp_path, stream=io.StringIO())
    assert [item.changed for item in first + second] == [True, False]
    assert good.read_bytes() == written
    assert b"injected-parameters" not in written
    assert b"The truce on 2026-10-09" in written
    assert bad.read_bytes() == before
    assert names(tmp_path) == ["01_briefing.ipynb", "02_duties.ipynb"]


RUN = """\
import signal, sys
from pathlib import Path
from tradelib.days import parse_day
from tradelib.report.publish import publish

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell lets what it starts in the background ignore it
    publish([], days=["2025-06-09"], out=sys.argv[1], notebooks_dir=sys.argv[2], resolve_as_of=parse_day)
"""


@pytest.mark.usefixtures("quick")
@pytest.mark.skipif(os.name == "nt", reason="a process cannot be sent Ctrl-C alone on Windows")
def test_ctrl_c_leaves_the_old_site_and_no_kernel(notebooks: Path, tmp_path: Path) -> None:
    publish(tmp_path / "site", notebooks, "01_briefing")
    before = tree(tmp_path / "site")
    (notebooks / "02_duties.ipynb").unlink()
    write_report(notebooks, extra=f"import os, time\nopen({str(notebooks / 'pid')!r}, 'w').write(str(os.getpid()))\ntime.sleep(3600)")
    script = tmp_path / "run.py"
    script.write_text(RUN)
    run = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path / "site"), str(notebooks)], stderr=subprocess.DEVNULL, env=environment()
    )
    until(lambda: run.poll() is not None or ((notebooks / "pid").exists() and (notebooks / "pid").read_text()))
    assert run.poll() is None
    run.send_signal(signal.SIGINT)
    assert run.wait(60) != 0
    until(lambda: not running(int((notebooks / "pid").read_text())))
    assert tree(tmp_path / "site") == before
    assert not [name for name in names(tmp_path) if name.startswith(".")]


def test_what_is_up_to_date_is_not_made_again_and_is_said(notebooks: Path, tmp_path: Path, quick: list[Any]) -> None:
    site = tmp_path / "site"
    publish(site, notebooks)
    before = tree(site)
    said = io.StringIO()
    made = publishing.publish(
        [], days=["2025-06-09"], out=site, notebooks_dir=notebooks, resolve_as_of=resolve_as_of,
        data_hashes=lambda: {"law/steps.csv": "ab12"}, stream=said,
    )  # fmt: skip
    assert made == []
    assert len(quick) == 2
    assert "2 pages up to date, not made again" in said.getvalue()
    assert tree(site) == before


def test_a_page_that_somebody_edited_is_made_again(notebooks: Path, tmp_path: Path, quick: list[Any]) -> None:
    """Its key is still that of the data: a number typed over in the page would stay for good."""
    site = tmp_path / "site"
    publish(site, notebooks)
    before = tree(site)
    page = site / "reports/01_briefing/2025-06-09/index.html"
    page.write_bytes(page.read_bytes().replace(b"2025", b"2035"))
    publish(site, notebooks)
    assert len(quick) == 3
    assert tree(site) == before


def test_the_data_are_held_against_their_description_before_a_page_is_made_and_not_for_none(
    notebooks: Path, tmp_path: Path, quick: list[Any]
) -> None:
    asked: list[int] = []

    def again(**more: Any) -> None:
        publishing.publish(
            (), days=["2025-06-09"], out=tmp_path / "site", notebooks_dir=notebooks, resolve_as_of=resolve_as_of, stream=io.StringIO(),
            verify_data=lambda: asked.append(len(quick)), **more,
        )  # fmt: skip

    again()
    again()
    assert asked == [0]
    again(again=True)
    assert asked == [0, 2]


def test_a_touched_notebook_is_made_again_and_no_other(notebooks: Path, tmp_path: Path, quick: list[Any]) -> None:
    publish(tmp_path / "site", notebooks)
    quick.clear()
    write_report(notebooks, "02_duties", extra="1 + 1")
    made = publish(tmp_path / "site", notebooks)
    assert [item.notebook for item in made] == ["02_duties"]
    assert [run["notebook"] for run in quick] == ["02_duties"]


@pytest.mark.parametrize("name", ["_package", "_libraries", "python_version"])
def test_another_package_library_or_python_makes_pages_again(
    notebooks: Path, tmp_path: Path, quick: list[Any], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    publish(tmp_path / "site", notebooks)
    monkeypatch.setattr(publishing.keys, name, lambda: "another")
    assert len(publish(tmp_path / "site", notebooks)) == 2
    assert len(quick) == 4


def test_other_data_another_day_or_the_wish_make_pages_again(notebooks: Path, tmp_path: Path, quick: list[Any]) -> None:
    common = {"out": tmp_path / "site", "notebooks_dir": notebooks, "resolve_as_of": resolve_as_of, "stream": io.StringIO()}
    for number, more in enumerate([{"data_hashes": lambda: {"a": "1"}}, {"data_hashes": lambda: {"a": "2"}}, {"again": True}], start=1):
        publishing.publish(["01_briefing"], days=["2025-06-09"], **common, **more)
        assert len(quick) == number
    publishing.publish(["01_briefing"], days=["2025-06-09", "2025-06-10"], **common)
    assert [run["as_of"] for run in quick[3:]] == ["2025-06-10"]


def test_a_check_makes_pages_again_compares_them_and_changes_nothing(notebooks: Path, tmp_path: Path, quick: list[Any]) -> None:
    site = tmp_path / "site"
    asked = {"days": ["2025-06-09"], "out": site, "notebooks_dir": notebooks, "resolve_as_of": resolve_as_of, "check": True}
    publish(site, notebooks)
    said = io.StringIO()
    publishing.publish([], **asked, stream=said)
    assert "2 pages made again: no byte differs" in said.getvalue()
    assert len(quick) == 4
    page = site / "reports/02_duties/2025-06-09/index.html"
    page.write_text(page.read_text().replace("</h1>", "!</h1>", 1))
    before = tree(site)
    with pytest.raises(ReportError, match=r"differ from what is made now, or are not there: reports/02_duties/2025-06-09\. Publish"):
        publishing.publish([], **asked, stream=io.StringIO())
    with pytest.raises(ReportError, match="reports/01_briefing/2025-06-10, reports/02_duties/2025-06-10"):
        publishing.publish([], **{**asked, "days": ["2025-06-10"]}, stream=io.StringIO())
    assert tree(site) == before


def test_another_address_is_taken_though_every_page_is_up_to_date(notebooks: Path, tmp_path: Path, quick: list[Any]) -> None:
    asked: list[list[date]] = []

    def published(address: str) -> str:
        publishing.publish(
            [], days=["2025-06-09", "2025-08-12"], out=tmp_path / "site", notebooks_dir=notebooks, resolve_as_of=resolve_as_of,
            address=address, news=lambda days: asked.append(list(days)) or [], stream=io.StringIO(),
        )  # fmt: skip
        return (tmp_path / "site" / "feed.xml").read_text()

    assert '<link rel="self" href="feed.xml"/>' in published("")
    assert '<link rel="self" href="https://example.org/truce/feed.xml"/>' in published("https://example.org/truce")
    published(" https://example.org/truce/ ")
    assert len(quick) == 4
    assert asked == [[date(2025, 6, 9), date(2025, 8, 12)]] * 2


@pytest.mark.parametrize(
    "address", ["example.org", "ftp://example.org", "https://", "https://a b.org", "http://[", "https://example.org/?a=1"]
)
def test_half_an_address_is_refused_before_anything_runs(notebooks: Path, tmp_path: Path, quick: list[Any], address: str) -> None:
    with pytest.raises(ReportError, match=r"has to be whole, such as https://example\.org/truce/, not"):
        publishing.publish(
            [], days=["2025-06-09"], out=tmp_path / "site", notebooks_dir=notebooks, resolve_as_of=resolve_as_of, address=address
        )
    assert quick == []
    assert not (tmp_path / "site").exists()


def test_a_page_made_elsewhere_from_the_same_is_taken_over_and_a_damaged_one_refused(
    notebooks: Path, tmp_path: Path, quick: list[Any]
) -> None:
    publish(tmp_path / "ci", notebooks)
    asked = {"days": ["2025-06-09"], "notebooks_dir": notebooks, "resolve_as_of": resolve_as_of, "take_from": tmp_path / "ci"}
    asked["data_hashes"] = lambda: {"law/steps.csv": "ab12"}
    write_report(notebooks, "02_duties", extra="1 + 1")
    said = io.StringIO()
    made = publishing.publish([], **asked, out=tmp_path / "site", stream=said)
    assert [item.notebook for item in made] == ["02_duties"]
    assert len(quick) == 3
    assert "1 page taken over, not made again" in said.getvalue()
    page = "reports/01_briefing/2025-06-09"
    for name, held in tree(tmp_path / "ci" / page).items():
        assert (tmp_path / "site" / page / name).read_bytes() == held or name == "index.html", name
    assert broken_links(tmp_path / "site") == []
    data = tmp_path / "ci" / page / "data" / "commitments.csv"
    data.write_bytes(data.read_bytes().replace(b"24", b"25"))
    with pytest.raises(ReportError, match=r"reports/01_briefing/2025-06-09 of ci is damaged"):
        publishing.publish([], **asked, out=tmp_path / "second", stream=io.StringIO())
    with pytest.raises(ReportError, match="is no site of tradelib"):
        publishing.publish([], **{**asked, "take_from": notebooks}, out=tmp_path / "second", stream=io.StringIO())
    assert len(quick) == 3


def test_what_a_page_rests_on_is_what_reports_require_and_not_what_else_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib import metadata

    held = publishing.keys.closure("tradelib", "report")
    assert {"pandas", "numpy", "matplotlib", "papermill", "nbconvert", "jinja2", "pillow", "ipython", "traitlets"} <= set(held)
    assert not {"pytest", "hypothesis", "nbval", "jupyterlab", "playwright", "openpyxl", "tradelib"} & set(held)
    real = metadata.distribution

    def another(name: str) -> Any:
        found = real(name)
        return type("Other", (), {"version": "0", "requires": found.requires}) if name == "traitlets" else found

    monkeypatch.setattr(metadata, "distribution", another)
    assert publishing.keys.closure("tradelib", "report") == {**held, "traitlets": "0"}


@pytest.mark.parametrize(
    ("given", "opened"), [({}, "index.html"), ({"window_days": "7"}, "01_briefing/2025-06-09--window_days-7/index.html")]
)
def test_a_page_that_no_page_of_the_site_leads_to_is_named_at_the_end(
    notebooks: Path, tmp_path: Path, quick: list[dict[str, Any]], given: dict[str, str], opened: str
) -> None:
    said = io.StringIO()
    asked = {"days": ["2025-06-09"], "out": tmp_path / "site", "notebooks_dir": notebooks, "resolve_as_of": resolve_as_of}
    publishing.publish(["01_briefing"], **asked, parameters=given, stream=said)
    assert quick
    assert said.getvalue().splitlines()[-1].endswith(f"open {tmp_path / 'site' / ('reports' if given else '') / opened}")
