"""A write leaves the old or the new, whatever ends it; two runs wait for each other; a new edition keeps what is still true."""

import errno
import json
import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from refresh_samples import (
    ADDRESSES,
    Clock,
    at,
    base,
    clock,
    no_home_left,
    no_other_socket,
    serve_pages,
    small_edition,
    statistic,
    tree,
    values,
    where,
    world,
)

from tradelib import catalogue, ledger, refresh
from tradelib.catalogue import home
from tradelib.errors import CatalogueError
from tradelib.refresh import append
from tradelib.refresh.append import Addition, locked
from tradelib.refresh.calendars import Calendar
from tradelib.refresh.errors import RefreshError
from tradelib.refresh.ledger import Ledger
from tradelib.refresh.observations import Observation
from tradelib.refresh.plan import Judge, Part, Plan
from tradelib.refresh.state import State
from tradelib.refresh.world import World

SERIES = "us_imports_from_china_usd"
# How many times a write is killed at random; `TRADELIB_KILLS=200` for a longer proof.
KILLS = int(os.environ.get("TRADELIB_KILLS", "20"))
STEPS = ("half a log", "a log", "copied", "a table", "described", "verified", "built", "pointed")


def row(period: str, value: str, vintage: str = "2026-11-04") -> Addition:
    return Addition("statistics", statistic(SERIES, f"{period}-01", value, vintage), "0" * 64)


def append_rows(world: World, *rows: Addition, run: str = "a run") -> Path:
    with locked(world):
        return append.write(world, rows, run=run, evidence={"statistics": world.today})


def newest(world: World) -> Path | None:
    return home.current(world.home, world.base)


def rows_of(folder: Path) -> set[tuple[str, float]]:
    return {(f"{item.period:%Y-%m}", item.value) for item in catalogue.load("statistics", folder=folder).itertuples()}


