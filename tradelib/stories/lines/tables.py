"""A chapter of a schedule as tables: its lines, what the letters beside their layers stand for, and the notes."""

import functools
from itertools import takewhile

import pandas as pd

from tradelib import catalogue, hs, sides, wording
from tradelib.show import display
from tradelib.show.display import Column, Row, cell
from tradelib.show.long_table import LongTable
from tradelib.tariffs import ON_METAL, EveryLine
from tradelib.tariffs.every_line import BEFORE, STEP

# Ends nearer than this print alike.
_TOLD = 5e-5
_HEADING, _SUBHEADING = 4, 6
_ALPHABET = 26
# After so many lines of one subheading the text of a line is whole again.
_MOST_SHORT = 10
_DATA = [
    "code", "description", "total_frac", "low_frac", "high_frac", "mfn_frac", "general_text", "layers", "filing", "january_2025_frac",
    "peak_frac", "peak_on", "next_on", "next_frac", "note_number",
]  # fmt: skip
_OF_SCHEDULE = {
    "US": "Numbers, texts and normal tariffs: Harmonized Tariff Schedule of the United States.",
    "CN": "Numbers: tariff of 2019 and the lists since. General rates: those that China applies. Texts: those of the US schedule.",
}


def prepared(told: EveryLine, chapter: str) -> pd.DataFrame:
    """Lines of one chapter as its tables show them.

    Returns
    -------
    DataFrame
        The rows of `EveryLine.rows` with description (the whole text); heading (its number and text); text (what stands under it);
        letters (of its layers); other_headings (those filed for no layer that is due);
        note_number and note_url.
    """
    rows = told.rows[told.rows["code"].str.startswith(chapter)].reset_index(drop=True)
    steps = [text.split(STEP) if text else [] for text in rows["steps"]]
    names: dict[str, str] = {}
    for code, parts in zip(rows["code"].str[:_HEADING], steps, strict=True):
        names[code] = names.get(code) or (parts[0] if parts else "")
    numbers = {note: number for number, note in enumerate(dict.fromkeys(filter(None, rows["note"])), start=1)}
    layers = _lettered(rows, told)
    letters = layers.groupby("stack")["letter"].agg(tuple).to_dict()
    declared = layers.groupby("stack")["heading"].agg(set).to_dict()
    rows = rows.assign(
        description=[": ".join(parts) for parts in steps],
        general_text=rows["mfn_text"],
        january_2025_frac=rows["before_frac"],
        heading=[f"{code} {names[code]}".strip() for code in rows["code"].str[:_HEADING]],
        letters=[letters.get(stack, ()) for stack in rows["stack"]],
        other_headings=[_others(filing, declared.get(stack, set())) for filing, stack in zip(rows["filing"], rows["stack"], strict=True)],
        note_number=rows["note"].map(numbers).astype("Int64"),
    )
    urls = ["" if pd.isna(number) else f"#n{number}" for number in rows["note_number"]]
    return rows.assign(note_url=urls, text=_short(steps, rows), layers=["|".join(names) for names in rows["letters"]])


def _lettered(rows: pd.DataFrame, told: EveryLine) -> pd.DataFrame:
    """Layers of the stacks of some lines, with a letter for each measure under a heading, and the lines that have it: most lines first."""
    counts = rows["stack"].value_counts()
    layers = told.layers[told.layers["stack"].isin(counts.index)]
    layers = layers.assign(lines=layers["stack"].map(counts))
    each = layers.groupby(["measure_id", "heading"], sort=False)["lines"].sum().sort_values(ascending=False, kind="stable")
    letters = {key: _letter(place) for place, key in enumerate(each.index)}
    keys = list(zip(layers["measure_id"], layers["heading"], strict=True))
    return layers.assign(letter=[letters[key] for key in keys], lines=[int(each[key]) for key in keys])


def _letter(place: int) -> str:
    """A to Z, then AA, AB and on."""
    first, last = divmod(place, _ALPHABET)
    return (chr(ord("A") + first - 1) if first else "") + chr(ord("A") + last)


def _place(letter: str) -> tuple[int, str]:
    """What sorts letters: Z before AA."""
    return len(letter), letter


