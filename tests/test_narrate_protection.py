"""Signs choose the verbs of the averages' findings."""

from datetime import date

import pandas as pd

from tradelib import narrate, wording


def message(*rates: float) -> str:
    """The finding for the US side with one rate a day from 1 January 2018 on."""
    days = pd.date_range("2018-01-01", periods=len(rates), freq="D")
    table = pd.DataFrame({"on": days, "weighted_frac": rates})
    return narrate.averages_message({"US": table}, on=date(2018, 12, 31)).replace(wording.THIN, " ")


def test_the_finding_says_which_way_the_average_went() -> None:
    assert message(0.026, 0.25) == "US duties on Chinese goods average 25 %, up from 2.6 % on 1 January 2018"
    assert message(0.053, 0.05) == "US duties on Chinese goods average 5 %, down from 5.3 % on 1 January 2018"
    assert message(0.026, 0.02601) == "US duties on Chinese goods average 2.6 %"
    assert message(0.026) == "US duties on Chinese goods average 2.6 %"
