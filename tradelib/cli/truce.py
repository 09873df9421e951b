"""The commands on the truce: where it stands, what changed, and what if."""

import argparse
import sys

from tradelib.cli.options import EPILOG, add_format


def add_truce(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The commands that say where the truce stands."""
    status = commands.add_parser("status", help="print where the truce stands, in ten lines", epilog=EPILOG, allow_abbrev=False)
    status.add_argument("--as-of", default="latest", metavar="DAY", help="day of knowledge (default: latest)")
    add_format(status, more="; csv is one row, without lists")
    status.set_defaults(command=_status)

    changes = commands.add_parser("changes", help="print what became known between two days", epilog=EPILOG, allow_abbrev=False)
    changes.add_argument("--from", required=True, metavar="DAY", dest="since", help="what was known on this day is taken as given")
    changes.add_argument("--to", default="latest", metavar="DAY", dest="until", help="last day of knowledge (default: latest)")
    add_format(changes, more="; csv is one row a change")
    changes.set_defaults(command=_changes)


def add_scenario(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command that asks what if."""
    scenario = commands.add_parser("scenario", help="print the duties that a supposition would bring", epilog=EPILOG, allow_abbrev=False)
    scenario.add_argument("name", nargs="?", metavar="NAME", help="a scenario, or the path of your own .yaml file (default: list them)")
    scenario.add_argument("--compare-with", default="as_scheduled", metavar="NAME", help="another scenario (default: as_scheduled)")
    scenario.add_argument("--on", metavar="DAY", help="day of entry (default: the last within a year on which a duty changes)")
    scenario.add_argument("--as-of", default="latest", metavar="DAY", help="day of knowledge (default: latest)")
    add_format(scenario, more="; csv is one row a difference")
    scenario.set_defaults(command=_scenario)


def _status(options: argparse.Namespace) -> int:
    from tradelib import catalogue
    from tradelib.terminal import forms, records
    from tradelib.terminal import status as terminal

    now = records.standing(as_of=catalogue.resolve_as_of(options.as_of))
    record = records.status(now)
    row = forms.flat(record)
    print(forms.answer(options.format, table=terminal.status(now), record=record, rows=[row], columns=list(row)))
    return 0


def _changes(options: argparse.Namespace) -> int:
    from tradelib import catalogue, truce
    from tradelib.phrases import changes
    from tradelib.terminal import forms, records
    from tradelib.terminal import status as terminal

    since, until = (catalogue.resolve_as_of(day) for day in (options.since, options.until))
    rows = changes.told(truce.changes(since=since, until=until))
    record = records.changes(rows, since=since, until=until)
    words = terminal.changes(rows, since=since, until=until)
    print(forms.answer(options.format, table=words, record=record, rows=forms.records(rows), columns=records.CHANGES))
    if options.format == "csv" and record["note"]:
        print(record["note"], file=sys.stderr)
    return 0


def _scenario(options: argparse.Namespace) -> int:
    from tradelib import catalogue
    from tradelib.doors import day
    from tradelib.terminal import forms, records
    from tradelib.terminal import status as terminal

    as_of = catalogue.resolve_as_of(options.as_of)
    if options.name is None:
        rows = records.suppositions(as_of=as_of)
        record: dict[str, object] = {"as_of": as_of, "scenarios": rows}
        print(forms.answer(options.format, table=terminal.scenario_list(rows), record=record, rows=rows, columns=list(rows[0])))
        return 0
    on = None if options.on is None else day(options.on, "on", latest=as_of)
    found = records.compared(options.name, options.compare_with, as_of=as_of, on=on)
    record = records.comparison(found)
    rows = forms.records(found.differences)
    print(forms.answer(options.format, table=terminal.scenario(found), record=record, rows=rows, columns=records.DIFFERENCES))
    return 0
