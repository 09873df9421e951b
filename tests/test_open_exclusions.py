"""Page 06 says that some goods pay less exactly where a line of the product has, by `explain`, an exclusion that is open."""

import re
from datetime import date

import pytest

from tradelib import exposure, ledger, narrate, tariffs

LATEST = date(2026, 10, 9)
JUNE = date(2025, 6, 9)
BASKETS = list(exposure.baskets()["basket"])


def basket(name: str) -> exposure.Product:
    return exposure.chosen(basket=name, codes=[], importer="US")


def less_said(product: exposure.Product, on: date) -> str:
    """What page 06 says of goods that pay less, from its first word on."""
    duty = exposure.duty(exposure.duties(product, on=on, as_of=on))
    layers = exposure.stacks(product, on=on, as_of=on)
    said = narrate.exposure_text(product, duty, layers, exposure.exclusions(product, on=on, as_of=on), on=on).text
    return " ".join(re.findall(r"(?:Some goods|Officials or the press) .*?(?:them|code|pays less)\.", said))


def told_by_line(product: exposure.Product, on: date, standing: tuple[str, ...]) -> dict[str, str]:
    """What `explain`, and so `tradelib rate`, tells of exclusions that are open to goods of each line; only lines of which it tells any."""
    table = exposure.duties(product, on=on, as_of=on)
    stacks = {code: tariffs.explain(code, on=on, importer=product.importer, as_of=on, standing=standing) for code in table.index}
    told = {
        code: [said for said in stack.not_modelled if re.search(r"excluded from the list|lists? of exclusions", said)]
        for code, stack in stacks.items()
    }
    return {code: " ".join(said) for code, said in told.items() if said}


# Toys are on a list whose duty is suspended, laptops on none that holds; of furniture 7 lines have described goods of 9903.88.69.
@pytest.mark.parametrize("day", [date(2020, 10, 1), date(2025, 1, 10), JUNE, LATEST])
@pytest.mark.parametrize("name", sorted({*BASKETS} - {"apparel", "steel_articles"}))
def test_goods_are_said_to_pay_less_exactly_where_the_duty_of_a_line_has_an_open_exclusion(name: str, day: date) -> None:
    product = basket(name)
    told = told_by_line(product, day, ledger.LAW)
    rows = exposure.exclusions(product, on=day, as_of=day)
    in_law = rows[rows["standing"].isin(ledger.LAW)]
    assert {code for codes in in_law["codes"] for code in codes} == set(told)
    said = less_said(product, day)
    assert ("Some goods" in said) == bool(told)
    if told and len(product.lines) > len(told):
        assert f"Some goods of {len(told)} of its {len(product.lines)} lines" in said
    more = {code for code, words in told_by_line(product, day, ledger.LAW_AND_STATEMENTS).items() if words != told.get(code)}
    assert {code for codes in rows.loc[~rows["standing"].isin(ledger.LAW), "codes"] for code in codes} == more
    assert ("Officials or the press" in said) == bool(more)


@pytest.mark.parametrize(
    ("name", "on", "said"),
    [
        ("laptops", LATEST, ""),
        ("toys", LATEST, ""),
        ("furniture", LATEST, "Some goods of 7 of its 173 lines pay less: 1 list of exclusions names them."),
        (
            "semiconductors_from_the_us",
            date(2025, 1, 10),
            "Some goods of 12 of its 19 lines may pay less: 2 lists of waivers and exclusions apply on this date, and our data do not list "
            "their goods by code.",
        ),
    ],
)
def test_how_many_lines_an_exclusion_can_reach_is_said(name: str, on: date, said: str) -> None:
    assert less_said(basket(name), on) == said


@pytest.mark.parametrize(
    ("on", "begun", "standing"),
    [
        ("2025-11-29", "2025-09-01", "instrument"),
        ("2025-11-30", "2025-11-30", "instrument"),
        ("2026-11-09", "2025-11-30", "instrument"),
        ("2026-11-10", "2026-11-10", "statement"),
    ],
)
def test_an_exclusion_is_open_from_its_first_day_to_the_last_before_its_end(on: str, begun: str, standing: str) -> None:
    """One interval of 9903.88.69 ends on the day on which the next begins: to 10 November 2026 by 90 FR 55232, then as stated."""
    rows = exposure.exclusions(basket("furniture"), on=on, as_of=LATEST)
    held = rows[["measure_id", "effective_from", "standing"]].astype({"effective_from": str}).to_numpy().tolist()
    assert held == [["us_301_excl_178p", begun, standing]]
