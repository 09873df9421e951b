"""What the duties come to: measures of protection, their parts, goods, and the collected rate."""

from datetime import date

import pandas as pd

from tradelib import catalogue, hs, sides, tariffs, wording
from tradelib.show.display import Column, Table, cell

MEASURES = {
    "headline_frac": "Tariff on all goods: added on a product that is on no list",
    "simple_frac": "Simple average over tariff lines",
    "weighted_frac": "Weighted average",
    "additional_frac": "of which added since 2018",
    "uniform_frac": "Uniform equivalent (root mean square)",
    "covered_frac": "Share of trade with an additional tariff",
    "granted_frac": "Weighted average with China's {counted}",
    "lowest_frac": "Weighted average if all doubtful cases count lowest",
    "highest_frac": "Weighted average if all doubtful cases count highest",
    "claimed_frac": "Weighted average if described exclusions count as far as imports claim them",
    "matched_frac": "Share of trade covered by the averages",
    "certain_frac": "Share of trade without doubt about coverage",
}
WEIGHTS = (
    "Weighted with the trade of 2024 (US imports from China, US exports to China); normal tariffs: HTS 2025, and the applied rates of "
    "China."
)


def measure_titles(*, on: date, as_of: date) -> dict[str, str]:
    """Title of each measure by its column; that of exclusions and waivers names those known on a day, and is left out where none are."""
    counted = tariffs.granted_counted(on=on, as_of=as_of)
    return {name: title.format(counted=counted) for name, title in MEASURES.items() if counted or name != "granted_frac"}


def measures(rows: dict[str, pd.Series], announcements: pd.DataFrame, *, on: date) -> Table:
    """Measures of protection of both sides on one day, side by side; rows of `tariffs.averages` by importer."""
    titles = measure_titles(on=on, as_of=on)
    held = [
        {"measure": name, "title": title, **{f"{side}_frac": row[name] for side, row in rows.items()}} for name, title in titles.items()
    ]
    table = pd.DataFrame(held).dropna(subset=[f"{side}_frac" for side in rows], how="all").reset_index(drop=True)
    columns = [Column("Measure", cell("title")), *(Column(sides.short(side), cell(f"{side}_frac", fine), "num") for side in rows)]
    caption = f"Measures of protection for entries of {wording.day(on)}"
    note = (
        f"{WEIGHTS} Lines whose tariff is not known (no normal tariff in our data, or a code newer than the lists) are left out. "
        "The last rows say how much trade the averages cover, and for how much of it described goods, uses or newer product codes leave no "
        "doubt."
    )
    note = f"{note} {tariffs.metal_basis(on=on, as_of=on)}".strip()
    return Table("measures_of_protection", caption, columns, table, catalogue.sources(announcements), note)


def early_averages(rows: pd.DataFrame, announcements: pd.DataFrame) -> Table:
    """Averages of 2018 to 2020 with the trade of 2017 beside 2024; see `tariffs.early_averages`."""
    wide = rows.pivot_table(index="on", columns="importer", values=["weights_2017_frac", "weights_2024_frac"], aggfunc="first")
    wide.columns = [f"{side}_{name}" for name, side in wide.columns]
    shown = [side for side in sides.PAIRS if side in set(rows["importer"])]
    columns = [Column("For entries of", cell("on", wording.day))]
    for side in shown:
        for year in ("2017", "2024"):
            columns.append(Column(f"{sides.short(side)}: trade of {year}", cell(f"{side}_weights_{year}_frac", fine), "num"))
    shares = rows.drop_duplicates("importer", keep="last").set_index("importer")["matched_2017_frac"]
    matched = wording.listing(f"{fine(shares[side])} of the trade of 2017 ({sides.short(side)})" for side in shown)
    note = (
        "A tariff keeps out the goods it falls on, so they count for less in later trade: with the trade of 2017 these averages are "
        "higher. "
        "US imports of 2017 by subheading, divided among its lines as in 2024, with old codes traced to their successors; the averages "
        "cover "
        f"{matched}. Normal tariffs as elsewhere on this page."
    )
    caption = "Average tariffs of the first years, weighted with the trade of 2017 and of 2024"
    return Table("early_averages", caption, columns, wide.reset_index(), catalogue.sources(announcements), note)


