"""What was bought and sold: goods trade of the US with China by section of the Harmonized System and year."""

from datetime import date

import pandas as pd

from tradelib import catalogue, hs
from tradelib.doors import LATEST, Day, door, opened
from tradelib.errors import ParameterError
from tradelib.trade.partners import same_months

SOURCE = "UN Comtrade, as reported by the United States, summed by heading"
URL = "https://comtradeplus.un.org/"
CENSUS = "US Census Bureau, imports for consumption from China by industry and month"
CENSUS_PARTNERS = "US Census Bureau, imports for consumption of 2024 by partner and six-digit subheading"
CENSUS_URL = "https://www.census.gov/foreign-trade/data/index.html"
# Three-digit industries of the NAICS, in our words; what is not manufactured goes by its first digit.
_GROUPS = {
    "311": "Food", "312": "Beverages and tobacco", "313": "Yarns and fabrics", "314": "Textile products", "315": "Clothing",
    "316": "Leather goods and footwear", "321": "Wood products", "322": "Paper", "323": "Printed matter",
    "324": "Petroleum and coal products",
    "325": "Chemicals and medicines", "326": "Plastics and rubber products", "327": "Glass, ceramics and stone products",
    "331": "Primary metals", "332": "Metal products", "333": "Machinery", "334": "Computers and electronics",
    "335": "Electrical equipment and appliances", "336": "Transport equipment", "337": "Furniture", "339": "Toys, sporting and other goods",
}  # fmt: skip
_BROAD = {"1": "Farm, forest and fishery products", "2": "Oil, gas and minerals", "9": "Scrap, used, returned and special goods"}
# FT-900 of December 2024, with which the year's figures were out; the copy held is of later in 2025.
_RELEASED_2024 = date(2025, 2, 5)
_FLOWS = {"exports": "exports_fas", "imports": "imports_cif"}


@door
def by_section(*, as_of: Day = LATEST, flow: str, base: int = 2017) -> pd.DataFrame:
    """Goods of one flow by section, the newest year held beside a base year.

    Parameters
    ----------
    flow
        `exports` (of the US to China, FAS value) or `imports` (from China, CIF value).
    base
        year to compare with.

    Returns
    -------
    DataFrame
        One row a section with trade in either year, the largest now first: section, year, base, value_usd, base_usd, change_usd,
        share_frac, source, url, known_on. Confidential trade (heading 9999, mostly civil aircraft) stands with the special provisions.
        Empty where the base year, or no later one, had been released.
    """
    rows = catalogue.load("us_china_goods_by_heading", as_of=as_of)
    rows = rows[rows["flow"].eq(_FLOWS[flow])]
    columns = ["section", "year", "base", "value_usd", "base_usd", "change_usd", "share_frac", "source", "url", "known_on"]
    years = rows["period"].dt.year
    if rows.empty or base not in set(years):
        return pd.DataFrame(columns=columns)
    newest = int(years.max())
    if newest <= base:
        return pd.DataFrame(columns=columns)
    rows = rows.assign(section=hs.sections(rows["heading"].to_numpy()), year=years)
    table = rows.pivot_table(index="section", columns="year", values="value_usd", aggfunc="sum", fill_value=0.0)
    result = pd.DataFrame({"value_usd": table[newest], "base_usd": table[base]}).reset_index()
    result["change_usd"] = result["value_usd"] - result["base_usd"]
    result["share_frac"] = result["value_usd"] / result["value_usd"].sum()
    known_on = rows.loc[rows["year"].isin([newest, base]), "known_on"].max()
    result = result.assign(year=newest, base=base, source=SOURCE, url=URL, known_on=known_on)
    return result[columns].sort_values(["value_usd", "section"], ascending=[False, True]).reset_index(drop=True)


