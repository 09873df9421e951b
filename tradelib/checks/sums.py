"""Rules of sums: figures that two tables give of the same thing agree."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from tradelib.checks.rule import Tables, rule, where
from tradelib.rows import each

# The months by industry and by partner come from editions of their own: at most 1.8 per cent apart.
_APART = 0.03
# Imports with freight and insurance are 4 to 6 per cent above their customs value.
_FREIGHT = (1.0, 1.12)
_MONTHS = 12
_TONNES = 0.02
# A schedule names the most countries it can; below these a table is an extract.
_WHOLE_TABLE = 11
# The smallest economies trade up to 27 times their product, none exports more than three times it.
_EXPORTS_OF_GDP = 4
# Rates of China moved at most 15 points apart from the others.
_JUMP = 0.3
_ROUNDED_SUM = 0.01
_ROUNDED, _TENTH_OF_A_POINT, _NEAR = 1e-6, 1e-3, 0.02


def _last(table: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    return table.sort_values("vintage_on", kind="stable").drop_duplicates(key, keep="last")


def _apart(ours: pd.Series, theirs: pd.Series, share: float) -> pd.DataFrame:
    both = pd.DataFrame({"ours": ours, "theirs": theirs.reindex(ours.index)}).dropna()
    return both[(both["ours"] - both["theirs"]).abs() > share * both["theirs"].abs() + 1]


class _Gap(NamedTuple):
    period: pd.Timestamp
    ours: float
    theirs: float


@rule("duties_china", "duties_by_partner")
def industries_add_up_to_the_country(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """The industries of a month add up to what is held of China as a partner, within three per cent."""
    columns = ["customs_value_usd", "calculated_duty_usd"]
    table = tables["duties_china"]
    sums = _last(table, ["period", "naics3"]).groupby("period")[columns].sum()
    partner = _last(tables["duties_by_partner"], ["partner", "period"])
    china = partner[partner["partner"].eq("China")].set_index("period")
    for column in columns:
        for row in each(_apart(sums[column], china[column], _APART).rename_axis("period").reset_index(), _Gap):
            said = f"{column} of {row.period:%Y-%m}: {row.ours:.4g} over all industries, {row.theirs:.4g} as a partner"
            yield "duties_china", int(table["period"].eq(row.period).to_numpy().argmax()), said


@rule("statistics", "duties_by_partner")
def a_collected_rate_is_duty_over_value(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A collected rate is the calculated duty over the customs value of the same month, within a tenth of a point."""
    partner = _last(tables["duties_by_partner"], ["partner", "period"]).set_index(["partner", "period"])
    rate = partner["calculated_duty_usd"] / partner["customs_value_usd"]
    table = tables["statistics"]
    for series, name in (("us_collected_rate_on_china_frac", "China"), ("us_collected_rate_world_frac", "World")):
        held = table["period"].where(table["series_id"].eq(series)).map(rate.get(name, pd.Series(dtype=float)))
        yield from where("statistics", table, (table["value"] - held).abs() > _TENTH_OF_A_POINT, "series_id", "period", "value")


