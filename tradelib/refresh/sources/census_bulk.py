"""US Census Bureau, monthly bulk file of imports: the member with one line a country, which holds customs value and calculated duty.

The whole file has up to 200 MB, of which 130 kB are needed: parts are asked for, and the whole only where the server gives none.
"""

import functools
from datetime import date
from decimal import Decimal

from tradelib.refresh.calendars import CENSUS, FT900
from tradelib.refresh.errors import LayoutError, NotOutError
from tradelib.refresh.observations import Found, Observation
from tradelib.refresh.raw import Asker, Question, Raw
from tradelib.refresh.state import State

NAME = "census_bulk"
MEMBER = "IMP_CTY.TXT"
SERIES = frozenset({"us_collected_rate_on_china_frac", "us_collected_rate_world_frac", "duties_by_partner"})
PUBLIC = "https://www.census.gov"
WIDTH = 580
FEWEST, MOST = 200, 260
RATE_QUANTUM = Decimal("0.00000001")
# Codes of Schedule C, and how the file names the country.
PARTNERS = {
    "Australia": ("6021",), "Austria": ("4330",), "Belgium": ("4231",), "Brazil": ("3510",), "Canada": ("1220",), "Chile": ("3370",),
    "China": ("5700",), "Colombia": ("3010",), "France": ("4279",), "Germany": ("4280",), "India": ("5330",), "Indonesia": ("5600",),
    "Ireland": ("4190",), "Israel": ("5081",), "Italy": ("4759",), "Japan": ("5880",), "Malaysia": ("5570",), "Mexico": ("2010",),
    "Netherlands": ("4210",), "Russia": ("4621",), "Saudi Arabia": ("5170",), "Singapore": ("5590",), "South Korea": ("5800",),
    "Spain": ("4700",), "Sweden": ("4010",), "Switzerland": ("4419",), "Taiwan": ("5830",), "Thailand": ("5490",),
    "United Kingdom": ("4120",), "Vietnam": ("5520",), "USMCA": ("1220", "2010"),
    "European Union": (
        "4330", "4231", "4870", "4791", "4910", "4351", "4099", "4470", "4050", "4279", "4280", "4840", "4370", "4190", "4759", "4490",
        "4510", "4239", "4730", "4210", "4550", "4710", "4850", "4359", "4792", "4700", "4010",
    ),
}  # fmt: skip
_SPELT = {"South Korea": "korea", "United Kingdom": "united kingdom", "Russia": "russia", "Vietnam": "vietnam"}
_FIELDS = {"customs_value_usd": (55, 70), "calculated_duty_usd": (85, 100), "general_imports_usd": (130, 145)}
_GROUPS = {"USMCA", "European Union"}


def question(period: date, address: str) -> Question:
    """The question for the country file of one month."""
    short = f"{period:%y%m}"
    return Question(NAME, f"{address}/trade/downloads/{period:%Y}/Merch/im_m/IMDB{short}.ZIP", expect="zip", member=MEMBER)


def gather(ask: Asker, state: State, found: Found) -> None:
    """Customs value and calculated duty of each partner, for the months that are out and not held; and the two collected rates."""
    last = state.ledger.newest_period("duties_by_partner", ("World",))
    months = state.months_due(CENSUS, FT900, last)
    if state.since:
        months = [month for month in months if month >= state.since]
    for period in months:
        asked = question(period, state.addresses["census"])
        try:
            raw = ask(asked)
        except NotOutError:
            found.waiting.append(f"the bulk file of {period:%B %Y} is not out yet")
            continue
        found.add(observations(raw, period, PUBLIC + asked.url.removeprefix(state.addresses["census"]), state))


