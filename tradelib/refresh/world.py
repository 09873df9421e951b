"""What a refresh takes from outside itself: the clock, sleep, addresses of publishers, folders. Tests give others."""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from tradelib.catalogue import home

# The hosts that may be asked, and how long to wait between two questions to one, in seconds.
ADDRESSES: Mapping[str, str] = {
    "census": "https://www.census.gov",
    "census_api": "https://api.census.gov",
    "bea": "https://apps.bea.gov",
    "gacc": "http://english.customs.gov.cn",  # its TLS fails; nothing secret is sent to it
    "sciencebase": "https://www.sciencebase.gov",
    "federal_register": "https://www.federalregister.gov",
    "white_house": "https://www.whitehouse.gov",
    "mofcom": "https://www.mofcom.gov.cn",
    "tariff_commission": "https://gss.mof.gov.cn",
    "hts": "https://hts.usitc.gov",
    "comtrade": "https://comtradeapi.un.org",
}
PAUSES: Mapping[str, float] = {"gacc": 2.0, "comtrade": 2.0}
PAUSE = 0.5


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class World:
    """Clock, sleep, addresses and folders of one run.

    Attributes
    ----------
    now, sleep, monotonic : the clock in UTC, how to wait, and a clock that never goes back.
    addresses : address of each publisher, without a path; the only hosts that are asked.
    base : folder of the edition that rows are appended to.
    home : folder of the user's own data.
    fault : called with the name of each step of a write; tests end the process in it.
    """

    base: Path
    home: Path
    now: Callable[[], datetime] = _now
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    addresses: Mapping[str, str] = field(default_factory=lambda: dict(ADDRESSES))
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)
    deadline: float = 60.0
    timeout: float = 15.0
    fault: Callable[[str], None] = lambda _step: None

    @property
    def today(self) -> date:
        """Day of the run, in UTC."""
        return self.now().date()


def real() -> World:
    """The world as it is."""
    return World(base=home.edition_folder(), home=home.home_folder())