def _others(filing: str, declared: set[str]) -> str:
    """Headings of an entry that stand for no duty that is due, as filed."""
    of_layers = {part for heading in declared for part in heading.split("; ")}
    return "; ".join(part for part in filing.split("; ") if part not in of_layers)


def _short(steps: list[list[str]], rows: pd.DataFrame) -> list[str]:
    """Text of each line under its heading; one that follows another of its subheading does not repeat what both begin with."""
    texts = []
    place = (rows.groupby(rows["code"].str[:_SUBHEADING], sort=False).cumcount() % _MOST_SHORT).tolist()
    for number, parts in enumerate(steps):
        own, before = (found[1:] or found for found in (parts, steps[number - 1] if place[number] else []))
        shared = 0 if own == before else sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(own[:-1], before, strict=False)))
        if own and own == before:
            texts.append("")
        else:
            texts.append(("… " if shared else "") + ": ".join(own[shared:]) or ("" if place[number] else "No text in our data"))
    return texts


def lines(rows: pd.DataFrame, told: EveryLine, chapter: str) -> LongTable:
    """Every line of a chapter; rows of `prepared`."""
    usual = rows["peak_on"].mode().min()
    highest = "Highest" if pd.isna(usual) else f"Highest: {wording.short_day(usual)}"
    columns = [
        Column("Line", cell("code", hs.dotted)),
        Column("Duty in all", _total, "num", url="note_url", cite=_open),
        Column("General rate, layers", _layers, "parts", url="", cite=_filed),
        *([Column(wording.month(BEFORE), _rate("january_2025_frac"), "num")] if told.on >= BEFORE else []),
        Column(highest, _rate("peak_frac"), "num", url="", cite=_day("peak_on", usual)),
        *([Column("Next in law", _next, "num", url="", cite=_day("next_on"))] if rows["next_on"].notna().any() else []),
    ]
    texts = told.texts.loc[[chapter in chapters for chapters in told.texts["chapters"]]]
    return LongTable(
        "lines",
        f"Chapter {chapter}: {sides.pair(told.importer).duties} by line, entered {wording.day(told.on)}, in per cent of customs value",
        columns,
        rows,
        catalogue.sources(texts, reference(told.importer)),
        f"{_OF_SCHEDULE[told.importer]} Highest: since 2018, on the day at the head of the column where no other stands below.",
        words=cell("text"),
        anchor=cell("code", hs.dotted),
        group=cell("heading"),
        group_anchor=lambda row: row.code[:_HEADING],
        legend={row.letter: f"{_duty(row)}, {row.heading or _announced(row)}" for row in _layers_once(rows, told).itertuples()},
        is_placed=True,
        held=_DATA,
    )


def reference(importer: str) -> pd.DataFrame:
    """Where numbers, texts and general rates come from, which are the same for all days of knowledge."""
    names = ("hts_codes", "us_lines") if importer == "US" else ("cn_lines", "cn_tariff_2019", "hts_codes")
    rows = [(source["title"], source["path"]) for name in names for source in catalogue.description(name)["sources"]]
    return pd.DataFrame(rows, columns=["source", "url"]).assign(known_on=pd.NaT)


def layers(rows: pd.DataFrame, told: EveryLine) -> LongTable:
    """What the letters of `lines` stand for: duties with their headings and texts; rows of `prepared`."""
    held = _layers_once(rows, told)
    columns = [
        Column("Layer", cell("letter")),
        Column("Duty", _duty),
        Column("Rate of the text", _announced, "num"),
        *([Column("Heading", cell("heading"))] if told.importer == "US" else []),
        Column("From", cell("effective_from", display.days)),
        Column("Legal text", cell("instrument", display.citation), "link"),
        Column("Lines", cell("lines", "{:,}".format), "num"),
    ]
    note = "Rate of the text: what it sets; what of it is due on a line stands beside the line."
    if told.importer == "US":
        note += " Heading: of chapter 99 of the tariff schedule, under which the duty is declared."
    sources = catalogue.sources(held[held["known_on"].notna()])
    return LongTable("layers", "What the letters stand for", columns, held, sources, note, anchor=cell("letter"))


