"""Two sides on each other's goods: what one of them does to a third country changes no duty of theirs."""

import ast
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from tradelib import catalogue, sides, tariffs, truce
from tradelib.errors import ParameterError
from tradelib.tariffs import Law, books, law

DAY = date(2025, 9, 1)
REMEMBERED = (law._replayed.cache_clear, law._with_states.cache_clear, books.book.cache_clear)
EU = sides.Side("EU", "the European Union", "European Union", "EU", "the EU", "EU", "EU", "the EU")
ON_EU, ON_US = sides.Pair(sides.US, EU), sides.Pair(EU, sides.US)


@pytest.fixture
def with_the_eu(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tables with one measure more: a duty of 15% on all goods of the European Union, and one of the Union on US goods."""
    load = catalogue.load

    def also(name: str, **given: object) -> pd.DataFrame:
        frame = load(name, **given)
        if name == "tariff_measures":
            first = frame[frame["measure_id"].eq("us_ieepa_reciprocal")]
            mine = first.assign(measure_id="us_eu", exporter="EU", family="us_eu")
            return pd.concat([frame, mine, mine.assign(measure_id="eu_us", importer="EU", exporter="US")], ignore_index=True)
        if name == "tariff_steps":
            held = frame[frame["standing"].eq("instrument")].head(1)
            step = held.assign(
                measure_id="us_eu", announced_on=pd.Timestamp("2025-08-07"), effective_on=pd.Timestamp("2025-08-08"), rate_frac=0.15,
                basis="full_value", scope="all", exempt="",
            )  # fmt: skip
            return pd.concat([frame, step, step.assign(measure_id="eu_us")], ignore_index=True)
        return frame

    for forget in REMEMBERED:
        forget()
    monkeypatch.setattr(catalogue, "load", also)
    yield
    for forget in REMEMBERED:
        forget()


def answers() -> dict[str, object]:
    us, cn = tariffs.headlines(on=DAY, as_of=DAY)
    return {
        "rates": (us.rate_frac, cn.rate_frac),
        "layers": len(us.layers) + len(cn.layers),
        "steps": len(tariffs.schedule(as_of=DAY)),
        "announcements": len(tariffs.announcements(as_of=DAY, layers="all")),
        "changes": len(truce.changes(since=date(2025, 8, 1), until=DAY)),
        "ahead": len(tariffs.schedule_ahead(as_of=DAY)),
        "laws": [
            (each.headline(DAY).rate_frac, float(each.rates(DAY)["total_frac"].sum()), each.explain("9503", DAY).total_frac, each.families)
            for each in (Law("US", DAY), Law("CN", DAY))
        ],
    }


def test_what_a_side_does_to_a_third_country_changes_nothing(request: pytest.FixtureRequest) -> None:
    before = answers()
    assert before["rates"] == (pytest.approx(0.30), pytest.approx(0.10))
    request.getfixturevalue("with_the_eu")
    assert "us_eu" in set(catalogue.load("tariff_steps")["measure_id"])
    assert answers() == before


@pytest.mark.usefixtures("with_the_eu")
def test_a_third_pair_has_a_law_of_its_own() -> None:
    """Its measures alone, over the lines and general rates of the side that collects; what needs its trade is refused."""
    us = Law(ON_EU, DAY)
    assert (us.headline(DAY).rate_frac, us.headline("2025-08-07").rate_frac) == (0.15, 0.0)
    assert (us.families, us.schedule["measure_id"].tolist()) == (("us_eu",), ["us_eu"])
    table, on_china = us.rates(DAY), Law("US", DAY).rates(DAY)
    assert table["mfn_frac"].equals(on_china["mfn_frac"])
    assert table["us_eu"].loc[:"97"].unique().tolist() == [0.15]
    assert us.change_days(since="2025-01-01") == [date(2025, 1, 1), date(2025, 8, 8)]
    told = us.explain("9503", DAY)
    assert (told.total_frac, told.layers["measure_id"].tolist(), str(told.trade_usd)) == (0.15, ["us_eu"], "nan")
    assert Law(ON_EU, date(2025, 8, 1)).schedule.empty
    assert "EU goods" in repr(us)
    for ask in (us.averages, us.weighted_path, lambda: us.contributions(DAY)):
        with pytest.raises(ParameterError, match="No US imports from the European Union are held by line"):
            ask()


@pytest.mark.usefixtures("with_the_eu")
def test_a_third_side_that_collects_has_rates_by_text_and_no_lines() -> None:
    assert Law(ON_US, DAY).headline(DAY).rate_frac == 0.15
    with pytest.raises(ParameterError, match="importer must be US or CN, not 'EU'"):
        Law(ON_US, DAY).rates(DAY)


def test_a_pair_holds_its_own_rows_alone() -> None:
    rows = pd.DataFrame({"importer": ["US", "CN", "US", "EU", "US"], "exporter": ["CN", "US", "EU", "US", "US"]})
    assert sides.between(rows).tolist() == [True, True, False, False, False]
    assert sides.pair("CN").holds(rows).tolist() == [False, True, False, False, False]


@pytest.mark.parametrize("wrong", ["EU", "us", "", "both"])
def test_a_side_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(ParameterError, match="importer must be US or CN, not"):
        sides.pair(wrong)


@pytest.mark.parametrize(
    ("code", "name", "title", "short", "doer", "owner"),
    [
        ("US", "the United States", "United States", "US", "the US", "the US"),
        ("CN", "China", "China", "China", "China", "China's"),
        ("both", "both sides", "Both sides", "both", "both sides", "the"),
        ("court", "the courts", "Courts", "court", "the courts", "the courts'"),
    ],
)
def test_a_side_has_one_word_for_each_place(code: str, name: str, title: str, short: str, doer: str, owner: str) -> None:
    side = sides.SIDES[code]
    assert (side.name, side.title, side.short, side.doer, side.owner) == (name, title, short, doer, owner)
    assert (sides.name(code), sides.short(code)) == (name, short)


@pytest.mark.parametrize(
    ("importer", "duties", "average", "imports", "in_us_statistics"),
    [
        (
            "US",
            "US tariffs on Chinese goods",
            "the average US tariff on Chinese goods",
            "US imports from China",
            "US imports from China",
        ),
        (
            "CN",
            "Chinese tariffs on US goods",
            "China's average tariff on US goods",
            "China's imports from the United States",
            "US exports to China",
        ),
    ],
)
def test_a_pair_is_named_by_what_its_importer_does(importer: str, duties: str, average: str, imports: str, in_us_statistics: str) -> None:
    pair = sides.pair(importer)
    assert (pair.duties, pair.average, pair.imports, pair.us_trade) == (duties, average, imports, in_us_statistics)


def test_no_module_keeps_its_own_words_for_the_sides() -> None:
    """A dictionary by both sides whose values name one of them belongs into `sides`."""
    words = {word for side in sides.SIDES.values() for word in (side.name, side.short, side.doer, side.owner)} - set(sides.SIDES)
    own = []
    for path in Path(sides.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            held = {each.value for each in ast.iter_child_nodes(node) if isinstance(each, ast.Constant)}
            own += [f"{path.name}:{node.lineno}"] if isinstance(node, ast.Dict) and set(sides.PAIRS) <= held and held & words else []
    assert own == []
