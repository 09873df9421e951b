"""What one product is exposed to: its duties by layer, their history, its trade and suppliers, and what scenarios do to them.

A product is one or more codes of the Harmonized System; where its lines owe different duties, every answer gives the lowest and the
highest beside the mean, which is weighted with the trade of 2024 (or plain, where hardly any is held). Over time the mean is that of the
lines whose duty is known today: where a text sets a rate for one of them and does not name it, the mean is not known, and not that of the
others.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from tradelib import catalogue, hs, ledger, scenarios, tariffs, wording
from tradelib.doors import LATEST, Day, door
from tradelib.errors import ParameterError
from tradelib.own_weights import OwnWeights, from_file
from tradelib.tariffs import legal_status
from tradelib.tariffs.membership import membership
from tradelib.wording import nearest

__all__ = [
    "CHINA",
    "LEAST_TRADE_USD",
    "OTHERS",
    "SAME",
    "SOURCE",
    "TRADE_YEAR",
    "URL",
    "Duty",
    "Product",
    "baskets",
    "chosen",
    "duties",
    "duty",
    "exclusions",
    "history",
    "notices",
    "stacks",
    "suppliers",
    "texts",
    "trade",
    "under_scenarios",
]

TRADE_YEAR = str(scenarios.TRADE_YEAR)
SOURCE = "US Census Bureau, imports for consumption of 2024 by partner and six-digit subheading"
URL = "https://www.census.gov/foreign-trade/data/index.html"
# What the notebook shows where nothing is asked for, so that it is no question beside codes.
BASKET = "lithium_ion_batteries"
CHINA = "China"
OTHERS = "Others held"
_SUBHEADING = 6
_FIGURES = ("mean_frac", "lowest_frac", "highest_frac")
_DECIMALS = 9
# A title names as many codes; of more it names two.
_NAMED = 3
SAME = scenarios.SAME
# The other ways to count exclusions from Chinese duties: `tariffs.Assumptions`.
_OTHER_ENDS = ("granted", "waived")
# Below this, trade of one year is no weight.
LEAST_TRADE_USD = 1e6


@dataclass(frozen=True)
class Product:
    """Goods that a reader asks about.

    Attributes
    ----------
    name
        of its basket, or its first code.
    title
        what to call it.
    importer
        `US` (goods of China) or `CN` (goods of the United States).
    codes
        every line under them belongs to the product; digits.
    note
        what the codes do not tell apart, or which they are.
    own
        values of one's own, by which its lines are weighted; none: the trade of 2024.
    """

    name: str
    title: str
    importer: str
    codes: tuple[str, ...]
    note: str = ""
    own: OwnWeights | None = None

    @property
    def lines(self) -> np.ndarray:
        """Positions of its lines among `tariffs.lines` of its importer, in order, each once."""
        return np.unique(np.concatenate([tariffs.find(code, self.importer)[1] for code in self.codes]))

    @property
    def values_usd(self) -> np.ndarray:
        """What each of its lines weighs: the trade of 2024, or values of one's own."""
        over = tariffs.lines(self.importer).weights[TRADE_YEAR] if self.own is None else self.own.values_usd
        return over[self.lines]

    @property
    def least_usd(self) -> float:
        """Sum from which the values are weights: hardly any trade of one year is none; values of one's own always are."""
        return LEAST_TRADE_USD if self.own is None else 0.0

    @property
    def weights_words(self) -> str:
        """What the lines are weighted with."""
        return "the trade of 2024" if self.own is None else "values of your own"


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
        return tuple(round(figure, _DECIMALS) for figure in (self.mean_frac, self.lowest_frac, self.highest_frac))


def baskets() -> pd.DataFrame:
    """Named products: one row a basket, with basket, importer, title, codes (dotted, in words) and note."""
    table = catalogue.load("baskets")
    rows = table.assign(codes=table["code"].map(hs.dotted)).groupby("basket", sort=False)
    return rows.agg(
        importer=("importer", "first"), title=("title", "first"), codes=("codes", ", ".join), note=("note", "first")
    ).reset_index()


