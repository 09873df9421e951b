"""One product in sentences: what it owes, how that came about, who supplies it, and what scenarios do to it."""

from datetime import date

import pandas as pd

from tradelib import catalogue, exposure, hs, ledger, sides, tariffs, wording
from tradelib.phrases import product_words
from tradelib.show import display
from tradelib.show.display import Fact, Text, link, markdown
from tradelib.tariffs import general_rate

DAY = wording.day
_TRADE_YEAR = 2024
# Codes of a product that its page links to.
_MOST_LINKS = 8


def exposure_title(product: exposure.Product, duty: exposure.Duty, history: pd.DataFrame) -> str:
    """Title of the page: what the product owes, and what it owed at its highest."""
    pair = sides.pair(product.importer)
    name = f"The {pair.importer.adjective} tariff on {wording.inside(product.title)} from {pair.exporter.name}"
    if pd.isna(duty.mean_frac):
        return f"{name} is not known"
    past = history[~history["is_ahead"]].dropna(subset="mean_frac")
    high = past.loc[past["mean_frac"].idxmax()]
    spread = duty.highest_frac - duty.lowest_frac > exposure.SAME
    where = " where it is known" if duty.lines_known < duty.lines else ""
    now = f"averages {wording.percent(duty.mean_frac)}{where}" if spread else f"is {wording.percent(duty.mean_frac)}{where}"
    if wording.percent(high["mean_frac"]) == wording.percent(duty.mean_frac):
        return f"{name} {now}" + (", its highest so far" if len(past) > 1 else "")
    # The highest is a day's, so it cannot be later than the day of the page.
    return f"{name} {now}, down from a peak of {wording.percent(high['mean_frac'])} on {DAY(high['on'])}"


def exposure_description(as_of: date) -> str:
    """What the page is, in one sentence."""
    return (
        "One product: the tariff on it layer by layer, how it got there, who trades it, and what each scenario would change, as known on "
        f"{DAY(as_of)}."
    )


def exposure_facts(product: exposure.Product, duty: exposure.Duty, rows: pd.DataFrame, suppliers: pd.DataFrame, *, on: date) -> list[Fact]:
    """Duty now, trade, share, and what is scheduled."""
    side = product.importer.lower()
    # The trade of the fixed year: a page of an earlier day says that it is none of that day.
    later = ", fixed reference data newer than this page" if on.year <= _TRADE_YEAR and product.own is None else ""
    facts = [
        Fact(
            wording.usd(100 * duty.mean_frac) if pd.notna(duty.mean_frac) else "unknown",
            f"duty on every USD{wording.THIN}100 of imports on {DAY(on)}",
            side,
        ),
        Fact(wording.usd(duty.value_usd), f"{_value_words(product)}{later}", "both"),
    ]
    if duty.mean_frac - duty.waived_frac > exposure.SAME:
        facts.insert(1, Fact(wording.usd(100 * duty.waived_frac), "for a buyer with a waiver of China's Section 301 retaliation", side))
    china = suppliers[suppliers["partner"].eq(exposure.CHINA)]
    if len(china):
        share = _share(china["share_frac"].iloc[0])
        facts.append(Fact(share, f"China's share of US imports in 2024 (18 partners covered){later}", "cn"))
    ahead = rows[rows["scenario"].eq("as_scheduled")].iloc[0]
    if ahead["days"]:
        words = f"duty on USD{wording.THIN}100 from {DAY(ahead['on'])}, if only changes already in law take effect"
        facts.append(Fact(wording.usd(100 * ahead["mean_frac"]), words, side))
    return facts


def _value_words(product: exposure.Product) -> str:
    if product.own is not None:
        return "your own values"
    return f"US {'imports from' if product.importer == 'US' else 'exports to'} China in 2024"


def layers_message(rows: pd.DataFrame) -> str:
    """What the largest group of a product's lines owes, layer by layer."""
    first = rows[rows["group"].eq(1) & rows["rate_frac"].gt(0)]
    named = {general_rate.TITLE: "the normal tariff"}
    parts = [f"{named.get(row.layer, row.layer)} ({wording.percent(row.rate_frac)})" for row in first.itertuples()]
    lead = "On most of the trade it" if rows["groups"].iloc[0] > 1 else "It"
    return f"{lead} consists of {wording.listing(parts)}" if parts else ""


