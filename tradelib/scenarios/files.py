"""Scenario files: what a person supposes, read from YAML, or refused with the line and the remedy.

A file says what its announcements are laid over, and which announcements they are::

    title: A duty on laptops
    question: What if the United States put 10% on laptops?
    over: schedule              # the legal texts with their later steps; or `today`: the rates of the day stay
    measures:                   # duties that no text holds; each adds to the others
      - id: laptops
        importer: US
        title: A duty on laptops
        yields_to: [s232]       # families of duties that take its place where they fall (optional)
    steps:
      - measure: laptops        # one of the above, or a measure_id of data/law/tariff_measures.csv
        from: 2026-12-01        # or `start`: the day on which the scenario begins
        rate: 0.10              # a fraction of customs value; or `ends`
        codes: ["8471.30"]      # or scope: names of data/law/scopes.csv; in quotes, as 8471.30 is else a number
        exempt: []              # names of scopes (optional)

Besides, `keeps: [suspensions]` lets ends of suspensions and exclusions come over `today`; `ends: all` ends every additional duty;
`country_wide_of: DAY` puts the country-wide duties as they stood on a day in place of those of today; `known_from: DAY` is the first day of
knowledge on which the scenario may be asked; `about`, `source` and `url` are printed.
"""

import functools
import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tradelib import catalogue, hs
from tradelib.doors import door
from tradelib.errors import ParameterError
from tradelib.shown import Shown
from tradelib.sides import is_list_of
from tradelib.tariffs import IMPORTERS
from tradelib.tariffs.codes import match_many
from tradelib.tariffs.membership import literal_scope, reaches
from tradelib.wording import nearest
from tradelib.yaml_nodes import Nodes

if TYPE_CHECKING:
    import pandas as pd
    import yaml

START = "start"
HIGHEST_RATE = 5.0
_ADDRESS = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
_SHOWN = 60


@dataclass(frozen=True)
class NewMeasure:
    """A duty that no legal text holds: who collects it, what it is called, and which families of duties take its place."""

    id: str
    importer: str
    title: str
    yields_to: tuple[str, ...] = ()


@dataclass(frozen=True)
class Supposed:
    """One announcement of a scenario.

    Attributes
    ----------
    measure
        a measure of the ledger, or one of the scenario's own.
    starts_on
        its day; None: the day on which the scenario begins.
    rate_frac
        fraction of customs value; None ends the measure.
    scopes, exempt
        what it covers and leaves out; None: as the measure has it.
    where
        file and line, for messages.
    """

    measure: str
    starts_on: date | None
    rate_frac: float | None
    scopes: tuple[str, ...] | None
    exempt: tuple[str, ...] | None
    where: str


@dataclass(frozen=True, repr=False)
class Scenario(Shown):
    """What is supposed; see the module for the fields of its file."""

    name: str
    title: str
    question: str
    about: str = ""
    over: str = "schedule"
    keeps: tuple[str, ...] = ()
    ends_all: bool = False
    country_wide_of: date | None = None
    known_from: date | None = None
    measures: tuple[NewMeasure, ...] = ()
    steps: tuple[Supposed, ...] = ()
    source: str = ""
    url: str = ""


def names() -> list[str]:
    """Scenarios that come with the package, in the order in which pages show them."""
    held = set(catalogue.scenario_files())
    order = ["as_scheduled", "status_quo", "truce_lapses", "excess_capacity", "april_2025", "full_rollback"]
    return [name for name in order if name in held] + sorted(held - set(order))


@door
def load(name: str | Path) -> Scenario:
    """A scenario of the package by its name, or one of your own by the path of its file.

    Raises
    ------
    ParameterError
        a name that is not held, or a file that cannot be read or says something impossible; the message names the line.
    """
    text = str(name)
    shipped = catalogue.scenario_files().get(text)
    path = Path(text) if shipped is None else shipped
    if path.suffix not in (".yaml", ".yml"):
        message = f"There is no scenario {text!r}. The scenarios are {', '.join(names())}; your own is a path that ends in .yaml."
        raise ParameterError(message)
    try:
        content = (path.read_bytes() if shipped is None else catalogue.scenario_text(shipped)).decode()
    except (OSError, ValueError) as error:  # a name that no system has, bytes that are not UTF-8
        message = f"The scenario file {path} cannot be read ({type(error).__name__}); give the path of a YAML file in UTF-8."
        raise ParameterError(message) from None
    scenario: Scenario = parse(content, name=path.stem, file=path.name)
    return scenario