def parts(frames: dict[str, pd.DataFrame], announcements: pd.DataFrame, *, on: date) -> Table:
    """Contribution of each authority to the weighted average; frames of `tariffs.contributions` by importer."""
    titles = tariffs.family_titles()
    table = pd.concat(
        [frame.assign(importer=side, authority=frame["family"].map(titles)) for side, frame in frames.items()], ignore_index=True
    )
    table = table[table["rate_frac"].ge(_SMALL) | table["family"].eq("mfn")]
    columns = [
        Column("Collected by", cell("importer", sides.short)),
        Column("Authority", cell("authority")),
        Column("Adds to the average", cell("rate_frac", fine), "num"),
    ]
    totals = " and ".join(f"{fine(frame['rate_frac'].sum())} ({sides.short(side)})" for side, frame in frames.items())
    caption = f"What makes up the average tariff on {wording.day(on)}: {totals}"
    return Table("parts_of_the_average", caption, columns, table.reset_index(drop=True), catalogue.sources(announcements), WEIGHTS)


def sections(frames: dict[str, pd.DataFrame], announcements: pd.DataFrame, *, on: date) -> Table:
    """Average duty by section of goods, both sides; frames of `tariffs.contributions(by="section")` by importer."""
    merged = None
    for side, frame in frames.items():
        part = frame[["section", "trade_frac", "average_frac"]].rename(
            columns={"trade_frac": f"{side}_trade_frac", "average_frac": f"{side}_average_frac"}
        )
        merged = part if merged is None else merged.merge(part, on="section", how="outer")
    merged = merged.set_index("section").reindex([name for name in hs.section_order() if name in set(merged["section"])]).reset_index()
    columns = [Column("Section of goods", cell("section"))]
    for side in frames:
        owner = sides.short(side)
        columns += [
            Column(f"{owner}: average tariff", cell(f"{side}_average_frac", fine), "num"),
            Column(f"{owner}: share of trade", cell(f"{side}_trade_frac", fine), "num"),
        ]
    caption = f"Average tariff by section of goods for entries of {wording.day(on)}"
    return Table("duty_by_section", caption, columns, merged, catalogue.sources(announcements), WEIGHTS)


def gap(rows: pd.DataFrame, announcements: pd.DataFrame, *, most: int = 15) -> Table:
    """Statutory and collected rate by month, newest first, and what stands between them; see `tariffs.gap`."""
    held = rows[rows["collected_frac"].notna()].sort_values("period", ascending=False)
    columns = [
        Column("Month", cell("period", wording.month)),
        Column("In law, last day of the month", cell("statutory_frac", fine), "num"),
        Column("Timing", cell("timing_frac", points), "num"),
        Column("Composition", cell("composition_frac", points), "num"),
        Column("Remainder", cell("remainder_frac", points), "num"),
        Column("Collected", cell("collected_frac", fine), "num"),
        Column("Value", cell("is_later_revised", lambda later: "later revised" if later else "as known")),
    ]
    caption = "From the statutory to the collected rate on imports from China, month by month"
    note = (
        "Percentage points between the two rates. Timing: the mean over the days of the month less its last day. Composition: the "
        "industries' shares of the month instead of those of 2024. Remainder: goods at sea when a tariff began, exclusions and uses, metal "
        "contents, shifts within industries and special entries; our data cannot separate these."
    )
    return Table("collected_and_statutory", caption, columns, held, catalogue.sources(rows, announcements), note, most)


_SMALL = 0.00005


def fine(value: float) -> str:
    """A fraction as per cent, always with one decimal: a column of them lines up."""
    return wording.percent(value, trim=False)


def points(value: float) -> str:
    """A difference of fractions in percentage points, with its sign."""
    return wording.number(100 * value, signed=True, trim=False)
