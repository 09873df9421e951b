"""The page that a notebook opens: it validates the parameters, collects the sources, and refuses later knowledge."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TypeVar

import numpy as np
import pandas as pd

from tradelib import catalogue, wording
from tradelib.errors import LeakError, ParameterError
from tradelib.report import citations, session, shipped
from tradelib.report.parameters import declared, unknown
from tradelib.report.values import typed
from tradelib.show import display

MOST_MESSAGES = 5

Output = TypeVar("Output", display.Figure, display.Table, display.Text)


class Page:
    """One report as of one day.

    Attributes
    ----------
    notebook : its name, such as `01_briefing`.
    as_of : the day of knowledge, resolved.
    parameters : the others by name, read as `values.typed` reads them; each is an attribute of its own name as well.
    """

    def __init__(self, notebook: str, *, as_of: str | date, **parameters: object) -> None:
        self.notebook = notebook
        self.as_of = catalogue.resolve_as_of(as_of)
        self.parameters = {"as_of": self.as_of.isoformat(), **parameters}
        vars(self).update(parameters)
        self._shown: list[tuple[str, pd.DataFrame]] = []
        self._words: list[str] = []

    @property
    def observed_through(self) -> date:
        """Last day that the page may present as observed."""
        return catalogue.observed_through(self.as_of)

    def days_before(self, days: int) -> date:
        """The day so many days before `as_of`; not before the first day of the edition.

        Raises
        ------
        ParameterError : fewer than one day, or more than the edition covers.
        """
        from tradelib import asked

        asked.check_window(days)
        return max(self.as_of - timedelta(days=days), catalogue.edition().evidence_from)

    def show(self, output: Output) -> Output:
        """The output, once its sources are noted.

        Raises
        ------
        LeakError : the output holds something that became known after `as_of`.
        """
        is_later = output.sources["known_on"].to_numpy() > np.datetime64(self.as_of)
        if is_later.any():
            row = output.sources.iloc[int(is_later.argmax())]
            message = (
                f"An output of {self.notebook} as of {self.as_of} holds something that became known on "
                f"{row['known_on']:%Y-%m-%d}: {row['source']}. Load its rows with as_of."
            )
            raise LeakError(message)
        bundle = output._repr_mimebundle_()
        self._shown.append((citations.key(bundle["text/plain"]), output.sources))
        self._words.append(display.read(bundle))
        return output

    def header(
        self,
        *,
        title: str,
        description: str,
        facts: Sequence[display.Fact],
        messages: Sequence[str] = (),
        standfirst: display.Text | None = None,
        front: bool = False,
        brief: bool = False,
    ) -> display.Header:
        """Head of the page.

        Parameters
        ----------
        title : the finding of that day.
        description : one sentence on the page.
        facts : three or four numbers that matter.
        messages : what the page says in at most five sentences; an empty one, or one that the title says, is left out.
        standfirst : the paragraph under the title, where the page tells news; its sources are noted as those of a piece.
        brief : it prints on two pages, without what is long: later tables and figures, definitions and the list of sources.
        front : it is the front page of its day: its newest copy is the first page of a site, and it names the other reports of the day.
        """
        edition = catalogue.edition()
        under = self.show(standfirst).text if standfirst else ""
        told = [message for message in dict.fromkeys(messages) if message and message != title][:MOST_MESSAGES]
        self._words += [title, *told, *(fact.words for fact in facts)]
        payload = {
            "notebook": self.notebook,
            "title": title,
            "standfirst": under,
            "description": description,
            "as_of": self.as_of.isoformat(),
            "evidence_through": edition.evidence_through.isoformat(),
            "edition": edition.version,
            "notice": self._notice(edition),
            "parameters": self.parameters,
            "messages": told,
            "front": front,
            "brief": brief,
            "facts": [{"value": fact.value, "words": fact.words, "actor": fact.actor} for fact in facts],
            "cite": f"{title}. As of {wording.day(self.as_of)}. In: {edition.cite}",
            "licence": edition.licence,
        }
        return display.Header(payload)

    def definitions(self) -> display.Text:
        """Meaning of the words and abbreviations in all outputs shown so far, from the table `glossary`."""
        said = "\n".join(self._words).replace(wording.THIN, " ").replace(wording.FIXED, " ")
        rows, lowered = catalogue.load("glossary"), said.lower()
        used = rows[[_is_said(pattern, said, lowered) for pattern in rows["pattern"]]].sort_values(
            "term", key=lambda terms: terms.str.lower()
        )
        lines = [f"- **{display.markdown(row.term)}**: {display.markdown(row.definition)}" for row in used.itertuples()]
        return display.Text("\n".join(lines), terms=tuple(zip(used["term"], used["pattern"], strict=True)))

    def strengths_and_limits(self) -> display.Text:
        """What this report is good for, and where it stops, from the table `report_notes`."""
        rows = catalogue.load("report_notes")
        own = rows[rows["report"].eq(self.notebook)].sort_values("place")
        return display.Text("\n".join(f"- **{row.kind.capitalize()}**: {display.markdown(row.words)}" for row in own.itertuples()))

    def sources(self) -> display.Sources:
        """Everything shown so far rests on these; the last call of a notebook."""
        rows = catalogue.sources(*(frame for _, frame in self._shown))
        numbers = {named: number for number, named in enumerate(zip(rows["source"], rows["url"], strict=True), start=1)}
        shown: dict[str, set[int]] = {}
        for key, frame in self._shown:
            name = "instrument" if "instrument" in frame else "source"
            shown.setdefault(key, set()).update(numbers[named] for named in set(zip(frame[name], frame["url"], strict=True)))
        return display.Sources(rows, {key: sorted(found) for key, found in shown.items() if found})

    def _notice(self, edition: catalogue.Edition) -> str | None:
        """What a reader must know of the evidence: where it ends, and what was refreshed on this machine."""
        law, statistics = edition.evidence_through, catalogue.evidence_through()
        told = []
        if edition.refreshed_on is not None:
            rows = wording.count(edition.refreshed_rows, "row")
            base, on = edition.version.partition("+")[0], wording.day(edition.refreshed_on)
            told.append(f"Data edition {base} with {rows} refreshed on {on} on this machine.")
        if self.as_of > law and statistics > law:
            told.append(
                f"Law and statements end on {wording.day(law)}; trade statistics on {wording.day(statistics)}. What this page says of law "
                f"on later days was scheduled or announced by then; nothing of it was observed after {wording.day(law)}."
            )
        elif self.as_of > law:
            told.append(
                f"The evidence of this edition ends on {wording.day(law)}. What this page says of later days was scheduled or "
                "announced by then; nothing after that day was observed."
            )
        return " ".join(told) or None


def open_page(notebook: str, *, as_of: str | date, **parameters: object) -> Page:
    """Page of one report. Before any work, it reads what was given for its parameters, and refuses what would have no effect.

    Parameters
    ----------
    notebook : its name, such as `01_briefing`.
    as_of : `"latest"` or an ISO day.
    parameters : the other parameters of the notebook; they are printed on the page.

    Raises
    ------
    DayError : `as_of` is no day, or lies before the edition.
    ParameterError : papermill has put in a name that is not handed on to this call; or a value that is not of the kind that the notebook
        of this name declares.
    """
    known = {"as_of": as_of, **parameters}
    for name in session.injected(until="as_of"):
        if name not in known:
            raise ParameterError(unknown(name, list(known), notebook))
    path = shipped.folder() / f"{notebook}.ipynb"
    declarations = declared(path) if path.is_file() else {}
    read = {
        name: typed(value, name, declarations[name].default, notebook) if name in declarations else value
        for name, value in parameters.items()
    }
    page = Page(notebook, as_of=as_of, **read)
    changed = [name for name in read if name in declarations and read[name] != declarations[name].default]
    if changed:
        from tradelib import asked

        asked.judge(read, changed, page.as_of)
    return page


def _is_said(pattern: str, said: str, lowered: str) -> bool:
    """Whether a text holds what a pattern of the glossary finds; `lowered` is the text in small letters.

    Without the edges of words a pattern finds no less, and is looked for several times faster: most words are in no text.
    """
    loose = pattern.replace(r"\b", "")
    in_any_case = loose.startswith("(?i)") and loose == loose.lower()
    found = re.search(loose.removeprefix("(?i)"), lowered) if in_any_case else re.search(loose, said)
    return found is not None and re.search(pattern, said) is not None
