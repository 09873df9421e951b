"""Words by which a title of law or news is one for this project, in English and Chinese."""

import re

_ENGLISH = re.compile(
    r"china|chinese|prc\b|hong kong|macau|tariff|dut(?:y|ies)\b|section (?:232|301|201|122|338)|9903|reciprocal|export control|entity list"
    r"|affiliates"
    r"|rare[- ]earth|critical mineral|trade agreement|truce|de minimis|low-value|port fee|shipbuilding|fentanyl|emergency economic"
    r"|semiconductor|outbound investment|harmonized tariff",
    re.IGNORECASE,
)
_CHINESE = re.compile(
    r"关税|加征|美国|美方|中美|出口管制|管制清单|不可靠实体|稀土|反倾销|反补贴|两用物项|船舶|排除清单|原产于美|301|反外国制裁"
)


def matched(title: str) -> tuple[str, ...]:
    """Words of a title for which it is looked at, in order, none twice."""
    found = [match.group().lower() for pattern in (_ENGLISH, _CHINESE) for match in pattern.finditer(title)]
    return tuple(dict.fromkeys(found))
