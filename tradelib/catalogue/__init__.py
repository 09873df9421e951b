"""The data package: what tables there are, load one as of a day, verify it, cite it.

The tables are described once, in `data/datapackage.json` (Data Package standard, with a few properties of our own that start with
`tradelib:`). Nothing is read that disagrees with its description.
"""

from tradelib.catalogue.citing import PROVENANCE as PROVENANCE
from tradelib.catalogue.citing import cite, sources
from tradelib.catalogue.descriptor import DESCRIPTOR as DESCRIPTOR
from tradelib.catalogue.descriptor import as_written as as_written
from tradelib.catalogue.descriptor import data_folder, names
from tradelib.catalogue.descriptor import description as description
from tradelib.catalogue.descriptor import fault as fault
from tradelib.catalogue.descriptor import key_of as key_of
from tradelib.catalogue.descriptor import package as package
from tradelib.catalogue.editions import Edition, edition, evidence_through, observed_through, refreshed, resolve_as_of
from tradelib.catalogue.editions import within as within
from tradelib.catalogue.loading import known_since as known_since
from tradelib.catalogue.loading import load
from tradelib.catalogue.loading import read_all as read_all
from tradelib.catalogue.loading import read_columns as read_columns
from tradelib.catalogue.verifying import hashes, tables, verify
from tradelib.catalogue.verifying import scenario_files as scenario_files
from tradelib.catalogue.verifying import scenario_text as scenario_text
from tradelib.catalogue.verifying import seal as seal
from tradelib.catalogue.verifying import whole as whole

__all__ = [
    "Edition",
    "cite",
    "data_folder",
    "edition",
    "evidence_through",
    "hashes",
    "load",
    "names",
    "observed_through",
    "refreshed",
    "resolve_as_of",
    "sources",
    "tables",
    "verify",
]
