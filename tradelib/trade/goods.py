"""What was bought and sold: goods trade of the US with China by section of the Harmonized System and year."""

from datetime import date

import pandas as pd

from tradelib import catalogue, hs

SOURCE = "UN Comtrade, as reported by the United States, by six-digit subheading"
URL = "https://comtradeplus.un.org/"
CONFIDENTIAL = "999999"
SOYBEANS = "1201"
_FLOWS = {"exports": "exports_fas", "imports": "imports_cif"}


def by_section(*, as_of: date, flow: str, base: int = 2017) -> pd.DataFrame:
    """Goods of one flow by section, the newest year held beside a base year.

    Parameters
    ----------
    flow : `exports` (of the US to China, FAS value) or `imports` (from China, CIF value).
    base : year to compare with.

    Returns
    -------
    One row a section with trade in either year, the largest now first: section, year, base, value_usd, base_usd, change_usd, share_frac,
    source, url, known_on. Confidential trade (code 999999, mostly civil aircraft) stands with the special provisions. Empty where the
    base year, or no later one, had been released.
    """
    rows = catalogue.load("us_china_goods_by_hs6", as_of=as_of)
    rows = rows[rows["flow"].eq(_FLOWS[flow])]
    columns = ["section", "year", "base", "value_usd", "base_usd", "change_usd", "share_frac", "source", "url", "known_on"]
    years = rows["period"].dt.year
    if rows.empty or base not in set(years):
        return pd.DataFrame(columns=columns)
    newest = int(years.max())
    if newest <= base:
        return pd.DataFrame(columns=columns)
    rows = rows.assign(section=hs.sections(rows["hs6"].to_numpy()), year=years)
    table = rows.pivot_table(index="section", columns="year", values="value_usd", aggfunc="sum", fill_value=0.0)
    result = pd.DataFrame({"value_usd": table[newest], "base_usd": table[base]}).reset_index()
    result["change_usd"] = result["value_usd"] - result["base_usd"]
    result["share_frac"] = result["value_usd"] / result["value_usd"].sum()
    known_on = rows.loc[rows["year"].isin([newest, base]), "known_on"].max()
    result = result.assign(year=newest, base=base, source=SOURCE, url=URL, known_on=known_on)
    return result[columns].sort_values(["value_usd", "section"], ascending=[False, True]).reset_index(drop=True)


def years_of(code: str, *, as_of: date, flow: str) -> pd.DataFrame:
    """Trade of the US with China in the goods under one code, year by year.

    Parameters
    ----------
    code : 2, 4 or 6 digits, such as 1201 for soybeans.
    flow : as for `by_section`.

    Returns
    -------
    One row a year: year, value_usd, share_frac (of all goods of the flow), source, url, known_on.
    """
    prefix = hs.parse_code(code)
    rows = catalogue.load("us_china_goods_by_hs6", as_of=as_of)
    rows = rows[rows["flow"].eq(_FLOWS[flow])]
    rows = rows.assign(year=rows["period"].dt.year, in_code=rows["hs6"].str.startswith(prefix))
    total = rows.groupby("year")["value_usd"].sum()
    part = rows[rows["in_code"]].groupby("year")["value_usd"].sum().reindex(total.index, fill_value=0.0)
    known = rows.groupby("year")["known_on"].max()
    table = pd.DataFrame({"value_usd": part, "share_frac": part / total, "known_on": known}).reset_index()
    return table.assign(source=SOURCE, url=URL)[["year", "value_usd", "share_frac", "source", "url", "known_on"]]