def in_child(work: Callable[[], None]) -> int:
    """The status of a process that does the work; what it prints is lost."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    return os.waitpid(child, 0)[1]


def die(at_step: str) -> Callable[[str], None]:
    def fault(step: str) -> None:
        if step == at_step:
            os.kill(os.getpid(), signal.SIGKILL)

    return fault


def test_rows_make_a_package_that_verifies_and_says_what_it_is(world: World) -> None:
    folder = append_rows(world, row("2026-09", "23000000000"))
    assert folder == newest(world) == world.home / "generations" / "000001"
    catalogue.verify(folder=folder)
    edition = catalogue.edition(folder=folder)
    assert (edition.version, edition.refreshed_on, edition.refreshed_rows) == ("2026.10+20261129", date(2026, 11, 29), 1)
    assert edition.evidence_through == date(2026, 10, 9)
    assert catalogue.evidence_through("statistics", folder=folder) == date(2026, 11, 29)
    assert catalogue.evidence_through("rare_earths", folder=folder) == date(2026, 10, 9)
    assert catalogue.observed_through(date(2026, 12, 24), table="statistics", folder=folder) == date(2026, 11, 29)
    assert catalogue.observed_through(date(2026, 12, 24), folder=folder) == date(2026, 10, 9)
    assert catalogue.resolve_as_of("latest", folder=folder) == date(2026, 11, 29)
    assert (world.home / "rows" / "statistics.csv").read_text(encoding="utf-8").count("\n") == 2
    assert tree(world.base) == tree(small_edition(world.base.parent / "again"))


def test_rows_are_appended_upon_a_package_that_nobody_may_write_to(world: World) -> None:
    """As one that an administrator installed: what is built from it can be written to, and deleted."""
    for path in [world.base, *world.base.rglob("*")]:
        path.chmod(path.stat().st_mode & ~0o222)
    try:
        folder = append_rows(world, row("2026-09", "23000000000"))
    finally:
        for path in [world.base, *world.base.rglob("*")]:
            path.chmod(path.stat().st_mode | 0o200)
    assert [path.name for path in [folder, *folder.rglob("*")] if not path.stat().st_mode & 0o200] == []
    assert tree(folder).keys() == tree(world.base).keys()


@pytest.mark.parametrize("step", STEPS)
def test_a_write_killed_at_a_step_leaves_the_old_or_the_new(world: World, step: str) -> None:
    append_rows(world, row("2026-08", "22000000000"))
    old, new = {("2026-08", 22e9)}, {("2026-08", 22e9), ("2026-09", 23e9)}
    status = in_child(lambda: append_rows(replace(world, fault=die(step)), row("2026-09", "23000000000")))
    assert os.WIFSIGNALED(status)
    folder = newest(world)
    catalogue.verify(folder=folder)
    assert rows_of(folder) == (new if step == "pointed" else old)
    # The next run takes the lock of the dead one, cleans up and completes.
    again = [] if step == "pointed" else [row("2026-09", "23000000000")]
    folder = append_rows(world, *again)
    catalogue.verify(folder=folder)
    assert rows_of(folder) == new
    assert not list((world.home / "generations").glob("*.part"))
    assert (world.home / "rows" / "statistics.csv").read_text(encoding="utf-8").count("\n") == 3


@pytest.mark.parametrize("step", STEPS[:-1])
def test_a_first_write_that_is_killed_leaves_the_edition(world: World, step: str) -> None:
    in_child(lambda: append_rows(replace(world, fault=die(step)), row("2026-09", "23000000000")))
    assert newest(world) is None
    folder = append_rows(world, row("2026-09", "23000000001"))
    assert rows_of(folder) == {("2026-09", 23000000001.0)}


def test_writes_killed_at_random_leave_the_old_or_the_new(world: World) -> None:
    """Each write appends one row; after each kill the package that is pointed at verifies and holds a run of rows without a hole."""
    first = row("2000-01", "1")
    begin = time.perf_counter()
    append_rows(world, first)
    lasts = time.perf_counter() - begin
    draw = random.Random(15)
    held, kills, survived = 1, 0, 0
    while kills < KILLS:
        period = f"{2000 + held // 12}-{held % 12 + 1:02d}"
        child = os.fork()
        if child == 0:
            refused = 1
            try:
                append_rows(world, row(period, str(held + 1)))
                refused = 0
            finally:
                os._exit(refused)
        time.sleep(draw.uniform(0, lasts * 1.2))
        os.kill(child, signal.SIGKILL)
        status = os.waitpid(child, 0)[1]
        killed = os.WIFSIGNALED(status)
        assert killed or status == 0, "a run that was killed must not stand in the way of the next"
        folder = newest(world)
        catalogue.verify(folder=folder)
        found = sorted(value for _, value in rows_of(folder))
        assert found in ([float(value) for value in range(1, held + 1)], [float(value) for value in range(1, held + 2)])
        held = len(found)
        kills += killed
        survived += not killed
        assert survived < 20 * KILLS
    folder = append_rows(world, row("2026-09", "9"))
    catalogue.verify(folder=folder)
    assert len(rows_of(folder)) == held + 1


def test_a_pointer_or_package_that_is_broken_leaves_the_edition(world: World) -> None:
    append_rows(world, row("2026-09", "23000000000"))
    (world.home / "CURRENT").write_text("../../etc\n", encoding="ascii")
    assert newest(world) is None
    (world.home / "CURRENT").write_text("000009\n", encoding="ascii")
    assert newest(world) is None
    (world.home / "CURRENT").write_text("000001\n", encoding="ascii")
    descriptor = world.home / "generations" / "000001" / "datapackage.json"
    descriptor.write_text(descriptor.read_text(encoding="utf-8")[:100], encoding="utf-8")
    assert newest(world) is None


def test_a_package_that_was_damaged_is_built_anew(world: World) -> None:
    folder = append_rows(world, row("2026-09", "23000000000"))
    assert refresh.make(world, []).rebase is False
    table = folder / "trade" / "statistics.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("23000000000", "32000000000"), encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"of your refreshed data: its content is not .*`tradelib refresh --write` builds them anew"):
        catalogue.load("statistics", folder=folder)
    plan = refresh.make(world, [])
    assert plan.rebase
    folder = refresh.write(world, plan)
    assert rows_of(folder) == {("2026-09", 23e9)}


@pytest.mark.parametrize("lost", ["package", "all packages", "pointer"])
def test_what_somebody_took_away_does_not_take_rows_with_it(world: World, lost: str) -> None:
    append_rows(world, row("2026-08", "22000000000"))
    append_rows(world, row("2026-09", "23000000000"))
    for number in {"package": ["000002"], "all packages": ["000001", "000002"], "pointer": []}[lost]:
        shutil.rmtree(world.home / "generations" / number)
    if lost == "pointer":
        (world.home / "CURRENT").unlink()
        append_rows(world, row("2026-10", "24000000000"), run="later")
        assert (world.home / "rows" / "statistics.later.left").read_text(encoding="utf-8").count("\n") == 3
        return
    plan = refresh.make(world, [])
    assert plan.rebase
    folder = refresh.write(world, plan)
    assert rows_of(folder) == {("2026-08", 22e9), ("2026-09", 23e9)}


def test_a_changed_log_is_named(world: World) -> None:
    append_rows(world, row("2026-09", "23000000000"))
    log = world.home / "rows" / "statistics.csv"
    log.write_text(log.read_text(encoding="utf-8").replace("23000000000", "32000000000"), encoding="utf-8")
    with pytest.raises(RefreshError, match=r"statistics.csv is not what the refresh of this home wrote. Restore it"):
        append_rows(world, row("2026-10", "24000000000"))


def full(_step: str) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_leaves_what_was_there(world: World) -> None:
    folder = append_rows(world, row("2026-08", "22000000000"))
    before = tree(folder)
    with pytest.raises(RefreshError, match="no space left on device"):
        append_rows(replace(world, fault=full), row("2026-09", "23000000000"))
    assert newest(world) == folder
    assert tree(folder) == before


def test_a_home_that_cannot_be_written_is_named(world: World, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    for place in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/nowhere")):
        with pytest.raises(RefreshError, match=r"cannot be written .*Set TRADELIB_DATA_HOME"), locked(replace(world, home=place)):
            pass


def test_two_runs_wait_for_each_other(world: World) -> None:
    with locked(world):
        with pytest.raises(RefreshError, match=rf"at work: process {os.getpid()} on .* since 2026-11-29T14:02:00"), locked(world):
            pass
        status = in_child(lambda: os.kill(os.getpid(), signal.SIGKILL) if taken(world) else None)
        assert not os.WIFSIGNALED(status)
    assert taken(world)
    assert not (world.home / "lock").exists()


def taken(world: World) -> bool:
    try:
        with locked(world):
            return True
    except RefreshError:
        return False


@pytest.mark.parametrize("late", [False, True], ids=["before", "after"])
def test_a_lock_appears_with_its_words_however_early_its_run_is_killed(world: World, monkeypatch: pytest.MonkeyPatch, late: bool) -> None:
    """One that is empty would be in the way for a minute, for it could be another's that is being written."""
    link = os.link

    def dies(source: Path, target: Path) -> None:
        if late:
            link(source, target)
        os.kill(os.getpid(), signal.SIGKILL)

    with monkeypatch.context() as patched:
        patched.setattr(os, "link", dies)
        assert os.WIFSIGNALED(in_child(lambda: taken(world)))
    assert (world.home / "lock").exists() is late
    assert rows_of(append_rows(world, row("2026-09", "23000000000"))) == {("2026-09", 23e9)}
    assert not list(world.home.glob(".lock.*"))


