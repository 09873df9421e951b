"""What a product owes in all on a day: line by line, and over its lines."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tradelib import tariffs
from tradelib.doors import LATEST, Day, door
from tradelib.exposure.products import Product

# As far as rates are exact.
DECIMALS = 9
# The other ways to count exclusions from Chinese duties: `tariffs.Assumptions`.
OTHER_ENDS = ("granted", "waived")


@dataclass(frozen=True)
class Duty:
    """What a product owes in all on a day of entry.

    Attributes
    ----------
    mean_frac, lowest_frac, highest_frac
        over its lines whose duty is known, fractions of customs value; NaN where none is, or where that of a line asked for is not (see
        `duty`).
    lines, lines_known
        how many lines it has, and of how many the duty is known.
    value_usd
        trade of 2024.
    granted_frac, waived_frac
        for Chinese duties the same mean with exclusions as the WTO counts them and known waivers, and for a buyer with a waiver; see
        `tariffs.granted`. NaN for duties of the United States.
    """

    mean_frac: float
    lowest_frac: float
    highest_frac: float
    lines: int
    lines_known: int
    value_usd: float
    granted_frac: float = float("nan")
    waived_frac: float = float("nan")

    @property
    def figures(self) -> tuple[float, float, float]:
        """Mean, lowest and highest, rounded as far as rates are exact."""
        return round(self.mean_frac, DECIMALS), round(self.lowest_frac, DECIMALS), round(self.highest_frac, DECIMALS)


@door
def duties(product: Product, *, on: Day, as_of: Day = LATEST, rates: pd.DataFrame | tariffs.Book | None = None) -> pd.DataFrame:
    """Duty of every line of the product for one day of entry.

    Parameters
    ----------
    on, as_of, rates
        as for `tariffs.line_rates`.

    Returns
    -------
    DataFrame
        Indexed by `code`: the columns of `tariffs.line_rates`, value_usd, the trade of 2024 or values of one's own, and least_usd, the sum
        from which these are weights; for Chinese duties also granted_frac and waived_frac, the total duty with exclusions counted in these
        two ways.
    """
    table = tariffs.line_rates(on=on, importer=product.importer, as_of=as_of, rates=rates).iloc[product.lines]
    if product.importer == "CN":
        ways = {way: tariffs.Assumptions(exclusions=way) for way in OTHER_ENDS}
        ends = {
            f"{way}_frac": tariffs.line_rates(on=on, importer="CN", as_of=as_of, assumptions=choice, rates=rates)["total_frac"]
            for way, choice in ways.items()
        }
        table = table.assign(**{name: due.iloc[product.lines] for name, due in ends.items()})
    return table.assign(value_usd=product.values_usd, least_usd=product.least_usd)


@door
def duty(table: pd.DataFrame, *, over: np.ndarray | None = None) -> Duty:
    """What the lines of a product owe in all, from `duties`.

    Parameters
    ----------
    over
        the lines to average, as booleans; where the duty of one of them is not known, the figures are not. By default all whose duty is.
    """
    due, values, least = table["total_frac"].to_numpy(), table["value_usd"].to_numpy(), float(table["least_usd"].max())
    known = ~np.isnan(due)
    asked = known if over is None else over
    rates = due[asked]
    return Duty(
        mean_frac=mean(rates, values[asked], least),
        lowest_frac=float(rates.min()) if len(rates) else float("nan"),
        highest_frac=float(rates.max()) if len(rates) else float("nan"),
        lines=len(table),
        lines_known=int(known.sum()),
        value_usd=float(values.sum()),
        **{
            f"{way}_frac": mean(table[f"{way}_frac"].to_numpy()[asked], values[asked], least)
            for way in OTHER_ENDS
            if f"{way}_frac" in table
        },
    )


def mean(rates: np.ndarray, weights: np.ndarray, least: float) -> float:
    """Mean weighted with trade; plain where hardly any is held; NaN of nothing, or where a rate is not known."""
    if not len(rates):
        return float("nan")
    return float(np.average(rates, weights=weights if weights.sum() >= least and weights.sum() > 0 else None))