@door
def chosen(*, basket: str, codes: list[str], importer: str, weights_file: str = "") -> Product:
    """The product that parameters name: the codes where any are given, else those of the file of weights, else the basket.

    Parameters
    ----------
    basket
        one of `baskets()`; empty, or `BASKET`, beside codes or a file of weights.
    codes
        product codes of 2 to 10 digits, with or without dots; for Chinese duties of at most 6.
    importer
        who collects the duty on `codes`; a basket has its own.
    weights_file
        path of a list with the columns code and value_usd, whose values weight the lines; see `own_weights`. Codes of the file that are not
        of the product do not count.

    Raises
    ------
    ParameterError
        an unknown basket, or one beside codes or weights; a code that is malformed or that no line stands under; an importer that is
        neither, or not that of the basket; weights that do not fall on the product.
    """
    if (codes or weights_file) and basket not in ("", BASKET):
        message = (
            f"The basket {basket} has no effect beside {'codes' if codes else 'weights_file'}, which say what the product is; give one."
        )
        raise ParameterError(message)
    own = from_file(weights_file, importer) if weights_file else None
    product = _chosen(basket, list(codes) or (_within_trade(own.codes, importer) if own else []), importer)
    if own is None:
        return product
    product = replace(product, own=own)
    if product.importer != importer or not product.values_usd.sum() > 0:
        message = f"The values of {weights_file} do not fall on the product {product.title}; give codes of the file, or none."
        raise ParameterError(message)
    return product


def _within_trade(codes: tuple[str, ...], importer: str) -> list[str]:
    """Codes of a file as codes of a product: trade with China is held to six digits."""
    return list(dict.fromkeys(code[:_SUBHEADING] if importer == "CN" else code for code in codes))


def _chosen(basket: str, codes: list[str], importer: str) -> Product:
    if not codes:
        held = catalogue.load("baskets")
        rows = held[held["basket"].eq(basket)]
        if rows.empty:
            names = list(dict.fromkeys(held["basket"]))
            message = f"There is no basket {basket!r}.{nearest(basket, names)} The baskets are {', '.join(names)}; or give codes."
            raise ParameterError(message)
        first = rows.iloc[0]
        if importer != first["importer"] and importer != "US":
            message = f"The basket {basket} is of goods entering {first['importer']}; importer {importer} has no effect on it: give codes."
            raise ParameterError(message)
        return Product(basket, first["title"], first["importer"], tuple(rows["code"]), first["note"])
    digits = tuple(hs.parse_code(code) for code in codes)
    for code in digits:
        if importer == "CN" and len(code) > _SUBHEADING:
            message = (
                f"Trade with China by product is held to six digits; ask for {hs.dotted(code[:_SUBHEADING])} in place of {hs.dotted(code)}."
            )
            raise ParameterError(message)
        tariffs.find(code, importer)
    named = [hs.dotted(code) for code in dict.fromkeys(digits)]
    stands_for = " ".join(_measured(code, importer) for code in dict.fromkeys(digits)).strip()
    if len(named) <= _NAMED:
        return Product(digits[0], f"Goods of {wording.listing(named)}", importer, digits, stands_for)
    title = f"Goods of {named[0]}, {named[1]} and {len(named) - 2} more codes"
    return Product(digits[0], title, importer, digits, f"The codes: {wording.listing(named)}. {stands_for}".strip())