@door
def parse(content: str, *, name: str, file: str) -> Scenario:
    """A scenario from the text of its file; `file` is what messages call it."""
    return _Reader(file, ParameterError, "a scenario in data").scenario(content, name)


@dataclass
class _Reader(Nodes):
    """Reads one file and keeps the lines, so that every message can name one."""

    own: dict[str, NewMeasure] = field(default_factory=dict)

    def scenario(self, content: str, name: str) -> Scenario:
        root = self.root(content)
        known = {
            "title", "question", "about", "over", "keeps", "ends", "country_wide_of", "known_from", "measures", "steps", "source", "url",
        }  # fmt: skip
        fields = self.fields(root, known, needed={"title", "question"})
        measures = tuple(self.measure(node) for node in self.items(fields.get("measures")))
        steps = tuple(self.step(node) for node in self.items(fields.get("steps")))
        self.check_once(fields.get("steps"), steps)
        scenario = Scenario(
            name=name,
            title=self.name(fields["title"]),
            question=self.name(fields["question"]),
            about=self.word(fields.get("about")),
            over=self.choice(fields.get("over"), ("schedule", "today"), "schedule"),
            keeps=tuple(self.choice(node, ("suspensions",), "") for node in self.items(fields.get("keeps"))),
            ends_all=self.choice(fields.get("ends"), ("all",), "") == "all",
            country_wide_of=self.day(fields.get("country_wide_of")),
            known_from=self.day(fields.get("known_from")),
            measures=measures,
            steps=steps,
            source=self.word(fields.get("source")),
            url=self.address(fields.get("url")),
        )
        if scenario.keeps and scenario.over != "today":
            raise self.fail(fields["keeps"], "`keeps` goes with `over: today` only; `over: schedule` keeps every later step anyway.")
        return scenario

    def measure(self, node: "yaml.Node") -> NewMeasure:
        fields = self.fields(node, {"id", "importer", "title", "yields_to"}, needed={"id", "importer", "title"})
        identifier = self.name(fields["id"])
        if identifier in self.own or identifier in self.kinds.index:
            raise self.fail(fields["id"], f"the measure {identifier!r} exists already; choose another id, or leave it out of `measures`.")
        importer = self.choice(fields["importer"], IMPORTERS, "")
        families = set(catalogue.load("families")["family"]) if "yields_to" in fields else set()
        for item in self.items(fields.get("yields_to")):
            if self.word(item) not in families:
                raise self.fail(item, f"there is no family of duties {self.word(item)!r}. The families are {', '.join(sorted(families))}.")
        yields_to = tuple(self.word(item) for item in self.items(fields.get("yields_to")))
        self.own[identifier] = NewMeasure(identifier, importer, self.name(fields["title"]), yields_to)
        return self.own[identifier]

    def step(self, node: "yaml.Node") -> Supposed:
        fields = self.fields(node, {"measure", "from", "rate", "scope", "exempt", "codes"}, needed={"measure", "from", "rate"})
        name = self.word(fields["measure"])
        held = self.kinds["kind"]
        if name not in self.own and name not in held.index:
            remedy = "Declare it under `measures`, or use a measure_id of data/law/tariff_measures.csv."
            raise self.fail(fields["measure"], f"there is no measure {name!r}.{nearest(name, [*self.own, *held.index])} {remedy}")
        if name not in self.own and held[name] != "duty":
            raise self.fail(fields["measure"], f"{name!r} is no duty but {held[name]!r}; a scenario supposes duties.")
        importer = self.own[name].importer if name in self.own else str(self.kinds["importer"][name])
        scopes = self.scopes(fields, importer)
        if name in self.own and scopes is None:
            raise self.fail(node, f"the new duty {name!r} needs `scope` or `codes`; `scope: all` covers every good.")
        return Supposed(
            measure=name,
            starts_on=None if self.word(fields["from"]) == START else self.day(fields["from"], form="2026-12-01, or `start`"),
            rate_frac=self.rate(fields["rate"]),
            scopes=scopes,
            exempt=tuple(self.scope(item, importer) for item in self.items(fields["exempt"])) if "exempt" in fields else None,
            where=f"{self.file}, line {node.start_mark.line + 1}",
        )

    def day(self, node: "yaml.Node | None", *, form: str = "2026-12-01") -> date | None:
        """A day of the span that may be asked about; None without a node."""
        day, covered = super().day(node, form=form), catalogue.edition()
        if day is not None and not covered.evidence_from <= day <= covered.horizon:
            raise self.fail(node, f"a day lies from {covered.evidence_from} to {covered.horizon}, and {day} does not.")
        return day

    def address(self, node: "yaml.Node | None") -> str:
        """Where a source is found; empty without a node."""
        written = self.word(node)
        if written and not _ADDRESS.fullmatch(written):
            raise self.fail(node, f"an address begins with https:// or http://, and {written[:_SHOWN]!r} is none.")
        return written

    def check_once(self, node: "yaml.Node | None", steps: tuple[Supposed, ...]) -> None:
        """Refuse a second step of one measure for one day."""
        seen: set[tuple[str, date | None]] = set()
        for item, step in zip(self.items(node), steps, strict=True):
            if (step.measure, step.starts_on) in seen:
                raise self.fail(item, f"{step.measure!r} has a step for {step.starts_on or START} already; keep one.")
            seen.add((step.measure, step.starts_on))

    @functools.cached_property
    def kinds(self) -> "pd.DataFrame":
        """Kind and importer of each measure of the ledger."""
        return catalogue.load("tariff_measures").set_index("measure_id")[["kind", "importer"]]

    @functools.cached_property
    def lists(self) -> "pd.Series":
        """Which codes of each scope are held."""
        return catalogue.load("scopes").set_index("scope")["held"]

    def rate(self, node: "yaml.Node") -> float | None:
        return None if self.value(node) == "ends" else self.fraction(node, most=HIGHEST_RATE, other=", or `ends`")

    def scopes(self, fields: "dict[str, yaml.Node]", importer: str) -> tuple[str, ...] | None:
        if "codes" in fields:
            if "scope" in fields:
                raise self.fail(fields["codes"], "give either `scope` or `codes`, not both.")
            codes = [self.code(item, importer) for item in self.items(fields["codes"])]
            if not codes:
                raise self.fail(fields["codes"], "`codes` is empty, so it would reach no good; give one at least.")
            return (literal_scope(codes),)
        return tuple(self.scope(item, importer) for item in self.items(fields["scope"])) if "scope" in fields else None

    def scope(self, node: "yaml.Node", importer: str) -> str:
        name = self.word(node)
        held = self.lists
        if name not in held.index:
            raise self.fail(node, f"there is no scope {name!r}.{nearest(name, list(held.index))} The scopes stand in data/law/scopes.csv.")
        if held[name] == "none" and name != "all":
            raise self.fail(
                node, f"the codes of the scope {name!r} are not held, so it would reach no good; choose another, or give `codes`."
            )
        if not is_list_of(name, importer):
            raise self.fail(node, f"the list {name!r} holds goods of the other side's schedule, and the duty is one of {importer}.")
        return name

    def code(self, node: "yaml.Node", importer: str) -> str:
        value = self.value(node)
        if not isinstance(value, str):
            raise self.fail(
                node, f'write product codes in quotes, such as "8471.30"; without them {value!r} is a number and loses its zeros.'
            )
        try:
            code = hs.parse_code(value)
        except ParameterError as error:
            raise self.fail(node, str(error)) from None
        if not reaches(code, importer):
            told = match_many([value], importer)[0].note
            raise self.fail(node, f"{value!r} would reach no line of {importer}. {told}".rstrip())
        return code