def change_message(rows: pd.DataFrame, duty: exposure.Duty) -> str:
    """The scenario that would change the duty on a product most; empty where it is not known."""
    if pd.isna(duty.mean_frac):
        return ""
    moved = rows[rows["days"].map(len).gt(0)]
    if moved.empty:
        return "None of the scenarios would change this tariff within a year"
    row = moved.loc[moved["change_frac"].abs().idxmax()]
    return (
        f"Of {wording.count(len(rows), 'scenario')}, “{row['title']}” would change it most, to {wording.percent(row['mean_frac'])} "
        f"by {DAY(row['on'])}"
    )


def exposure_text(product: exposure.Product, duty: exposure.Duty, layers: pd.DataFrame, excluded: pd.DataFrame, *, on: date) -> Text:
    """What the product owes, and how far that is known.

    Parameters
    ----------
    layers, excluded : as `exposure.stacks` and `exposure.exclusions` give them.
    """
    if pd.isna(duty.mean_frac):
        reasons = {
            "not held": "the normal tariff on its lines is not in our data",
            "coverage not known": "its codes are newer than a list of duties, and we cannot tell whether the list covers them",
            "rate not known": "a notice sets a rate for it without naming the rate",
        }
        held = [reason for outcome, reason in reasons.items() if layers["outcome"].eq(outcome).any()]
        return Text(f"The tariff on {markdown(wording.inside(product.title))} on {DAY(on)} is not known: {wording.listing(held)}.")
    spread = duty.highest_frac - duty.lowest_frac > exposure.SAME
    what = f"Goods entered on {DAY(on)} pay **{wording.percent(duty.mean_frac)}** of their customs value"
    amount = f"{wording.usd(100 * duty.mean_frac)} on every 100 dollars"
    if spread:
        weighted = "" if duty.value_usd < product.least_usd else f", weighted with {product_words.weights(product)}"
        ends = f"{wording.percent(duty.lowest_frac)} to {wording.percent(duty.highest_frac)}"
        sentences = [f"{what} on average ({amount}){weighted}; by line from {ends}."]
    else:
        sentences = [f"{what}, or {amount}."]
    if duty.lines_known < duty.lines:
        sentences.append(
            f"Of its {wording.count(duty.lines, 'line')}, {duty.lines - duty.lines_known} are left out because their tariff is not known."
        )
    if duty.value_usd < product.least_usd:
        sentences.append(f"There was hardly any trade in it in 2024 ({wording.usd(duty.value_usd)}), so every line counts equally.")
    sentences += _ends(duty, on=on)
    sentences += _less(excluded, duty.lines)
    if said := product_words.note(product):
        sentences.append(markdown(said))
    sentences.append(_by_line(product, on))
    return Text(" ".join(sentences), catalogue.sources(excluded) if len(excluded) else Text("").sources)


def _by_line(product: exposure.Product, on: date) -> str:
    """The way to single lines: a mark that a site fills where it has the pages of the chapters, and the command."""
    names = " ".join(f"{product.importer.lower()}/{hs.dotted(code)}" for code in product.codes[:_MOST_LINKS])
    command = f"tradelib rate {product.codes[0]} --importer {product.importer} --on {on}"
    return f"<!--lines:{names}--><!--/lines-->With tradelib, the library behind this page, `{command}` tells one line."


def _ends(duty: exposure.Duty, *, on: date) -> list[str]:
    """What is owed where exclusions or a waiver take China's answer to Section 301 off."""
    said = []
    if duty.mean_frac - duty.granted_frac > exposure.SAME and abs(duty.granted_frac - duty.waived_frac) > exposure.SAME:
        less = wording.percent(duty.granted_frac)
        said.append(f"With {tariffs.granted_counted(on=on, as_of=on)} it is {less}.")
    if duty.mean_frac - duty.waived_frac > exposure.SAME:
        said.append(f"A buyer with a waiver of China's Section 301 retaliation pays {wording.percent(duty.waived_frac)}.")
    return said