@rule("statistics")
def a_balance_is_exports_less_imports(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """China's balance is its exports less its imports, within two per cent of the exports."""
    table = tables["statistics"]
    level = _last(table, ["series_id", "period"]).set_index(["series_id", "period"])["value"]
    for kind in ("", "_ytd"):
        if not {f"china_{flow}{kind}_usd" for flow in ("exports", "imports", "balance")} <= set(level.index.get_level_values(0)):
            continue
        out, back = (level[f"china_{flow}{kind}_usd"] for flow in ("exports", "imports"))
        own = table["period"].where(table["series_id"].eq(f"china_balance{kind}_usd"))
        wrong = (table["value"] - own.map(out - back)).abs() > 0.02 * own.map(out)
        yield from where("statistics", table, wrong, "series_id", "period", "value")


@rule("statistics")
def a_year_to_date_grows_by_its_month(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """China's exports and imports of a year to date are those to the month before and the month's own, within one per cent of these."""
    table = tables["statistics"]
    level = _last(table, ["series_id", "period"]).set_index(["series_id", "period"])["value"].sort_index()
    held = set(level.index.get_level_values(0))
    for name in ("china_exports", "china_imports"):
        if not {f"{name}_usd", f"{name}_ytd_usd"} <= held:
            continue
        month, so_far = level[f"{name}_usd"], level[f"{name}_ytd_usd"]
        before = so_far.reindex(so_far.index - pd.DateOffset(months=1)).set_axis(so_far.index).where(so_far.index.month > 1, 0.0)
        apart = _apart(so_far - before, month, _ROUNDED_SUM)
        own = table["series_id"].isin([f"{name}_usd", f"{name}_ytd_usd"]) & table["period"].isin(apart.index)
        yield from where("statistics", table, own, "series_id", "period", "value")


class _Year(NamedTuple):
    series_id: str
    year: int
    total: float
    months: int


class _Sum(NamedTuple):
    flow: str
    period: pd.Timestamp
    value_usd: float


@rule("us_china_goods_by_heading", "statistics")
def headings_add_up_to_the_year(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """The headings of a year add up to its twelve months; imports, with freight and insurance, to at most 12 per cent more."""
    table = tables["us_china_goods_by_heading"]
    sums = _last(table, ["flow", "period", "heading"]).groupby(["flow", "period"])["value_usd"].sum()
    months = _last(tables["statistics"], ["series_id", "period"])
    months = months.assign(year=months["period"].dt.year)
    by_year = months.groupby(["series_id", "year"]).agg(total=("value", "sum"), months=("value", "count")).reset_index()
    bounds = {"exports_fas": ("us_exports_to_china_usd", 1 - _APART, 1 + _APART), "imports_cif": ("us_imports_from_china_usd", *_FREIGHT)}
    held = {(row.series_id, row.year): row for row in each(by_year, _Year)}
    for flow, period, value in each(sums.reset_index(), _Sum):
        series, least, most = bounds[flow]
        year = held.get((series, period.year))
        if year is not None and year.months == _MONTHS and not least <= value / year.total <= most:
            position = (table["flow"].eq(flow) & table["period"].eq(period)).to_numpy().argmax()
            yield "us_china_goods_by_heading", int(position), f"{flow} of {period.year}: {value:.4g}, and the months {year.total:.4g}"


@rule("us_imports_2017", "cn_lines", "us_china_goods_by_heading")
def weights_add_up_to_the_headings(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """The trade that weights the lines adds up to that of their headings in the same year."""
    goods = _last(tables["us_china_goods_by_heading"], ["flow", "period", "heading"])
    weights = [("us_imports_2017", "imports_2017_usd", "imports_cif", "2017")]
    weights += [("cn_lines", f"exports_{year}_usd", "exports_fas", year) for year in ("2017", "2024")]
    for name, column, flow, year in weights:
        table = tables[name]
        heading = table["code"].str[:4]
        held = goods[goods["flow"].eq(flow) & goods["period"].eq(pd.Timestamp(f"{year}-01-01"))].set_index("heading")["value_usd"]
        apart = _apart(table[column].groupby(heading).sum(), held, _ROUNDED)
        yield from where(name, table, heading.isin(apart.index) & table[column].gt(0), "code", column)


@rule("us_lines", "us_imports_2024_by_partner")
def lines_add_up_to_their_subheading(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """The lines of a subheading add up to what is held of China by subheading in 2024; a duty is at most five times its value."""
    lines, partner = tables["us_lines"], tables["us_imports_2024_by_partner"]
    subheading = lines["code"].str[:6]
    china = partner[partner["partner"].eq("China")].set_index("hs6")["imports_2024_usd"]
    apart = _apart(lines["imports_2024_usd"].groupby(subheading).sum(), china, _ROUNDED)
    yield from where("us_lines", lines, subheading.isin(apart.index), "code", "imports_2024_usd")
    for name, table in (("us_lines", lines), ("us_imports_2024_by_partner", partner)):
        most = 5 * table["imports_2024_usd"] + 100
        yield from where(name, table, table["duty_2024_usd"] > most, "imports_2024_usd", "duty_2024_usd")


@rule("rare_earths")
def countries_add_up_to_the_world(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """Where all countries are held, their tonnes add up to the world's and their shares to one, within two per cent."""
    table = tables["rare_earths"]
    known: dict[tuple[str, str], dict[str, float]] = {}
    ordered = table.assign(position=range(len(table))).sort_values("vintage_on", kind="stable")
    for (name, year, vintage), rows in ordered.groupby(["quantity", "period", "vintage_on"], sort=True):
        quantity, period = str(name), str(year)
        # A later edition prints again only what it changed.
        parts = known.setdefault((quantity, period), {})
        parts |= dict(zip(rows["country"], rows["value"], strict=True))
        shares = quantity == "us_import_source_share"
        whole = 1.0 if shares else parts.get("World", np.nan) if len(parts) > _WHOLE_TABLE else np.nan
        total = sum(value for country, value in parts.items() if country != "World")
        if abs(total - whole) > _TONNES * whole:
            said = f"{quantity} of {period}, as of {vintage:%Y-%m-%d}: {total:g}, of {whole:g}"
            yield "rare_earths", int(rows["position"].iloc[0]), said


@rule("benchmarks", "duties_china")
def a_published_collected_rate_is_ours(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A collected rate that others publish is the duty over the value of the month in our tables, and comes out after the month began."""
    table = tables["benchmarks"]
    months = _last(tables["duties_china"], ["period", "naics3"]).groupby("period")[["customs_value_usd", "calculated_duty_usd"]].sum()
    rate = months["calculated_duty_usd"] / months["customs_value_usd"]
    collected = table["measure"].eq("collected_frac")
    held = table["on"].dt.to_period("M").dt.to_timestamp().map(rate)
    wrong = collected & (((table["value_frac"] - held).abs() > _TENTH_OF_A_POINT) | (table["published_on"] <= table["on"]))
    yield from where("benchmarks", table, wrong, "benchmark_id", "on", "value_frac", "published_on")


@rule("economies", "world_trade_2023")
def an_economy_trades_within_its_means(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """No economy exports more than four times its product, and none to itself.

    Is one of the two in thousands or millions?
    """
    table, trade = tables["economies"], tables["world_trade_2023"]
    exports = table["iso3"].map(trade.groupby("exporter")["value_usd"].sum())
    yield from where("economies", table, exports > _EXPORTS_OF_GDP * table["gdp_usd"], "iso3", "gdp_usd")
    yield from where("world_trade_2023", trade, trade["exporter"].eq(trade["importer"]), "exporter", "importer")


@rule("cn_tariff_2019", "cn_lines", "cn_tariff_quotas", "cn_interim_rates")
def chinese_rates_agree(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A Chinese rate lies between the lowest and highest of its items; those of 2018 are at least the one of 2019, at most eight times it.

    The rate of a subheading that was confirmed or carried over lies near those of its lines, the general rate beside an interim rate is
    that of its subheading, and the rate outside a quota is that of its lines.
    """
    old, lines = tables["cn_tariff_2019"], tables["cn_lines"]
    rate = old["mfn_2019_01_frac"]
    wrong = (rate < old["mfn_2019_01_low_frac"] - _ROUNDED) | (rate > old["mfn_2019_01_high_frac"] + _ROUNDED)
    for month in ("01", "05", "07", "11"):
        before = old[f"mfn_2018_{month}_frac"]
        wrong |= (before < rate - _ROUNDED) | (rate.gt(0) & (before > 8 * rate))
    yield from where("cn_tariff_2019", old, wrong, "code", "mfn_2018_01_frac", "mfn_2019_01_frac")
    of_2019 = rate.groupby(old["code"].str[:6]).agg(["min", "max"]).reindex(lines["code"]).set_axis(lines.index)
    held = lines["mfn_evidence"].isin(["confirmed", "carried"])
    far = (lines["mfn_frac"] < of_2019["min"] - 0.1) | (lines["mfn_frac"] > of_2019["max"] + 0.1)
    yield from where("cn_lines", lines, held & far, "code", "mfn_frac")
    interim, quotas = tables["cn_interim_rates"], tables["cn_tariff_quotas"]
    general = interim["code"].str[:6].map(lines.set_index("code")["mfn_frac"])
    yield from where("cn_interim_rates", interim, (interim["general_frac"] - general).abs() > _NEAR, "code", "general_frac")
    for position, (code, outside) in enumerate(zip(quotas["code"], quotas["outside_frac"], strict=True)):
        own = rate[old["code"].str.startswith(code)]
        if len(own) and not own.min() - _ROUNDED <= outside <= own.max() + _ROUNDED:
            yield "cn_tariff_quotas", position, f"code {code}, outside_frac {outside:g}, and its lines have {own.min():g} to {own.max():g}"


@rule("wto_china_rates")
def a_rate_moves_with_the_others(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """Between days a rate of China moves as those of most goods do, within 30 points: a slip of the decimal point does not."""
    table = tables["wto_china_rates"]
    beside = table["rate_frac"] - table.groupby("on")["rate_frac"].transform("median")
    apart = (beside - beside.groupby(table["code"]).transform("median")).abs()
    yield from where("wto_china_rates", table, apart > _JUMP, "on", "code", "rate_frac")