def _measured(code: str, importer: str) -> str:
    """That the trade of other lines stands for a code under which none of 2024 is held, as a sentence; empty where it is held."""
    held, positions = tariffs.find(code, importer)
    lines = [str(name) for name in held.codes[positions]]
    if all(name.startswith(code) for name in lines):
        return ""
    shown = wording.listing([hs.dotted(name) for name in lines[:_NAMED]])
    more = f" and {len(lines) - _NAMED} more" if len(lines) > _NAMED else ""
    return f"Trade of {TRADE_YEAR} is not held under {hs.dotted(code)}: duties and trade here are those of {shown}{more}."


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
        ways = {way: tariffs.Assumptions(exclusions=way) for way in _OTHER_ENDS}
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
        mean_frac=_mean(rates, values[asked], least),
        lowest_frac=float(rates.min()) if len(rates) else float("nan"),
        highest_frac=float(rates.max()) if len(rates) else float("nan"),
        lines=len(table),
        lines_known=int(known.sum()),
        value_usd=float(values.sum()),
        **{
            f"{way}_frac": _mean(table[f"{way}_frac"].to_numpy()[asked], values[asked], least)
            for way in _OTHER_ENDS
            if f"{way}_frac" in table
        },
    )


@door
def stacks(product: Product, *, on: Day, as_of: Day = LATEST, most: int = 4) -> pd.DataFrame:
    """Layers of duty on the product: lines that owe the same additional duties stand together.

    Parameters
    ----------
    most
        groups that are told, those with most trade first.

    Returns
    -------
    DataFrame
        One row a layer of a group, the most-favoured-nation rate first: group (its number), example (a code), lines, lines_known (whose
        duty is known), value_usd, trade_frac (share of the product's trade), lowest_frac and highest_frac (total duty within the group),
        layer, announced_frac, rate_frac (NaN for a general rate that differs within the group), outcome, why, heading (of chapter 99: to
        declare, or claimed for what is not due), instrument, url, known_on; not_modelled (what the law knows and no table holds, in
        words); groups (how many there are in all).
    """
    frames = []
    for place, (members, stack, trade_usd, groups) in enumerate(_groups(product, on, as_of, most), start=1):
        frames.append(_layers(stack, members, trade_usd).assign(group=place, groups=groups))
    return pd.concat(frames, ignore_index=True)


@door
def notices(product: Product, *, on: Day, as_of: Day = LATEST, most: int = 4) -> pd.DataFrame:
    """What else is known of an entry of the product: rulings on what is paid, and what goods loaded before a day owe.

    Parameters
    ----------
    most
        as for `stacks`.

    Returns
    -------
    DataFrame
        One row a sentence and text behind it: example (a code of the group it is about; empty: of all), sentence, instrument, url,
        known_on.
    """
    told, paid = [], []
    for _, stack, _, groups in _groups(product, on, as_of, most):
        example = hs.dotted(stack.code) if groups > 1 else ""
        told += [(example, sentence, rows) for sentence, rows in stack.transit_told.items()]
        paid.append(stack.layers)
    layers = pd.concat(paid, ignore_index=True)
    rulings = legal_status.told(legal_status.rulings(layers, on=on, as_of=as_of), layers)
    told += [("", sentence, rows) for sentence, rows in rulings.items()]
    columns = ["example", "sentence", "instrument", "url", "known_on"]
    frames = [rows.assign(example=example, sentence=sentence)[columns] for example, sentence, rows in told]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


def _groups(product: Product, on: date, as_of: date, most: int) -> Iterator[tuple[pd.DataFrame, tariffs.Stack, float, int]]:
    """(lines, stack of the one with most trade, trade of the product, groups in all) of the groups of lines that owe the same."""
    table = duties(product, on=on, as_of=as_of)
    others = [f"{way}_frac" for way in _OTHER_ENDS if f"{way}_frac" in table]
    families = (
        table.drop(columns=["mfn_frac", "additional_frac", "total_frac", "value_usd", "least_usd", *others]).round(_DECIMALS).fillna(-1.0)
    )
    number = families.groupby(list(families.columns), sort=False).ngroup() if len(families.columns) else pd.Series(0, index=table.index)
    order = table["value_usd"].groupby(number).sum().sort_values(ascending=False, kind="stable")
    for group in order.index[:most]:
        members = table[number.eq(group)]
        example = members["value_usd"].idxmax()
        yield members, tariffs.explain(example, on=on, importer=product.importer, as_of=as_of), order.sum(), len(order)


