"""What can be swept beside reports: questions of the library, each with its columns, its parameters and the tables that it reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from tradelib import hs, scenarios, tariffs, truce
from tradelib.errors import ParameterError
from tradelib.report import values
from tradelib.scenarios.schedules import check_begun
from tradelib.shown import Shown
from tradelib.sweep import days
from tradelib.tariffs.law import families
from tradelib.wording import nearest

TEXT, DAY, NUMBER, COUNT, FLAG = "text", "day", "number", "count", "flag"

_LAW = ("cn_waivers", "exclusion_claims", days.LISTS, "tariff_measures", "tariff_steps", "wto_exclusions")


@dataclass(frozen=True)
class Parameter:
    """One thing that may be varied: the values of it that are asked without a word, those allowed, or what refuses others."""

    default: tuple[str, ...]
    allowed: tuple[str, ...] = ()
    check: Callable[[str], object] | None = None


@dataclass(frozen=True)
class Question:
    """One question: the day of knowledge, the values of the parameters, codes or scenarios, and days of entry (empty: those of its own)."""

    as_of: date
    given: Mapping[str, str]
    items: tuple[Any, ...] = ()
    on: tuple[date, ...] = ()


@dataclass(frozen=True, repr=False)
class Quantity(Shown):
    """A question that is asked of many days.

    Attributes
    ----------
    name, about
        its name on the command line; what it gives, in a few words.
    columns
        kind of each column of its answer, by name and in order.
    parameters
        what may be varied with `-p`.
    tables
        those whose rows it reads: on a day on which none of them had a new row, the answer is that of the day before.
    answer
        rows of one question.
    items
        what its items are called (`CODE`, `SCENARIO`); empty where it takes none.
    take
        an item as it was written, made ready for `answer`; refuses one that is none.
    has_on
        whether it is asked of days of entry.
    counts_days
        the answer holds what passes with every day, such as the days left: no day is answered as the day before.
    """

    name: str
    about: str
    columns: Mapping[str, str]
    parameters: Mapping[str, Parameter]
    tables: tuple[str, ...]
    answer: Callable[[Question], pd.DataFrame] = field(repr=False)
    items: str = ""
    take: Callable[[str, Mapping[str, str], date], Any] | None = field(default=None, repr=False)
    has_on: bool = True
    counts_days: bool = False
    order: tuple[str, ...] = field(default=())


def find(name: str) -> Quantity:
    """A quantity by its name.

    Raises
    ------
    ParameterError
        there is none of this name; says which there are.
    """
    found = quantities()
    if name not in found:
        message = f"There is no quantity {name!r}.{nearest(name, list(found))} Known: {', '.join(found)}."
        raise ParameterError(message)
    return found[name]


def quantities() -> dict[str, Quantity]:
    """Every quantity, by name."""
    return {each.name: each for each in (_averages(), _headline(), _line(), _CLOCKS, _COMMITMENTS, _scenario())}


def entry_days(question: Question, since: date, until: date) -> tuple[date, ...]:
    """Days from one to another on which a duty of the importer changes, as known on the day of the question; the first of them always."""
    law = tariffs.Law(question.given["importer"], question.as_of, standing=_standing(question.given))
    return tuple(law.change_days(since=since, until=until))


def _assumptions(given: Mapping[str, str]) -> tariffs.Assumptions:
    partial, metal = given["partial"], given["metal_content"]
    content: float | str | None = None if metal == "estimate" else metal if metal in ("low", "high") else _fraction(metal)
    return tariffs.Assumptions(
        content,
        metal_chapters_frac=1.0 if isinstance(content, float) and "weights" in given else None,
        partial_duties=partial in ("duties", "both"),
        partial_exemptions=partial in ("exemptions", "both"),
        claimed_exclusions=partial == "claimed",
    )


def _fraction(text: str) -> float:
    value = float(text) if values.NUMBER.fullmatch(text) else -1.0
    if not 0 <= value <= 1:
        message = f"metal_content must be estimate, low, high or a fraction from 0 to 1, not {text!r}."
        raise ParameterError(message)
    return value


def _metal(text: str) -> None:
    if text not in ("estimate", "low", "high"):
        _fraction(text)


def _standing(given: Mapping[str, str]) -> Any:
    return given.get("standing", "law")


_IMPORTER = Parameter(tuple(tariffs.IMPORTERS), tuple(tariffs.IMPORTERS))
_STANDING = Parameter(("law",), ("law", "stated"))
_ASSUMED = {
    "metal_content": Parameter(("estimate",), check=_metal),
    "partial": Parameter(("none",), ("none", "duties", "exemptions", "both", "claimed")),
}
_RATE = {"headline_frac": NUMBER, "simple_frac": NUMBER, "weighted_frac": NUMBER, "additional_frac": NUMBER, "uniform_frac": NUMBER}
_ENDS = {"covered_frac": NUMBER, "lowest_frac": NUMBER, "highest_frac": NUMBER, "granted_frac": NUMBER, "claimed_frac": NUMBER}
_REST = {"matched_frac": NUMBER, "certain_frac": NUMBER, "known_on": DAY}


def _averages() -> Quantity:
    parts = {f"{family}_frac": NUMBER for family in ("mfn", *families())}
    return Quantity(
        "averages",
        "measures of protection of a side, and the parts by family; see tariffs.averages",
        {"on": DAY, "importer": TEXT, "state": TEXT, **_RATE, **_ENDS, **parts, **_REST},
        {"importer": _IMPORTER, "weights": Parameter(("2024",), ("2024", "2017")), **_ASSUMED, "standing": _STANDING},
        _LAW,
        _averages_of,
    )


def _averages_of(question: Question) -> pd.DataFrame:
    given = question.given
    law = tariffs.Law(given["importer"], question.as_of, standing=_standing(given))
    table = law.averages(list(question.on), weights=given["weights"], assumptions=_assumptions(given))
    # A family that adds nothing on any day has no column there; here every family known has 0, and one that is not known nothing.
    parts = {f"{name}_frac": table.get(name, 0.0 if name in law.families else np.nan) for name in families()}
    return pd.concat([table, pd.DataFrame(parts, index=table.index)], axis=1)


def _headline() -> Quantity:
    return Quantity(
        "headline",
        "the country-wide additional duty of a side; see tariffs.headline",
        {"on": DAY, "importer": TEXT, "state": TEXT, "rate_frac": NUMBER, "stated_rate_frac": NUMBER, "known_on": DAY},
        {"importer": _IMPORTER},
        _LAW,
        _headline_of,
    )


def _headline_of(question: Question) -> pd.DataFrame:
    importer = question.given["importer"]
    law = tariffs.Law(importer, question.as_of)
    found = [law.headline(on) for on in question.on]
    rows = [
        {
            "on": pd.Timestamp(each.on),
            "importer": importer,
            "rate_frac": each.rate_frac,
            # What is stated makes no difference: the rate of the law is the stated one.
            "stated_rate_frac": each.rate_frac if each.stated_rate_frac is None else each.stated_rate_frac,
            "known_on": each.layers["known_on"].max() if len(each.layers) else pd.NaT,
        }
        for each in found
    ]
    return pd.DataFrame(rows)


def _line() -> Quantity:
    numbers = ("mfn_frac", "total_frac", "low_frac", "high_frac", "total_low_frac", "total_high_frac", "stated_total_frac")
    return Quantity(
        "line",
        "the duty on goods by their codes; see tariffs.explain",
        {"on": DAY, "importer": TEXT, "code": TEXT, "state": TEXT, **dict.fromkeys(numbers, NUMBER)},
        {"importer": Parameter(("US",), tuple(tariffs.IMPORTERS)), **_ASSUMED, "standing": _STANDING},
        ("headings", "legal_status", *_LAW),
        _line_of,
        items="CODE",
        take=_code,
        order=("code",),
    )


def _code(written: str, given: Mapping[str, str], last: date) -> str:
    """A code as schedules print it; one that stands for no good of the importer is refused."""
    digits = hs.parse_code(written)
    tariffs.explain(digits, on=last, as_of=last, importer=given["importer"])
    return hs.dotted(digits)


def _line_of(question: Question) -> pd.DataFrame:
    given, asked = question.given, sorted(set(question.on))
    law = tariffs.Law(given["importer"], question.as_of, standing=_standing(given))
    stated = law if _standing(given) == "stated" else tariffs.Law(given["importer"], question.as_of, standing="stated")
    ends = tariffs.lines(given["importer"]).end_days()
    edges = tuple(sorted({day for each in (law, stated) for day in each.change_days(since=asked[0], until=asked[-1])} | set(ends)))
    numbers = [name for name, kind in _line().columns.items() if kind == NUMBER]
    rows, told = [], {}
    for on in asked:
        begin = max(days.newest(edges, on), asked[0])
        for code in question.items:
            if (code, begin) not in told:
                stack = law.explain(code, begin, assumptions=_assumptions(given))
                told[code, begin] = {name: getattr(stack, name) for name in numbers}
            rows.append({"on": pd.Timestamp(on), "importer": given["importer"], "code": code, **told[code, begin]})
    return pd.DataFrame(rows)


def _clocks_of(question: Question) -> pd.DataFrame:
    return truce.clocks(as_of=question.as_of)


_CLOCKS = Quantity(
    "clocks",
    "every clock of the truce as last announced, with the days left; see truce.clocks",
    {
        **dict.fromkeys(("clock", "basis", "side", "what_expires", "kind", "phase"), TEXT),
        "starts_on": DAY, "announced_on": DAY, "expires_on": DAY, "is_last_day": FLAG, "state": TEXT, "term": TEXT, "days_left": COUNT,
        "earlier_ends": TEXT, "source": TEXT, "url": TEXT, "known_on": DAY,
    },
    {},
    ("deadlines",),
    _clocks_of,
    has_on=False,
    counts_days=True,
    order=("clock", "basis"),
)  # fmt: skip


def _commitments_of(question: Question) -> pd.DataFrame:
    return truce.commitments(as_of=question.as_of)


_COMMITMENTS = Quantity(
    "commitments",
    "every promise with what came of it; see truce.commitments",
    {
        **dict.fromkeys(("commitment_id", "agreement", "party", "what"), TEXT),
        "due_on": DAY, "made_on": DAY, "status": TEXT, "rests_on": TEXT, "evidence": TEXT, "evidence_by": TEXT, "evidence_on": DAY,
        "evidence_source": TEXT, "evidence_url": TEXT, "us_says": TEXT, "cn_says": TEXT, "others_say": TEXT, "source": TEXT, "url": TEXT,
        "known_on": DAY,
    },
    {},
    ("commitments", "evidence"),
    _commitments_of,
    has_on=False,
    counts_days=True,
    order=("commitment_id",),
)  # fmt: skip


def _scenario() -> Quantity:
    numbers = ("average_frac", "average_compared_frac", "headline_frac", "headline_compared_frac")
    return Quantity(
        "scenario",
        "averages and country-wide duties under a scenario and another; see scenarios.schedule",
        {"on": DAY, "importer": TEXT, "scenario": TEXT, **dict.fromkeys(numbers, NUMBER)},
        {"importer": _IMPORTER, "compare_with": Parameter(("as_scheduled",), check=scenarios.load)},
        _LAW,
        _scenario_of,
        items="SCENARIO",
        take=lambda written, _given, _last: scenarios.load(written),
        counts_days=True,  # a scenario begins on the day after
        order=("scenario",),
    )


def _scenario_of(question: Question) -> pd.DataFrame:
    """Duties under scenarios; days of entry before these begin are those of the law, and left out."""
    as_of, importer, rows = question.as_of, question.given["importer"], []
    reference = scenarios.load(question.given["compare_with"])
    before = scenarios.schedule(reference, as_of=as_of)
    if question.on:
        check_begun(max(question.on), as_of=as_of)
    begun = [day for day in question.on if day >= scenarios.begins_on(as_of)]
    for item in question.items:
        after = scenarios.schedule(item, as_of=as_of)
        on = begun or [scenarios.settled_on(before, after, as_of=as_of)]
        then, now = (tariffs.averages(importer=importer, as_of=as_of, on=on, rates=rates) for rates in (before, after))
        part = now[["on", "importer"]].assign(
            scenario=item.name,
            average_frac=now["weighted_frac"],
            average_compared_frac=then["weighted_frac"],
            headline_frac=now["headline_frac"],
            headline_compared_frac=then["headline_frac"],
        )
        rows.append(part)
    return pd.concat(rows, ignore_index=True)


def check_given(given: Mapping[str, str]) -> None:
    """Refuse values that do not go together: weights of a year that is not held for the importer."""
    if "weights" in given:
        tariffs.weighting(given["weights"], importer=given["importer"])
