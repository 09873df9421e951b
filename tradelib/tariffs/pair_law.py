"""`Law`: every question about the duties of one side on the goods of another, asked of what is known on one day."""

from datetime import date

import pandas as pd

from tradelib import strings
from tradelib.doors import Day, Days, door, opened
from tradelib.tariffs import country_wide, explanation, protection, rates
from tradelib.tariffs.country_wide import Headline
from tradelib.tariffs.explanation import Stack
from tradelib.tariffs.prepared import KnownLaw
from tradelib.tariffs.stacking import DEFAULT, Assumptions
from tradelib.tariffs.weights import DEFAULT_WEIGHTS


class Law(KnownLaw):
    """The duties that one side lays on the goods of another, as known on a day: prepared once, asked often.

    Each question is told at the function of `tariffs` that asks it of one importer. `latest` as a day of entry is the day of knowledge.

    Parameters
    ----------
    pair
        who collects on whose goods: `US` or `CN` for the side that collects, or a `sides.Pair`. Of a third country's goods rates, headlines
        and single duties can be asked where the data hold its measures, averages not: no trade of it is held by line.
    as_of
        day of knowledge; nothing announced later counts.
    standing
        `law` (legal texts only, the default) or `stated` (what officials stated as well).
    supposed
        a schedule of another making, such as `scenarios.schedule` gives, in place of the one known.

    Attributes
    ----------
    pair, as_of, standing, supposed
        as given.
    families
        families of its duties known on that day, those that displace others first.

    Raises
    ------
    ParameterError
        a pair or a standing that is none; a supposed schedule without the columns of one.
    DayError
        a day that is none.

    Examples
    --------
    >>> law = Law("US", "2025-06-09")
    >>> law.headline("2025-08-12").rate_frac, law.explain("8703.80", "2025-06-09").total_frac
    (0.54, 1.475)
    >>> law.averages("latest")["weighted_frac"].round(4).tolist()
    [0.4232]
    >>> law
    Law
      pair                US tariffs on Chinese goods
      as_of               2025-06-09
      standing            instrument
      families            s201, s232, s301_lists, ieepa_fentanyl, ieepa_reciprocal
    """

    @property
    @strings.alike
    def schedule(self) -> pd.DataFrame:
        """The rows of `schedule`, or of the supposed one, that are of this pair, in order of announcement."""
        return self.book.rows.copy()

    @door
    def rates(self, on: Day, *, assumptions: Assumptions = DEFAULT, digits: int | None = None) -> pd.DataFrame:
        """Duty of every tariff line for one day of entry; see `line_rates`."""
        return rates.rates_on(self, opened(on), assumptions, digits)

    @door
    def panel(
        self, *, since: Day | None = None, until: Day | None = None, assumptions: Assumptions = DEFAULT, layer: str = "total"
    ) -> pd.DataFrame:
        """Duty of every line on every day on which any changes; see `panel`."""
        return rates.panel_of(self, _opened(since), _opened(until), assumptions, layer)

    @door
    def change_days(self, *, since: Day | None = None, until: Day | None = None) -> list[date]:
        """The first day asked for, and every later one on which a duty, a scope or a general rate changes; see `change_days`."""
        return self.over().change_days(_opened(since), _opened(until))

    @door
    def explain(self, code: str, on: Day, *, assumptions: Assumptions = DEFAULT) -> Stack:
        """The duty on one good, layer by layer, and why; see `explain`."""
        return explanation.explain_of(self, code, opened(on), assumptions)

    @door
    def averages(
        self, on: Days | None = None, *, weights: str | int | pd.DataFrame = DEFAULT_WEIGHTS, assumptions: Assumptions = DEFAULT
    ) -> pd.DataFrame:
        """Measures of protection on some days of entry, by default on every day on which a duty changes; see `averages`."""
        return protection.averages_of(self, on, weights, assumptions)

    @door
    def contributions(
        self,
        on: Day,
        *,
        by: str = "family",
        weights: str | int | pd.DataFrame = DEFAULT_WEIGHTS,
        assumptions: Assumptions = DEFAULT,
    ) -> pd.DataFrame:
        """Parts of the weighted average on one day; see `contributions`."""
        return protection.contributions_of(self, opened(on), by, weights, assumptions)

    @door
    def weighted_path(self, *, weights: str | int | pd.DataFrame = DEFAULT_WEIGHTS, duties: pd.DataFrame | None = None) -> pd.DataFrame:
        """The weighted average on every day on which a duty changes; see `weighted_path`."""
        return protection.weighted_path_of(self, weights, duties)

    @door
    def headline(self, on: Day) -> Headline:
        """Country-wide additional duty on a generic good; see `headline`."""
        return country_wide.headline_of(self, opened(on))

    @strings.alike
    def headline_path(self) -> pd.DataFrame:
        """Headline duty over time; see `headline_path`."""
        return country_wide.headline_path_of(self)


def _opened(day: Day | None) -> date | None:
    return None if day is None else opened(day)