def _less(excluded: pd.DataFrame, lines: int) -> list[str]:
    """What lowers the duty on some goods or purchases of so many lines, by law and by statement; see `exposure.exclusions`."""
    is_law, is_listed = excluded["standing"].isin(ledger.LAW), excluded["is_listed"]
    listed, unlisted, stated = excluded[is_law & is_listed], excluded[is_law & ~is_listed], excluded[~is_law]
    said = []
    if len(listed):
        name = "names" if len(listed) == 1 else "name"
        said.append(f"Some goods{_of_lines(listed, lines)} pay less: {wording.count(len(listed), 'list')} of exclusions {name} them.")
    if len(unlisted):
        holding = f"{wording.count(len(unlisted), 'list')} of waivers and exclusions {'applies' if len(unlisted) == 1 else 'apply'}"
        said.append(
            f"Some goods{_of_lines(unlisted, lines)} may pay less: {holding} on this date, and our data do not list their goods by code."
        )
    if len(stated):
        named = [
            f"{wording.inside(markdown(row.programme))} ({link(display.citation(row.instrument), row.url)})" for row in stated.itertuples()
        ]
        said.append(
            f"Officials or the press have{' also' if said else ''} named {wording.listing(named)}, without a published notice; a purchase"
            f"{_of_lines(stated, lines, all_of='any')} under {'it' if len(stated) == 1 else 'one'} pays less."
        )
    return said


def _of_lines(rows: pd.DataFrame, lines: int, *, all_of: str = "each") -> str:
    """How many of a product's lines some exclusions reach; nothing where it has one."""
    reached = len({code for codes in rows["codes"] for code in codes})
    if lines == 1:
        return ""
    return f" of {all_of} of its {lines} lines" if reached == lines else f" of {reached} of its {lines} lines"


def product_message(history: pd.DataFrame, product: exposure.Product) -> str:
    """Title of the figure of the duty over time."""
    past = history[~history["is_ahead"] & history["mean_frac"].notna()]
    pair = sides.pair(product.importer)
    name = f"The {pair.importer.adjective} tariff on {wording.inside(product.title)}"
    if past.empty:
        return f"{name} is not known"
    first, last = past.iloc[0], past.iloc[-1]
    changes = len(past) - 1
    if not changes:
        return f"{name} has not changed since {DAY(first['on'])}"
    way = "up" if last["mean_frac"] > first["mean_frac"] else "down" if last["mean_frac"] < first["mean_frac"] else "back"
    ends = f"{way} from {wording.percent(first['mean_frac'])}" if way != "back" else "where it was then"
    return f"{name} has changed {wording.times(changes)} since {DAY(first['on'])} and is now {wording.percent(last['mean_frac'])}, {ends}"


def suppliers_message(rows: pd.DataFrame, product: exposure.Product, *, on: date) -> str:
    """Title of the figure of suppliers; a page of an earlier day says that the year of trade is none of that day."""
    china = rows[rows["partner"].eq(exposure.CHINA)]
    if china.empty:
        return f"China sold the United States no {wording.inside(product.title)} in 2024{_newer(on)}"
    others = rows[~rows["partner"].isin([exposure.CHINA, exposure.OTHERS])]
    share = _share(china["share_frac"].iloc[0])
    beside = others.iloc[0] if len(others) else None
    more = "" if beside is None else f"; {wording.place(beside['partner'])} supplied {_share(beside['share_frac'])}"
    # Not of all imports: the world's total by product is not in the data.
    goods = f"the {wording.inside(product.title)} that the United States bought from 18 partners in 2024{_newer(on)}"
    return f"China supplied {share} of {goods}{more}"


def _newer(on: date) -> str:
    return " (data newer than this page)" if on.year <= _TRADE_YEAR else ""