@door
def exclusions(product: Product, *, on: Day, as_of: Day = LATEST) -> pd.DataFrame:
    """Lists of exclusions and waivers of the product's importer that hold on a day; the law tells in words which goods they reach.

    Returns
    -------
    DataFrame
        As `tariffs.schedule`; `standing` says whether a legal text holds one, or officials only stated it.
    """
    rows = ledger.in_force(tariffs.schedule(as_of=as_of, standing=ledger.LAW_AND_STATEMENTS), on=on)
    return rows[rows["importer"].eq(product.importer) & rows["kind"].eq("exclusion")].reset_index(drop=True)


@door
def history(product: Product, *, as_of: Day = LATEST, panel: pd.DataFrame | None = None) -> pd.DataFrame:
    """Total duty on the product over time, as known on a day, later steps of legal texts included.

    Parameters
    ----------
    panel
        duties of all lines of its importer, where they are at hand for several products; see `tariffs.panel`.

    Returns
    -------
    DataFrame
        One row a day on which it changes: on, mean_frac, lowest_frac, highest_frac (NaN from a day on which a rate is set and not named),
        is_ahead (after the last observed day). Empty where the duty of no line is known.
    """
    table = tariffs.panel(importer=product.importer, as_of=as_of) if panel is None else panel
    table = table.iloc[product.lines]
    weights = product.values_usd
    last = pd.Timestamp(catalogue.observed_through(as_of))
    over = table.loc[:, :last].iloc[:, -1].notna().to_numpy()
    if not over.any():
        return pd.DataFrame({"on": pd.DatetimeIndex([]), **{name: [] for name in _FIGURES}, "is_ahead": []})
    values, weights = table.to_numpy()[over], weights[over]
    # A line without a rate in the past, such as a code that did not exist, is left out of those days; ahead it makes the mean unknown.
    then = [column[~np.isnan(column)] if day <= last else column for day, column in zip(table.columns, values.T, strict=True)]
    traded = [weights[~np.isnan(column)] if day <= last else weights for day, column in zip(table.columns, values.T, strict=True)]
    rows = pd.DataFrame(
        {
            "on": table.columns,
            "mean_frac": [_mean(rates, shares, product.least_usd) for rates, shares in zip(then, traded, strict=True)],
            "lowest_frac": [rates.min() if len(rates) else np.nan for rates in then],
            "highest_frac": [rates.max() if len(rates) else np.nan for rates in then],
        }
    )
    figures = rows[["mean_frac", "lowest_frac", "highest_frac"]].round(_DECIMALS)
    rows = rows[figures.ne(figures.shift()).any(axis="columns") & ~(figures.isna() & figures.shift().isna()).all(axis="columns")]
    return rows.assign(is_ahead=rows["on"] > last).reset_index(drop=True)


@door
def trade(product: Product) -> pd.DataFrame:
    """Trade of 2024 in the product by subheading: trade of a fixed year.

    Returns
    -------
    DataFrame
        One row a six-digit subheading, the largest first: code, value_usd (US imports from China, or US exports to China). For US imports
        also partners_usd (imports from the 18 partners held, the European Union as one), china_frac and others ((partner, share) pairs, the
        largest three).
    """
    held = tariffs.lines(product.importer)
    own = pd.Series(held.weights[TRADE_YEAR][product.lines], index=held.codes[product.lines].astype("U6"))
    table = own.groupby(level=0).sum().rename_axis("code").rename("value_usd").reset_index()
    if product.importer == "US":
        rows = catalogue.load("us_imports_2024_by_partner")
        by_partner = rows[rows["hs6"].isin(table["code"])].pivot_table(
            index="hs6", columns="partner", values="imports_2024_usd", aggfunc="sum", fill_value=0.0
        )
        by_partner = by_partner.reindex(table["code"], fill_value=0.0)
        whole = by_partner.sum(axis="columns")
        shares = by_partner.div(whole.where(whole > 0), axis="index")
        others = shares.drop(columns=CHINA, errors="ignore")
        table["partners_usd"] = whole.to_numpy()
        table["china_frac"] = shares[CHINA].to_numpy() if CHINA in shares else 0.0
        table["others"] = [list(others.loc[code].dropna().nlargest(3).items()) for code in table["code"]]
    return table.sort_values("value_usd", ascending=False, kind="stable").reset_index(drop=True)


