"""What a source may know when it asks and reads: the day, what is held, the calendars."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from tradelib.refresh.calendars import Calendar
from tradelib.refresh.doubts import add_months
from tradelib.refresh.ledger import Ledger

# The annual revision of June reaches three years back.
YEARS_BACK = 3


@dataclass
class State:
    """One run as its sources see it.

    Attributes
    ----------
    today : day of the run.
    since : first period that is compared; by default three years back, as far as the annual revision reaches.
    addresses : address of each publisher.
    stamp : milliseconds of the clock, for servers that hand out old copies.
    """

    today: date
    ledger: Ledger
    calendar: Calendar
    addresses: Mapping[str, str]
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    since: date | None = None
    stamp: int = 0

    @property
    def first_period(self) -> date:
        """First period that is compared."""
        return self.since or add_months(self.today.replace(day=1), -12 * YEARS_BACK)

    def months_due(self, publisher: str, release: str, last: str) -> list[date]:
        """Months after the last one held that are out by the calendar, or could be where no calendar says; the oldest first."""
        months, period = [], add_months(date.fromisoformat(last), 1)
        while period < self.today.replace(day=1):
            named = self.calendar.named(publisher, release, period.isoformat())
            if named is None or named <= self.today:
                months.append(period)
            period = add_months(period, 1)
        return months