def product_trade_text(product: exposure.Product, rows: pd.DataFrame, *, on: date) -> Text:
    """What trade is held, and what is not."""
    total = wording.usd(rows["value_usd"].sum())
    if product.importer == "CN":
        return Text(
            f"The United States exported {total} of {markdown(wording.inside(product.title))} to China in 2024{_newer(on)}. Our data do "
            "not say who else supplies China with it, so we give no share."
        )
    return Text(
        f"The United States imported {total} of {markdown(wording.inside(product.title))} from China in 2024{_newer(on)}. The year is "
        "fixed, so that days can be compared; it does not say who supplies the product on the day of this page."
    )


def product_scenarios_text(rows: pd.DataFrame, duty: exposure.Duty, *, on: date) -> Text:
    """How many scenarios change anything, and which changes most."""
    if pd.isna(duty.mean_frac):
        return Text("The tariff is not known, so we cannot say how a scenario would change it.")
    first = f"On {DAY(on)} the duty on 100 dollars of imports is {wording.usd(100 * duty.mean_frac)}."
    moved = rows[rows["days"].map(len).gt(0)]
    if moved.empty:
        return Text(f"{first} No scenario below changes it within a year. A scenario is a what-if, not a forecast.")
    still = rows[rows["days"].map(len).eq(0) & rows["unnamed_on"].isna()]
    titles = wording.listing(f"“{markdown(title)}”" for title in still["title"])
    unchanged = f" In {wording.count(len(still), 'scenario')} ({titles}) nothing changes within a year." if titles else ""
    row = moved.loc[moved["change_frac"].abs().idxmax()]
    way = "more" if row["change_frac"] > 0 else "less"
    widest = (
        f" The largest change would come under **“{markdown(row['title'])}”**: {wording.usd(100 * row['mean_frac'])} by {DAY(row['on'])}, "
        f"{wording.usd(100 * abs(row['change_frac']))} {way}."
    )
    unnamed = rows["unnamed_on"].min()
    beyond = (
        f" From {DAY(unnamed)} a notice sets a rate for some of these goods without naming it, so we say nothing about the time after it."
        if pd.notna(unnamed)
        else ""
    )
    return Text(f"{first}{unchanged}{widest}{beyond} A scenario is a what-if, not a forecast.")


def exposure_notices(rows: pd.DataFrame) -> Text:
    """Rulings on what is paid, and what goods loaded before a day owe; see `exposure.notices`."""
    said = [f"- {markdown(f'{row.example}: {row.sentence}' if row.example else row.sentence)}" for row in rows.itertuples()]
    return Text("\n".join(dict.fromkeys(said)), catalogue.sources(rows))


def not_modelled(rows: pd.DataFrame, texts: pd.DataFrame, *, on: date) -> Text:
    """What this page leaves out."""
    told = _by_group(rows)
    said = [f"- {markdown(sentence)}" for sentence in told]
    said.append(
        "- How sellers, buyers and competitors react to a change: prices, quantities and suppliers are covered in the report on scenarios."
    )
    said.append("- Which line a good belongs to. A customs broker or a binding ruling decides; this page takes the codes as given.")
    metal = texts["basis"].isin(tariffs.ON_METAL) & (texts["effective_from"] <= pd.Timestamp(on))
    if metal.any():
        said.append(
            f"- How much of an article is metal, where a tariff falls on the metal only. {tariffs.metal_basis(on=on, as_of=on)} "
            "The layer names the share."
        )
    behind = [frame for frame in (texts, tariffs.claims_named(told, as_of=on)) if len(frame)]
    return Text("\n".join(said), catalogue.sources(*behind) if behind else display.no_sources())


def _by_group(rows: pd.DataFrame) -> list[str]:
    """What is left out of groups of lines, each sentence once: with the lines it is about, where it is not about all that are told."""
    groups = rows.drop_duplicates("group")
    about: dict[str, list[str]] = {}
    for row in groups.itertuples():
        for sentence in row.not_modelled.split("\n"):
            about.setdefault(sentence, []).append(hs.dotted(row.example))
    return [sentence if len(codes) == len(groups) else f"{wording.listing(codes)}: {sentence}" for sentence, codes in about.items()]


def _share(frac: float) -> str:
    """A share; one too small for whole per cents with a digit more."""
    return wording.percent(frac, digits=0 if frac >= _SMALL_SHARE else 1)


_SMALL_SHARE = 0.01