@door
def suppliers(product: Product, *, most: int = 8) -> pd.DataFrame:
    """Who sold the product to the United States in 2024, of the 18 partners held: trade of a fixed year.

    Whole subheadings are counted, as trade by partner is held to six digits.

    Returns
    -------
    DataFrame
        One row a partner: the largest, and China always, the largest first; the rest as `Others held`: partner, value_usd, share_frac,
        held_frac (what the partners held make of all US imports of 2024). Empty for Chinese duties: China's imports by product and supplier
        are not held.
    """
    if product.importer != "US":
        return pd.DataFrame(columns=["partner", "value_usd", "share_frac", "held_frac"])
    rows = catalogue.load("us_imports_2024_by_partner")
    # Fixed reference data: the newest copy of each month, and not all copies.
    months = catalogue.load("duties_by_partner", as_of=catalogue.evidence_through("duties_by_partner"))
    world = months[months["partner"].eq("World") & months["period"].dt.year.eq(int(TRADE_YEAR))]["customs_value_usd"].sum()
    held = rows["imports_2024_usd"].sum() / world
    rows = rows[rows["hs6"].isin(set(tariffs.lines("US").codes[product.lines].astype("U6")))]
    sums = rows.groupby("partner")["imports_2024_usd"].sum().sort_values(ascending=False, kind="stable")
    named = sums.index.isin([*sums.index[:most], CHINA])
    first = sums[named]
    if not named.all():
        first = pd.concat([first, pd.Series({OTHERS: sums[~named].sum()})])
    table = first.rename_axis("partner").rename("value_usd").reset_index()
    return table.assign(share_frac=table["value_usd"] / sums.sum(), held_frac=held)


@door
def texts(product: Product, *, as_of: Day = LATEST) -> pd.DataFrame:
    """Legal texts of duties that reach any line of the product, as known on a day: the rows of `tariffs.schedule` behind its history."""
    rows = tariffs.schedule(as_of=as_of)
    rows = rows[rows["importer"].eq(product.importer) & rows["kind"].eq("duty")]
    scopes = membership(product.importer)
    wanted = np.zeros(len(tariffs.lines(product.importer).codes), dtype=bool)
    wanted[product.lines] = True

    def reaches(row: pd.Series) -> bool:
        names = tuple(row["scope"].split("|")) if row["scope"] else ()
        covered, _ = scopes.net(names, (), on=row["effective_from"].date(), partial=True, partial_exempt=False)
        return bool(wanted[covered].any())

    return rows[np.array([reaches(row) for _, row in rows.iterrows()], dtype=bool)].reset_index(drop=True)


@door
def under_scenarios(product: Product, *, as_of: Day = LATEST) -> pd.DataFrame:
    """Duty on the product under every scenario that can be asked on the day.

    Returns
    -------
    DataFrame
        One row a scenario: scenario, title, question, on (the day by which everything within a year has come that it brings to this
        product; its first day where nothing changes), mean_frac, lowest_frac, highest_frac, change_frac (of the mean, from the last
        observed day), days (of change within that year), unnamed_on (first day of a rate that a text sets and does not name: nothing is
        said beyond it).
    """
    last = catalogue.observed_through(as_of)
    today = duties(product, on=last, as_of=as_of)
    over = today["total_frac"].notna().to_numpy()
    now = duty(today, over=over)
    rows = []
    for scenario in scenarios.available(as_of=as_of):
        path = _path(product, scenarios.schedule(scenario, as_of=as_of), now, over, as_of=as_of)
        named = [(day, step) for day, step in path if not np.isnan(step.mean_frac)]
        on, final = named[-1] if named else (scenarios.begins_on(as_of), now)
        rows.append(
            {
                "scenario": scenario.name,
                "title": scenario.title,
                "question": scenario.question,
                "on": pd.Timestamp(on),
                "mean_frac": final.mean_frac,
                "lowest_frac": final.lowest_frac,
                "highest_frac": final.highest_frac,
                "change_frac": final.mean_frac - now.mean_frac,
                "days": [day for day, _ in named],
                "unnamed_on": next((pd.Timestamp(day) for day, step in path if np.isnan(step.mean_frac)), pd.NaT),
            }
        )
    return pd.DataFrame(rows)