@door
def years_of(code: str, *, as_of: Day = LATEST, flow: str) -> pd.DataFrame:
    """Trade of the US with China in the goods under one code, year by year.

    Parameters
    ----------
    code
        a chapter or heading, such as 1201 for soybeans.
    flow
        as for `by_section`.

    Returns
    -------
    DataFrame
        One row a year: year, value_usd, share_frac (of all goods of the flow), source, url, known_on.

    Raises
    ------
    ParameterError
        a code longer than a heading, which the table does not tell apart.
    """
    prefix = hs.parse_code(code)
    if len(prefix) > len("1201"):
        message = f"Trade by year is held by heading; use four digits of {code}."
        raise ParameterError(message)
    rows = catalogue.load("us_china_goods_by_heading", as_of=as_of)
    rows = rows[rows["flow"].eq(_FLOWS[flow])]
    rows = rows.assign(year=rows["period"].dt.year, in_code=rows["heading"].str.startswith(prefix))
    total = rows.groupby("year")["value_usd"].sum()
    part = rows[rows["in_code"]].groupby("year")["value_usd"].sum().reindex(total.index, fill_value=0.0)
    known = rows.groupby("year")["known_on"].max()
    table = pd.DataFrame({"value_usd": part, "share_frac": part / total, "known_on": known}).reset_index()
    return table.assign(source=SOURCE, url=URL)[["year", "value_usd", "share_frac", "source", "url", "known_on"]]


@door
def china_by_product_group(*, as_of: Day = LATEST, base: int = 0) -> pd.DataFrame:
    """What China lost, by product group: imports for consumption of the newest year's months beside the same months of a base year.

    The groups are those of the North American Industry Classification System; over the same months of the same copy their changes add
    up to that of China in `trade.diversion`, which may go further. Which partner gained in a group is not known: no table by partner and
    product is held after 2024.

    Parameters
    ----------
    base
        year to compare with; 0, or the newest year itself, of which partners may have a later one: as 0 for `trade.diversion`.

    Returns
    -------
    DataFrame
        One row a group, the largest loss first: group, now_usd, base_usd, change_usd, change_frac (NaN where the base is zero), base,
        first, last, is_later_revised, source, url, known_on.

    Raises
    ------
    ParameterError
        as for `trade.diversion`.
    """
    rows = catalogue.load("duties_china", as_of=as_of)
    periods = pd.DatetimeIndex(rows["period"].unique())
    months, same = same_months(periods, 0 if base == periods.max().year else base)
    rows = rows.assign(group=rows["naics3"].map(_group))
    now, then = (rows[rows["period"].isin(span)].groupby("group")["customs_value_usd"].sum() for span in (months, same))
    table = pd.DataFrame({"now_usd": now, "base_usd": then}).fillna(0.0)
    table["change_usd"] = table["now_usd"] - table["base_usd"]
    table["change_frac"] = (table["change_usd"] / table["base_usd"]).where(table["base_usd"] > 0)
    table = table.sort_values("change_usd").rename_axis("group").reset_index()
    later = bool(rows.loc[rows["period"].isin([*months, *same]), "is_later_revised"].any())
    table = table.assign(base=same[0].year, first=months[0], last=months[-1], is_later_revised=later, source=CENSUS, url=CENSUS_URL)
    return table.assign(known_on=rows["known_on"].max())


@door
def suppliers_2024(*, as_of: Day = LATEST, most: int = 3) -> pd.DataFrame:
    """Who else sold the United States, in 2024, what China sold it: imports for consumption by section.

    Parameters
    ----------
    as_of
        day of knowledge; before the release of the year's last month nothing is told.
    most
        how many others are named.

    Returns
    -------
    DataFrame
        One row a section, the largest of China first: section, china_usd, others (the largest of the 16 other partners and the European
        Union that the table holds, as (partner, value) pairs; the world's total is not held), source, url, known_on.
    """
    if opened(as_of) < _RELEASED_2024:
        return pd.DataFrame(columns=["section", "china_usd", "others", "source", "url", "known_on"])
    rows = catalogue.load("us_imports_2024_by_partner")
    rows = rows.assign(section=hs.sections(rows["hs6"].to_numpy()))
    table = rows.pivot_table(index="section", columns="partner", values="imports_2024_usd", aggfunc="sum", fill_value=0.0)
    china, others = table["China"], table.drop(columns="China")
    named = [list(others.loc[section].nlargest(most).items()) for section in table.index]
    result = pd.DataFrame({"section": table.index, "china_usd": china.to_numpy(), "others": named})
    result = result.assign(source=CENSUS_PARTNERS, url=CENSUS_URL, known_on=pd.Timestamp(_RELEASED_2024))
    return result.sort_values("china_usd", ascending=False).reset_index(drop=True)


def _group(naics3: str) -> str:
    return _GROUPS.get(naics3) or _BROAD[naics3[0]]
