"""Who trades a product: its subheadings in 2024, and who supplied them. Trade of a fixed year, the same on every day."""

import math

import pandas as pd

from tradelib import catalogue, tariffs
from tradelib.doors import door
from tradelib.exposure.products import TRADE_YEAR, Product

SOURCE = "US Census Bureau, imports for consumption of 2024 by partner and six-digit subheading"
URL = "https://www.census.gov/foreign-trade/data/index.html"
CHINA = "China"
OTHERS = "Others held"


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
        held_frac (what the partners held make of all US imports of 2024; missing where those are not held). Empty for Chinese duties:
        China's imports by product and supplier are not held.
    """
    if product.importer != "US":
        return pd.DataFrame(columns=["partner", "value_usd", "share_frac", "held_frac"])
    rows = catalogue.load("us_imports_2024_by_partner")
    # Fixed reference data: the newest copy of each month, and not all copies.
    months = catalogue.load("duties_by_partner", as_of=catalogue.evidence_through("duties_by_partner"))
    world = months[months["partner"].eq("World") & months["period"].dt.year.eq(int(TRADE_YEAR))]["customs_value_usd"].sum()
    held = rows["imports_2024_usd"].sum() / world if world else math.nan
    rows = rows[rows["hs6"].isin(set(tariffs.lines("US").codes[product.lines].astype("U6")))]
    sums = rows.groupby("partner")["imports_2024_usd"].sum().sort_values(ascending=False, kind="stable")
    named = sums.index.isin([*sums.index[:most], CHINA])
    first = sums[named]
    if not named.all():
        first = pd.concat([first, pd.Series({OTHERS: sums[~named].sum()})])
    table = first.rename_axis("partner").rename("value_usd").reset_index()
    return table.assign(share_frac=table["value_usd"] / sums.sum(), held_frac=held)
