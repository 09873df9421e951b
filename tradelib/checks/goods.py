"""Rules of goods: codes that are in a schedule, lists that are whole, successors that follow."""

import bisect
from collections.abc import Iterator

import pandas as pd

from tradelib.checks.rule import Tables, rule, where

_LISTS_301 = ("s301_list1", "s301_list2", "s301_list3", "s301_list4a", "s301_list4b")
_LISTED = ("product_scopes", "baskets", "us_china_goods_by_heading")
_CHINESE = ("cn_waivers", "cn_tariff_quotas", "cn_interim_rates", "cn_line_trade", "wto_exclusions")
_HEADING, _SUBHEADING, _LINE = 4, 6, 8


class _Schedule:
    """Codes of a schedule; a code is in it where a code of it is the same, or begins with it."""

    def __init__(self, *columns: pd.Series) -> None:
        self.held = set().union(*(column.tolist() for column in columns))
        self.ordered: list[str] = []

    def has(self, code: str) -> bool:
        if code in self.held:
            return True
        self.ordered = self.ordered or sorted(self.held)
        place = bisect.bisect_left(self.ordered, code)
        return place < len(self.ordered) and self.ordered[place].startswith(code)


# A table, its codes, which of them are Chinese, and the schedules of the other side.
_Named = tuple[str, pd.Series, pd.Series, tuple[_Schedule, ...]]


def _chinese(tables: Tables) -> _Schedule:
    return _Schedule(tables["cn_lines"]["code"], tables["cn_tariff_2019"]["code"], tables["wto_china_rates"]["code"].drop_duplicates())


@rule(*_LISTED, *_CHINESE, "hts_codes", "us_lines", "hts_successions", "cn_lines", "cn_tariff_2019", "wto_china_rates")
def a_code_is_in_a_schedule(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A code of a list, a basket or a rate is in the schedule of its side, or begins a code of it; a Chinese line counts by its six digits.

    A heading of trade is in one of the two, or is 9999. Are two digits in each other's place? A code that is new belongs into the schedule
    first.
    """
    old, chinese = tables["hts_successions"], _chinese(tables)
    american = _Schedule(tables["hts_codes"]["code"], tables["us_lines"]["code"], old["code"], old["successor"])
    lists, baskets, trade = (tables[name] for name in _LISTED)
    named: list[_Named] = [("product_scopes", lists["code"], lists["scope"].str.startswith("cn"), (american,))]
    named += [("baskets", baskets["code"], baskets["importer"].eq("CN"), (american,))]
    named += [("us_china_goods_by_heading", trade["heading"], trade["heading"].eq(""), (american, chinese))]
    named += [(name, tables[name]["code"], tables[name]["code"].ne(""), ()) for name in _CHINESE]
    lines = tables["cn_line_trade"]
    strange = lines["nomenclature"].eq("HS 2017") & ~lines["code"].isin(tables["cn_tariff_2019"]["code"])
    yield from where("cn_line_trade", lines, strange, "code", "nomenclature")
    for name, codes, is_chinese, others in named:
        ours = {code for code in codes[is_chinese].drop_duplicates().tolist() if not chinese.has(code[:_SUBHEADING])}
        theirs = {code for code in codes[~is_chinese].drop_duplicates().tolist() if not any(schedule.has(code) for schedule in others)} - {
            "9999"
        }
        if ours or theirs:
            yield from where(name, tables[name], codes.isin(ours) & is_chinese | codes.isin(theirs) & ~is_chinese, str(codes.name))


@rule("product_scopes")
def the_lists_of_section_301_share_no_line(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A line is on one of the lists 1, 2, 3, 4A and 4B of Section 301: an annex in the wrong file would be levied twice."""
    table = tables["product_scopes"]
    lists = table[table["scope"].isin(_LISTS_301)]
    twice = lists[lists.groupby("code")["scope"].transform("nunique").gt(1)]
    for position, row in zip(table.index.get_indexer(twice.index), twice.itertuples(), strict=True):
        yield "product_scopes", int(position), f"code {row.code!r} on {row.scope!r} and another list"


@rule("product_scopes")
def a_list_of_lines_names_no_chapter(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A list whose other codes are lines of 8 or 10 digits names no whole chapter, which would take in every line of it.

    No list names a heading of chapter 99: that is what a duty is declared under, and no good.
    """
    table = tables["product_scopes"]
    digits = table["code"].str.len()
    usual = digits.groupby(table["scope"]).transform("median")
    wrong = (digits.lt(_HEADING) & usual.ge(_LINE)) | table["code"].str.startswith("99")
    yield from where("product_scopes", table, wrong, "scope", "code")


@rule("scopes")
def a_chinese_list_names_its_edition(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A list of China that is held as codes says by which edition of the Harmonized System they are meant; a list of the US says none."""
    table = tables["scopes"]
    needed = table["scope"].str.startswith("cn") & table["held"].eq("codes")
    yield from where("scopes", table, needed.ne(table["nomenclature"].ne("")), "scope", "nomenclature")


@rule("hts_successions", "hts_codes")
def a_successor_is_in_the_schedule_from_its_day(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A successor is in the schedule, begins on the day the row gives, and has not ended by then.

    A statistical change keeps the first eight digits, a new edition of the Harmonized System does not. Are the two codes in each other's
    place?
    """
    table, codes = tables["hts_successions"], tables["hts_codes"]
    named = codes[codes["code"].isin(table["successor"])].set_index("code")
    schedule = _Schedule(codes["code"])
    begins, ended = (table["successor"].map(named[name]) for name in ("first_on", "ended_on"))
    same = table["code"].str[:_LINE].eq(table["successor"].str[:_LINE])
    wrong = (begins.notna() & begins.ne(table["effective_on"])) | (ended <= table["effective_on"])
    wrong |= same.ne(table["kind"].eq("statistical")) | ~table["successor"].map(schedule.has)
    yield from where("hts_successions", table, wrong, "code", "successor", "effective_on", "kind")


@rule("hts_codes")
def a_rate_of_the_schedule_is_what_its_text_says(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A general rate printed as a percentage alone is held as that fraction, `Free` as 0; a code ends after it begins."""
    table = tables["hts_codes"]
    texts = pd.Series(table["general_text"].unique())
    printed = pd.to_numeric(texts.str.extract(r"^\s*(\d+(?:\.\d+)?)\s*%\s*$", expand=False)) / 100
    meant = table["general_text"].map(printed.mask(texts.str.strip().eq("Free"), 0.0).set_axis(texts))
    wrong = (meant - table["general_frac"]).abs().gt(1e-9) | (table["ended_on"] <= table["first_on"])
    yield from where("hts_codes", table, wrong, "code", "general_text", "general_frac", "first_on", "ended_on")