def _path(product: Product, rates: pd.DataFrame, now: Duty, over: np.ndarray, *, as_of: date) -> list[tuple[date, Duty]]:
    """Days within a year on which the duty on the product changes, and what it changes to; the last where a rate is not named."""
    first = scenarios.begins_on(as_of)
    bound = tariffs.bind(rates, product.importer)
    days = tariffs.change_days(
        importer=product.importer, as_of=as_of, since=first, until=first + timedelta(days=scenarios.WITHIN_DAYS), rates=bound
    )
    path: list[tuple[date, Duty]] = []
    for day in days:
        step = duty(duties(product, on=day, as_of=as_of, rates=bound), over=over)
        before = path[-1][1] if path else now
        if not np.array_equal(step.figures, before.figures, equal_nan=True):
            path.append((day, step))
        if np.isnan(step.mean_frac):
            break
    return path


def _layers(stack: tariffs.Stack, members: pd.DataFrame, trade_usd: float) -> pd.DataFrame:
    """Rows of one group of `stacks`."""
    general = members["mfn_frac"]
    same = general.isna().all() or np.ptp(general.dropna()) < 10**-_DECIMALS
    missing = int(general.isna().sum())
    first = {
        "layer": "General (most-favoured-nation) rate",
        "announced_frac": np.nan,
        "rate_frac": general.max() if same else np.nan,
        "outcome": "not held" if general.isna().all() else "applies",
        "why": "; ".join(
            filter(
                None,
                [
                    "" if same else f"from {100 * general.min():.4g} to {100 * general.max():.4g}% by line",
                    f"not held for {missing} of {len(general)} lines" if 0 < missing < len(general) else "",
                ],
            )
        ),
        "heading": "",
        "instrument": "Harmonized Tariff Schedule 2025" if stack.importer == "US" else "Applied rates of China",
        "url": "https://hts.usitc.gov/" if stack.importer == "US" else "",
        "known_on": pd.NaT,
    }
    heading = stack.layers["hts_heading"].where(stack.layers["hts_heading"].ne(""), stack.layers["exemption_heading"])
    names = [wording.duty(row.authority, row.programme) for row in stack.layers.itertuples()]
    rows = stack.layers.assign(layer=names, heading=heading)
    rows = pd.concat([pd.DataFrame([first]), rows[list(first)]], ignore_index=True) if len(rows) else pd.DataFrame([first])
    value = members["value_usd"].sum()
    return rows.assign(
        example=stack.code,
        lines=len(members),
        lines_known=int(members["total_frac"].notna().sum()),
        value_usd=value,
        trade_frac=value / trade_usd if trade_usd else np.nan,
        lowest_frac=members["total_frac"].min(),
        highest_frac=members["total_frac"].max(),
        not_modelled="\n".join(stack.not_modelled),
    )


def _mean(rates: np.ndarray, weights: np.ndarray, least: float) -> float:
    """Mean weighted with trade; plain where hardly any is held; NaN of nothing, or where a rate is not known."""
    if not len(rates):
        return float("nan")
    return float(np.average(rates, weights=weights if weights.sum() >= least and weights.sum() > 0 else None))