def observations(raw: Raw, period: date, url: str, state: State) -> list[Observation]:
    """Rows of `duties_by_partner` and the collected rates that one country file gives."""
    lines = read(raw, period)
    named = state.calendar.named(CENSUS, FT900, period.isoformat())
    doubts = _against_pages(lines, period, state)
    observed = functools.partial(
        Observation, fetched_on=raw.day, raw=raw.sha256, url=url, published_on=named, basis="calendar" if named else "", doubts=doubts,
        source="US Census Bureau, bulk file of imports, country totals",
    )  # fmt: skip
    made, sums = [], {}
    for partner, codes in {**PARTNERS, "World": tuple(lines)}.items():
        held = [lines[code][1] for code in codes if code in lines]
        sums[partner] = {name: sum((item[name] for item in held), Decimal(0)) for name in _FIELDS}
        values = tuple((name, sums[partner][name]) for name in ("customs_value_usd", "calculated_duty_usd"))
        made.append(observed("duties_by_partner", (partner, period.isoformat()), values, Decimal(1)))
    for partner, series in (("China", "us_collected_rate_on_china_frac"), ("World", "us_collected_rate_world_frac")):
        rate = (sums[partner]["calculated_duty_usd"] / sums[partner]["customs_value_usd"]).quantize(RATE_QUANTUM)
        made.append(observed("statistics", (series, period.isoformat()), (("value", rate),), RATE_QUANTUM))
    return made


def read(raw: Raw, period: date) -> dict[str, tuple[str, dict[str, Decimal]]]:
    """Lines of a country file: code to name and values in dollars.

    Raises
    ------
    LayoutError : a line has another width or month, the file holds too few or too many lines, a country has another name.
    """
    where = f"{MEMBER} of {period:%B %Y}"
    lines: dict[str, tuple[str, dict[str, Decimal]]] = {}
    for count, line in enumerate(raw.content.decode("latin-1").splitlines(), start=1):
        if not line.strip():
            continue
        if len(line) != WIDTH:
            message = f"{where}, line {count}: {len(line)} characters in place of {WIDTH}. The answer was cut, or the layout has changed."
            raise LayoutError(message)
        if line[34:40] != f"{period:%Y%m}":
            message = f"{where}, line {count} is of {line[34:40]}. It is the file of another month."
            raise LayoutError(message)
        code = line[:4]
        if code in lines:
            message = f"{where}: the country {code} stands there twice. The layout has changed."
            raise LayoutError(message)
        lines[code] = (line[4:34].strip(), {name: _dollars(line[a:b], f"{where}, line {count}") for name, (a, b) in _FIELDS.items()})
    _check(lines, where)
    return lines


def _check(lines: dict[str, tuple[str, dict[str, Decimal]]], where: str) -> None:
    if not FEWEST <= len(lines) <= MOST:
        message = f"{where} holds {len(lines)} countries, and {FEWEST} to {MOST} are usual. The answer was cut, or the layout has changed."
        raise LayoutError(message)
    for partner, codes in PARTNERS.items():
        for code in codes:
            if code not in lines:
                message = f"{where} has no line for {code}, which belongs to {partner}. The layout has changed."
                raise LayoutError(message)
        if partner not in _GROUPS and _SPELT.get(partner, partner.lower()) not in lines[codes[0]][0].lower():
            message = f"{where}: {codes[0]} is {lines[codes[0]][0]!r} and should be {partner}. The codes have changed."
            raise LayoutError(message)


def _against_pages(lines: dict[str, tuple[str, dict[str, Decimal]]], period: date, state: State) -> tuple[str, ...]:
    """General imports from China as the country page has them, where it is held; country figures are revised by 1.5 per cent at most."""
    row = state.ledger.table("statistics").latest(("us_imports_from_china_usd", period.isoformat()))
    if row is None:
        return ()
    ours, theirs = lines["5700"][1]["general_imports_usd"], Decimal(row["value"])
    if abs(ours / theirs - 1) > Decimal("0.02"):
        return (f"general imports from China are {ours:f} here and {theirs:f} on the country page: columns may have shifted",)
    return ()


def _dollars(cell: str, where: str) -> Decimal:
    if not cell.strip().isdigit():
        message = f"{where}: {cell!r} is no whole number of dollars. The layout has changed."
        raise LayoutError(message)
    return Decimal(cell.strip())
