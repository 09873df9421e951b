"""How trade grew on a year earlier."""

from tradelib import wording
from tradelib.trade import Growth

# A base that moved so far makes a change look large by itself.
_UNUSUAL = 0.2
_FLOWS = {
    "us_imports": "US imports from China",
    "us_consumption": "US imports for consumption from China",
    "china_exports": "China's exports to the world",
    "china_exports_to_us": "China's exports to the United States",
}


def when(growth: Growth) -> str:
    """The month or months it is of; China releases January and February as one."""
    return f"in {'January to ' if growth.is_to_date else ''}{wording.month(growth.period)}"


def rose(growth: Growth) -> str:
    """Which way and how far; one of which only a later revision is held says so."""
    return wording.rose(growth.change_frac) + (" (as later revised)" if growth.is_later_revised else "")


def message(growth: Growth) -> str:
    """Title or message of one flow."""
    return f"{_FLOWS[growth.flow]} {rose(growth)} {when(growth)} on a year earlier{_base(growth)}"


def _base(growth: Growth) -> str:
    """How the base itself had moved, where that was unusual."""
    if not abs(growth.base_frac) >= _UNUSUAL:
        return ""
    return f", after a {'fall' if growth.base_frac < 0 else 'rise'} of {wording.percent(abs(growth.base_frac), trim=False)} the year before"


def three_months(growth: Growth) -> str:
    """Title of the three months to the one that is named."""
    return f"In the three months to {wording.month(growth.period)} {_FLOWS[growth.flow]} {rose(growth)} on a year earlier{_base(growth)}"


def title(us: Growth | None, china: Growth | None) -> str:
    """Title of both sides' flows: over one month, or China's newer figure first."""
    if us is None or china is None:
        growth = us or china
        return message(growth) if growth else "No trade figures in our data for this day"
    ours = f"{_FLOWS[us.flow]} {rose(us)}"
    if us.period == china.period and not china.is_to_date:
        return f"In {wording.month(us.period)} {ours} on a year earlier; {_FLOWS[china.flow]} {rose(china)}"
    return f"{message(china)}; {ours} {when(us)}"


def china_message(grown: dict[str, Growth]) -> str:
    """China's exports, those to the United States and its imports where they are held."""
    exports = grown["china_exports"]
    to_us = f"; exports to the United States {rose(grown['china_exports_to_us'])}" if "china_exports_to_us" in grown else ""
    imports = f"; imports {rose(grown['china_imports'])}" if "china_imports" in grown else ""
    return f"China's exports {rose(exports)} {when(exports)} on a year earlier{to_us}{imports}"


def china_line(grown: dict[str, Growth]) -> str:
    """The same in a line of a terminal."""
    if not grown:
        return "no figures in our data by this day"
    # A source may bring the exports before the imports.
    held = {name: grown[f"china_{name}"] for name in ("exports", "imports") if f"china_{name}" in grown}
    parts = ", ".join(f"{name} {wording.percent(growth.change_frac, signed=True)}" for name, growth in held.items())
    later = ", as later revised" if any(growth.is_later_revised for growth in held.values()) else ""
    return f"{wording.month(held['exports'].period)}: {parts} on a year earlier{later}"
