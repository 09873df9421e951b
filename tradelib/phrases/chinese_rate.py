"""Where China's general rate of a line comes from; the finding is `tariffs.chinese_rates.Origin`."""

from math import isnan

from tradelib import wording
from tradelib.tariffs.chinese_rates import HS_2022, Origin


def words(origin: Origin) -> str:
    """One or more clauses, for the row of the general rate."""
    said = [_source(origin)]
    span = f"{wording.percent(origin.low_frac)} to {wording.percent(origin.high_frac)}" if origin.is_open else ""
    if origin.interim is not None:
        instead = wording.percent(origin.interim.general_frac)
        said = [f"interim rate in place of {instead} ({origin.interim.confidence} confidence: {origin.interim.source})"]
    elif span and origin.on >= HS_2022 and not (origin.is_line and origin.is_unchanged):
        said.append(f"the rate applied in 2019 was another, so it may be {span}: plans of interim rates from 2022 on are not in our data")
    elif span:
        said.append(f"its ten-digit items had {span}")
    if origin.within_quota_frac is not None:
        within = origin.within_quota_frac
        said.append("outside the tariff quota" + ("" if isnan(within) else f"; {wording.percent(within)} within it"))
    return "; ".join(said)


def _source(origin: Origin) -> str:
    if not origin.is_line:
        mean = f"rate of {wording.listing(origin.carriers)}, which carry the trade" if origin.carriers else "mean of the tariff lines"
        return f"{mean}; evidence for the rate of 2025: {origin.evidence}"
    if origin.on < HS_2022:
        return "the line's own rate, as applied in 2018 and 2019"
    if origin.is_unchanged:
        return f"the line's own rate of 2019; that of its subheading is the same since (evidence: {origin.evidence})"
    return f"rate of the subheading, the mean of its lines; the line's own is not in our data from 2022 on (evidence: {origin.evidence})"