@pytest.mark.parametrize("number", [errno.EPERM, errno.ENOTSUP, errno.EINVAL])
def test_a_disk_without_hard_links_has_a_lock_too(world: World, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def without(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "link", without)
    with locked(world):
        assert json.loads((world.home / "lock").read_text(encoding="utf-8"))["process"] == os.getpid()
        assert not taken(world)
    assert taken(world)


def test_a_lock_that_was_left_is_taken_over(world: World, clock: Clock) -> None:
    lock = world.home / "lock"
    lock.parent.mkdir(parents=True)
    far = {"process": 1, "host": "another-machine", "since": "2026-11-29T13:30:00+00:00"}
    lock.write_text(json.dumps(far), encoding="utf-8")
    assert not taken(world)
    clock.set("2026-11-29T12:00:00")  # a clock set back frees nothing
    assert not taken(world)
    clock.set("2026-11-29T14:31:00")
    assert taken(world)
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    lock.write_text(json.dumps({"process": child, "host": os.uname().nodename, "since": "2026-11-29T14:30:00+00:00"}), encoding="utf-8")
    assert taken(world)
    lock.write_text("", encoding="utf-8")  # one that is being written, or that a full disk left
    os.utime(lock, (clock.at.timestamp(), clock.at.timestamp()))
    assert not taken(world)
    clock.set("2026-11-29T14:33:00")
    assert taken(world)


def test_a_clock_set_back_appends_nothing(at: Callable[[str], World], httpserver: HTTPServer) -> None:
    serve_pages(httpserver, {"2026-05": ("9,000.0", "23,500.0")})
    refresh.write(at("2026-08-20T12:00:00"), refresh.make(at("2026-08-20T12:00:00"), ["census_pages"]))
    serve_pages(httpserver, {"2026-05": ("9,000.0", "23,600.0")})
    refresh.write(at("2026-08-21T12:00:00"), refresh.make(at("2026-08-21T12:00:00"), ["census_pages"]))
    serve_pages(httpserver, {"2026-05": ("9,000.0", "23,700.0"), "2026-06": ("9,000.0", "25,000.0")})
    plan = refresh.make(at("2026-06-20T12:00:00"), ["census_pages"])
    assert plan.changes == []
    reasons = {change.observation.key[1]: "; ".join(change.reasons) for change in plan.held_back}
    assert "a wrong clock" in reasons["2026-05-01"]
    assert "before its day" in reasons["2026-06-01"]


def test_a_new_edition_keeps_what_is_still_true(world: World) -> None:
    append_rows(world, row("2026-07", "21000000000"), row("2026-08", "22000000000"), row("2026-09", "23000000000"))
    held = [
        statistic(SERIES, "2026-07-01", "21000000000", "2026-11-04"),
        statistic(SERIES, "2026-08-01", "29000000000", "2026-11-04"),
    ]
    newer = replace(world, base=small_edition(world.base.parent / "newer", {"statistics": held}, version="2026.12"))
    package = json.loads((newer.base / "datapackage.json").read_text(encoding="utf-8"))
    package["tradelib:evidence_through"] = "2026-12-01"
    (newer.base / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    catalogue.seal(folder=newer.base)
    assert newest(newer) is None  # until it is rebased, the new edition alone is read
    plan = refresh.make(newer, [])
    assert (plan.rebase, plan.dropped, [row["period"] for _, row in plan.contradicted]) == (True, 1, ["2026-08-01"])
    folder = refresh.write(newer, plan)
    assert folder == newest(newer)
    assert rows_of(folder) == {("2026-07", 21e9), ("2026-08", 29e9), ("2026-09", 23e9)}
    assert catalogue.edition(folder=folder).version == "2026.12+20261129"
    assert catalogue.edition(folder=folder).refreshed_rows == 1
    assert refresh.make(newer, []).rebase is False
    assert rows_of(append_rows(newer, row("2026-10", "24000000000"))) >= {("2026-10", 24e9), ("2026-09", 23e9)}


def test_a_new_edition_that_holds_everything_leaves_nothing_over(world: World) -> None:
    append_rows(world, row("2026-08", "22000000000"), row("2026-09", "23000000000", "2026-11-20"))
    held = [
        statistic(SERIES, "2026-08-01", "22000000000", "2026-11-04"),
        statistic(SERIES, "2026-09-01", "23000000000", "2026-11-04"),
    ]
    newer = replace(world, base=small_edition(world.base.parent / "newer", {"statistics": held}, version="2026.12"))
    package = json.loads((newer.base / "datapackage.json").read_text(encoding="utf-8"))
    package["tradelib:evidence_through"] = "2026-12-01"
    (newer.base / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    catalogue.seal(folder=newer.base)
    folder = refresh.write(newer, refresh.make(newer, []))
    assert catalogue.edition(folder=folder).refreshed_rows == 0
    assert len(catalogue.load("statistics", folder=folder)) == 2


def test_old_packages_are_kept_for_a_week_and_two_always(world: World, clock: Clock) -> None:
    for number in range(1, 5):
        append_rows(world, row(f"2026-0{number}", str(number)))
    names = sorted(path.name for path in (world.home / "generations").iterdir())
    assert names == ["000001", "000002", "000003", "000004"]
    clock.at = datetime.now(UTC).replace(microsecond=0)
    clock.set(f"{clock.at.year + 1}-01-01T00:00:00")
    append_rows(world, row("2026-05", "5", "2026-11-05"))
    assert sorted(path.name for path in (world.home / "generations").iterdir()) == ["000004", "000005"]


def test_into_a_checkout_files_are_replaced_and_the_list_of_hashes_last(world: World) -> None:
    before = tree(world.base)
    names = append.write_checkout(world, [row("2026-09", "23000000000", "2026-10-06")], evidence={"statistics": date(2026, 10, 6)})
    assert names == ["statistics"]
    catalogue.verify(folder=world.base)
    assert rows_of(world.base) == {("2026-09", 23e9)}
    changed = {name for name, content in tree(world.base).items() if before.get(name) != content}
    assert changed == {"SHA256SUMS", "datapackage.json", "trade/statistics.csv"}
    status = in_child(
        lambda: append.write_checkout(replace(world, fault=die("replaced statistics")), [row("2026-10", "24000000000")], evidence={})
    )
    assert os.WIFSIGNALED(status)
    with pytest.raises(CatalogueError, match=r"data/trade/statistics.csv: its content is not what the package recorded.*git checkout"):
        catalogue.load("statistics", folder=world.base)
    with pytest.raises(RefreshError, match="an installed copy"):
        append.write_checkout(replace(world, base=world.base / "_data"), [], evidence={})


def test_seal_replaces_the_list_of_hashes_at_once(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tree(base)
    (base / "trade" / "statistics.csv").write_text(
        (base / "trade" / "statistics.csv").read_text(encoding="utf-8")
        + f"{SERIES},2026-09-01,1,2026-10-06,observed,2026-10-06,a,,,high,\n",
        encoding="utf-8",
    )

    def fails(_file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(OSError, match="No space"):
        catalogue.seal(folder=base)
    assert tree(base) == before | {"trade/statistics.csv": (base / "trade" / "statistics.csv").read_bytes()}


@pytest.mark.usefixtures("no_home_left")
class TestWhichDataAreRead:
    def test_the_newest_package_of_this_edition_is_read(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        folder = append_rows(world, row("2026-09", "23000000000"))
        monkeypatch.delenv("TRADELIB_DATA", raising=False)
        monkeypatch.setenv("TRADELIB_DATA_HOME", str(world.home))
        monkeypatch.setattr(home, "edition_folder", lambda: world.base)
        assert catalogue.data_folder() == folder
        assert os.environ["TRADELIB_DATA"] == str(folder)
        append_rows(world, row("2026-10", "24000000000"))
        assert catalogue.data_folder() == folder  # once a process

    def test_the_edition_is_read_without_a_look_at_the_home(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        append_rows(world, row("2026-09", "23000000000"))
        monkeypatch.setenv("TRADELIB_DATA", "edition")
        monkeypatch.setenv("TRADELIB_DATA_HOME", str(world.home))
        touched = []
        stat, opened = os.stat, open
        monkeypatch.setattr(os, "stat", lambda path, *rest, **named: touched.append(str(path)) or stat(path, *rest, **named))
        monkeypatch.setattr("builtins.open", lambda path, *rest, **named: touched.append(str(path)) or opened(path, *rest, **named))
        monkeypatch.setattr(home, "home_folder", lambda: pytest.fail("the home was asked for"))
        assert catalogue.data_folder() == home.edition_folder()
        assert not [path for path in touched if path.startswith(str(world.home))]

    def test_a_folder_can_be_named_and_must_hold_a_package(self, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TRADELIB_DATA", str(world.base))
        assert catalogue.data_folder() == world.base
        home.data_folder.cache_clear()
        monkeypatch.setenv("TRADELIB_DATA", str(tmp_path))
        with pytest.raises(CatalogueError, match=r"holds no datapackage.json. Unset it"):
            catalogue.data_folder()


answers = st.lists(
    st.tuples(st.sampled_from(["2026-05", "2026-06", "2026-07"]), st.integers(1, 40), st.integers(0, 60)), min_size=1, max_size=12
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answers)
def test_any_order_of_answers_gives_a_log_of_single_rows_and_knowledge_that_only_grows(
    tmp_path_factory: pytest.TempPathFactory, said: list[tuple[str, int, int]]
) -> None:
    """Answers of any day in any order, repeats included: no two rows of one key, and a day knows what an earlier day knew, or newer."""
    folder = small_edition(tmp_path_factory.mktemp("any") / "edition")
    held = Ledger(folder)
    state = State(date(2026, 12, 1), held, Calendar(held.reference("release_days")), ADDRESSES)
    judge = Judge(held, state, set())
    plan = Plan("any", "home")
    for period, value, days in said:
        seen = date(2026, 9, 1) + timedelta(days=days)
        named = state.calendar.named("US Census Bureau", "FT-900", f"{period}-01")
        observation = Observation(
            "statistics", (SERIES, f"{period}-01"), (("value", Decimal(value) * 10**9),), Decimal(100_000), seen, "0" * 64, "a test",
            published_on=named, basis="calendar", stays=True,
        )  # fmt: skip
        judge([observation], plan, Part("any"))
    rows = [change.row for change in plan.changes]
    keys = [(row["series_id"], row["period"], row["vintage_on"]) for row in rows]
    assert len(set(keys)) == len(keys)
    world = World(base=folder, home=folder.parent / "home", now=lambda: datetime(2026, 12, 1, tzinfo=UTC))
    package = append.write(world, plan.additions, run="any", evidence={"statistics": date(2026, 12, 1)})
    table = catalogue.load("statistics", folder=package)
    before: dict[object, object] = {}
    for number in range(0, 70, 6):
        known = ledger.latest_known(table, as_of=date(2026, 9, 1) + timedelta(days=number), key=["series_id", "period"])
        now = {row.period: row.known_on for row in known.itertuples()}
        assert all(now.get(period, day) >= day for period, day in before.items())
        assert set(before) <= set(now)
        before = now


def test_values_of_a_refreshed_series_keep_their_digits(world: World) -> None:
    folder = append_rows(world, row("2026-09", "23512345678.9"))
    assert values(folder, SERIES) == {"2026-09": (23512345678.9, "2026-11-04")}
    assert "23512345678.9" in (folder / "trade" / "statistics.csv").read_text(encoding="utf-8")
