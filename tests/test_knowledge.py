"""Words of the data may not know anything later than their own row.

A later day may stand in a text only where the text itself announces it: an effective day, a deadline, a meeting. Each such day was read
and is listed in the table `days_ahead`; `data seal` refuses a new one until somebody has read it (`checks.knowledge`).
"""

import pandas as pd

from tradelib.checks.knowledge import later_days


def test_a_text_that_knows_too_much_is_found() -> None:
    day = pd.Timestamp("2025-04-04")
    assert list(later_days("not suspended by the November 2025 deal", day)) == ["November 2025"]
    assert list(later_days("withdrawn on 12 May 2025; see 2026-01-02, and again in 2027", day)) == ["12 May 2025", "2026-01-02", "2027"]
    assert list(later_days("from 2 April 2025, announced on 31 Mar 2025, in 2024", day)) == []
