"""The layers of duty on a product: those of its lines, what else is known of an entry, and the legal texts behind them."""

from collections.abc import Iterator
from datetime import date

import numpy as np
import pandas as pd

from tradelib import hs, ledger, tariffs, wording
from tradelib.doors import LATEST, Day, door, opened
from tradelib.exposure.products import Product
from tradelib.exposure.rates import DECIMALS, OTHER_ENDS, duties
from tradelib.tariffs import general_rate, legal_status, omissions
from tradelib.tariffs.membership import membership
from tradelib.tariffs.outcomes import Ground
from tradelib.tariffs.prepared import KnownLaw

_LAYER = ["layer", "announced_frac", "rate_frac", "outcome", "why", "heading", "instrument", "url", "known_on"]


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
    for place, (members, stack, trade_usd, groups) in enumerate(_groups(product, opened(on), opened(as_of), most), start=1):
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
    for _, stack, _, groups in _groups(product, opened(on), opened(as_of), most):
        example = hs.dotted(stack.code) if groups > 1 else ""
        told += [(example, sentence, rows) for sentence, rows in stack.transit_told.items()]
        paid.append(stack.layers)
    layers = pd.concat(paid, ignore_index=True)
    rulings = legal_status.told(legal_status.rulings(layers, on=opened(on), as_of=opened(as_of)), layers)
    told += [("", sentence, rows) for sentence, rows in rulings.items()]
    columns = ["example", "sentence", "instrument", "url", "known_on"]
    frames = [rows.assign(example=example, sentence=sentence)[columns] for example, sentence, rows in told]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


def _groups(product: Product, on: date, as_of: date, most: int) -> Iterator[tuple[pd.DataFrame, tariffs.Stack, float, int]]:
    """(lines, stack of the one with most trade, trade of the product, groups in all) of the groups of lines that owe the same."""
    table = duties(product, on=on, as_of=as_of)
    others = [f"{way}_frac" for way in OTHER_ENDS if f"{way}_frac" in table]
    families = (
        table.drop(columns=["mfn_frac", "additional_frac", "total_frac", "value_usd", "least_usd", *others]).round(DECIMALS).fillna(-1.0)
    )
    number = families.groupby(list(families.columns), sort=False).ngroup() if len(families.columns) else pd.Series(0, index=table.index)
    order = table["value_usd"].groupby(number).sum().sort_values(ascending=False, kind="stable")
    for group in order.index[:most]:
        members = table[number.eq(group)]
        example = str(members["value_usd"].idxmax())
        yield members, tariffs.explain(example, on=on, importer=product.importer, as_of=as_of), order.sum(), len(order)


def _layers(stack: tariffs.Stack, members: pd.DataFrame, trade_usd: float) -> pd.DataFrame:
    """Rows of one group of `stacks`."""
    general = members["mfn_frac"]
    same = general.isna().all() or np.ptp(general.dropna()) < 10**-DECIMALS
    missing = int(general.isna().sum())
    span = "" if same else f"from {100 * general.min():.4g} to {100 * general.max():.4g}% by line"
    lacking = f"not held for {missing} of {len(general)} lines" if 0 < missing < len(general) else ""
    row = general_rate.row(
        stack.importer,
        float(general.max()) if same else np.nan,
        outcome="not held" if general.isna().all() else "applies",
        why="; ".join(filter(None, (span, lacking))),
    )
    first = pd.DataFrame([{**row, "layer": row["programme"], "heading": "", "known_on": pd.NaT}], columns=_LAYER)
    heading = stack.layers["hts_heading"].where(stack.layers["hts_heading"].ne(""), stack.layers["exemption_heading"])
    names = [wording.duty(*pair) for pair in zip(stack.layers["authority"], stack.layers["programme"], strict=True)]
    rows = stack.layers.assign(layer=names, heading=heading)
    rows = pd.concat([first, rows[_LAYER]], ignore_index=True) if len(rows) else first
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


@door
def exclusions(product: Product, *, on: Day, as_of: Day = LATEST) -> pd.DataFrame:
    """Exclusions and waivers that hold on a day and may take a duty off goods of the product, as `tariffs.explain` tells them of a line.

    Returns
    -------
    DataFrame
        As `tariffs.schedule`, one row an exclusion or waiver, with codes: the lines of the product that it may reach, each of which pays a
        duty that is lowered; and is_listed: whether its goods are held by code. `standing` says whether a legal text holds it, or officials
        only stated it.
    """
    law = _open(product, opened(on), opened(as_of), ledger.LAW)
    stated = _open(product, opened(on), opened(as_of), ledger.LAW_AND_STATEMENTS)
    return pd.concat([law, stated[~stated["standing"].isin(ledger.LAW)]], ignore_index=True)


def _open(product: Product, on: date, as_of: date, standing: tuple[str, ...]) -> pd.DataFrame:
    law = KnownLaw(product.importer, as_of, standing=standing).over()
    ground = Ground(law, on, tariffs.Assumptions())
    law.layers(on, effects=ground.effects, only=product.lines)
    reached = omissions.open_exclusions(ground)
    rows = law.book.rows.iloc[[exclusion.row for exclusion in reached]]
    is_listed = [any(map(law.scopes.held, exclusion.scopes)) for exclusion in reached]
    codes = [[str(code) for code in law.lines.codes[positions]] for positions in reached.values()]
    return rows.assign(is_listed=np.array(is_listed, dtype=bool), codes=pd.Series(codes, index=rows.index, dtype=object))


@door
def texts(product: Product, *, as_of: Day = LATEST) -> pd.DataFrame:
    """Legal texts of duties that reach any line of the product, as known on a day: the rows of `tariffs.schedule` behind its history."""
    rows = tariffs.schedule(as_of=as_of)
    rows = rows[rows["importer"].eq(product.importer) & rows["kind"].eq("duty")]
    scopes = membership(product.importer)
    wanted = np.zeros(len(tariffs.lines(product.importer).codes), dtype=bool)
    wanted[product.lines] = True

    def reaches(scope: str, begins: pd.Timestamp) -> bool:
        names = tuple(scope.split("|")) if scope else ()
        covered, _ = scopes.net(names, (), on=begins.date(), partial=True, partial_exempt=False)
        return bool(wanted[covered].any())

    held = [reaches(scope, begins) for scope, begins in zip(rows["scope"], rows["effective_from"], strict=True)]
    return rows[np.array(held, dtype=bool)].reset_index(drop=True)