def _layers_once(rows: pd.DataFrame, told: EveryLine) -> pd.DataFrame:
    """Each layer of `_lettered` once, by letter."""
    held = _lettered(rows, told).drop_duplicates("letter").drop(columns="stack")
    return held.sort_values("letter", key=lambda names: names.map(_place), kind="stable", ignore_index=True)


def _duty(row: Row) -> str:
    return wording.duty(row.authority, row.programme)


def notes(rows: pd.DataFrame) -> LongTable:
    """What is open on lines of a chapter, or not known, by number; rows of `prepared`."""
    held = rows[rows["note"].ne("")].groupby("note_number").agg(note=("note", "first"), lines=("code", "size")).reset_index()
    columns = [
        Column("Number", lambda row: str(row.note_number)),
        Column("What is open, or not known", lambda row: wording.upper(row.note)),
        Column("Lines", cell("lines", str), "num"),
    ]
    return LongTable("notes", "What is open on these lines", columns, held, display.no_sources(), anchor=lambda row: f"n{row.note_number}")


@functools.lru_cache(maxsize=4096)
def percent(rate: float) -> str:
    """A rate with up to two decimals."""
    return wording.percent(rate, digits=2)


def _total(row: Row) -> str:
    """What a line owes in all; a range where only that is known."""
    if pd.isna(row.low_frac):
        return "not known"
    if row.is_least:
        return f"at least {percent(row.low_frac)}"
    return percent(row.total_frac) if pd.notna(row.total_frac) else _span(row)


def _open(row: Row) -> str:
    """Between what it lies, and the number of the note."""
    if not row.note_url:
        return ""
    is_open = pd.notna(row.total_frac) and pd.notna(row.high_frac) and row.high_frac - row.low_frac > _TOLD
    return ", ".join(filter(None, [_span(row) if is_open else "", f"note {row.note_number}"]))


def _span(row: Row) -> str:
    return f"{percent(row.low_frac)} to {percent(row.high_frac)}"


def _layers(row: Row) -> list[tuple[str, str]]:
    """The general rate and the layers, added up, each with the letter that says which it is, and that the heading links."""
    if row.is_least:
        general = row.mfn_text
    elif pd.isna(row.mfn_frac):
        general = "normal tariff not known"
    else:
        general = percent(row.mfn_frac) + (f" ({row.mfn_text})" if row.mfn_text else "")
    due = zip(row.parts, row.letters, strict=True)
    return [(" + ".join([general, *(f"{'?' if pd.isna(rate) else percent(rate)}{wording.FIXED}{letter}" for rate, letter in due)]), "")]


def _filed(row: Row) -> str:
    """Headings that an entry of the line bears besides those of its layers."""
    parts = [part for part in row.other_headings.split("; ") if part]
    claimed = [part.removesuffix(" (claimed)") for part in parts if part.endswith(" (claimed)")]
    filed = [part for part in parts if not part.endswith(" (claimed)")]
    said = ((lead, wording.listing(names)) for lead, names in (("files", filed), ("claims", claimed)) if names)
    return ", ".join(f"{lead} {names}" for lead, names in said)


def _rate(name: str) -> display.Writer:
    """Writer of a rate of another day, which is the least where the general rate holds an amount a unit."""

    def written(row: Row) -> str:
        rate = getattr(row, name)
        return "not known" if pd.isna(rate) else f"{'at least ' if row.is_least else ''}{percent(rate)}"

    return written


def _next(row: Row) -> str:
    return "" if pd.isna(row.next_on) else _rate("next_frac")(row)


def _day(name: str, usual: "pd.Timestamp | None" = None) -> display.Writer:
    """Writer of a day; of none where it is the usual one, which the heading names."""
    return cell(name, functools.lru_cache(maxsize=256)(lambda day: "" if day == usual else wording.short_day(day)))


def _announced(row: Row) -> str:
    """The rate that a text sets, and on what, where that is not the whole value."""
    if pd.isna(row.announced_frac):
        return "not named"
    if row.basis in ON_METAL:
        return f"{percent(row.announced_frac)} of the metal"
    floor = row.basis == "floor_total_incl_mfn"
    return f"up to {percent(row.announced_frac)} in all" if floor else percent(row.announced_frac)
