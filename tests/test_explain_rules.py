"""What each duty comes to on one line of a made-up law, and why; and how much trade stands under a code."""

import math
from collections.abc import Callable

import pytest

from tradelib import tariffs

TRADE = {"8471300110": 40.0, "8471300190": 20.0, "9403200010": 30.0, "9801001000": 10.0}


def step(measure: str, rate: float | None, **said: object) -> dict[str, object]:
    return {
        "measure_id": measure, "announced_on": "2025-01-15", "effective_on": "2025-02-01", "rate_frac": rate, "basis": "full_value",
        "scope": "all", "standing": "instrument", "confidence": "high",
    } | said  # fmt: skip


STEPS = [
    step("a1", 0.1),
    step("b1", 0.25, scope="f"),
    # Gives way to both of them, wherever they fall.
    step("d1", 0.5),
    step("e1", 0.05, exempt="f"),
    # Of two of a kind the higher holds.
    step("h1", 0.2),
    step("h2", 0.3),
    step("p1", 0.4, scope="p"),
    step("s1", 0.6, scope="f", basis="suspended"),
    step("u1", math.nan, scope="f", basis="to_be_announced"),
]


def enact(reading: Callable) -> None:
    said = {"importer": "US", "exporter": "CN", "announced_on": "2025-01-15", "kind": "duty", "authority": "Law"}
    names = [row["measure_id"] for row in STEPS]
    reading(
        us_lines=[
            {"code": code, "mfn_kind": "free", "mfn_frac": math.nan if code[:2] == "98" else 0.02, "imports_2024_usd": value}
            for code, value in TRADE.items()
        ],
        hts_codes=[{"code": code, "is_line": True, "evidence": "schedule"} for code in TRADE],
        tariff_steps=STEPS,
        tariff_measures=[
            {"measure_id": name, "family": name[0], "programme": f"programme {name}", "yields_to": "a|b" if name == "d1" else "",
             "within_family": "highest" if name[0] == "h" else "add"} | said
            for name in names
        ],
        scopes=[{"scope": name, "what": f"goods of {name}", "held": "codes"} for name in ("all", "f", "p")],
        product_scopes=[
            {"scope": "f", "code": "9403", "coverage": "full"}, {"scope": "p", "code": "9403200010", "coverage": "partial"},
        ],
        headings=[], exclusion_claims=[],
    )  # fmt: skip


def explained(code: str) -> tariffs.Stack:
    return tariffs.explain(code, on="2025-06-01", importer="US", as_of="2025-06-01")


def test_each_duty_on_a_line_is_told_with_what_it_comes_to_and_why(read: Callable) -> None:
    enact(read)
    layers = explained("9403200010").layers.set_index("measure_id")
    assert dict(zip(layers.index, zip(layers["outcome"], layers["rate_frac"].fillna(-1), strict=True), strict=True)) == {
        "a1": ("applies", 0.1),
        "b1": ("applies", 0.25),
        "d1": ("displaced", 0.0),
        "e1": ("exempt", 0.0),
        "h1": ("lower than another", 0.0),
        "h2": ("applies", 0.3),
        "p1": ("in part only", 0.0),
        "s1": ("suspended", 0.0),
        "u1": ("rate not known", -1),
    }
    # Of several that take its place the largest is named.
    assert layers.loc["d1", "why"] == "gives way to Law, programme b1"
    assert layers.loc["h1", "why"] == "one duty of its kind holds: programme h2"
    assert layers.loc["e1", "why"] == "on the list: goods of f"
    assert layers.loc["d1", "announced_frac"] == 0.5
    machines = explained("8471300110")
    assert machines.layers.set_index("measure_id").loc["d1", "why"] == "gives way to Law, programme a1"
    assert "b1" not in set(machines.layers["measure_id"])
    assert machines.total_frac == pytest.approx(0.02 + 0.1 + 0.05 + 0.3)


@pytest.mark.parametrize(
    ("code", "value", "share"), [("8471300110", 40, 0.4), ("8471.30", 60, 0.6), ("9403.20.0010", 30, 0.3), ("84", 60, 0.6)]
)
def test_the_trade_under_a_code_is_a_share_of_all(read: Callable, code: str, value: float, share: float) -> None:
    enact(read)
    found = explained(code)
    assert (found.trade_usd, found.share_of_trade) == pytest.approx((value, share))
