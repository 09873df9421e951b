"""The commands on the truce: where it stands, what changed, and what if."""

import argparse

from tradelib.cli.options import EPILOG


def add_truce(commands: "argparse._SubParsersAction") -> None:
    """The commands that say where the truce stands."""
    status = commands.add_parser("status", help="print where the truce stands, in ten lines", epilog=EPILOG, allow_abbrev=False)
    status.add_argument("--as-of", default="latest", metavar="DAY", help="day of knowledge (default: latest)")
    status.set_defaults(command=_status)

    changes = commands.add_parser("changes", help="print what became known between two days", epilog=EPILOG, allow_abbrev=False)
    changes.add_argument("--from", required=True, metavar="DAY", dest="since", help="what was known on this day is taken as given")
    changes.add_argument("--to", default="latest", metavar="DAY", dest="until", help="last day of knowledge (default: latest)")
    changes.set_defaults(command=_changes)


def add_scenario(commands: "argparse._SubParsersAction") -> None:
    """The command that asks what if."""
    scenario = commands.add_parser("scenario", help="print the duties that a supposition would bring", epilog=EPILOG, allow_abbrev=False)
    scenario.add_argument("name", nargs="?", metavar="NAME", help="a scenario, or the path of your own .yaml file (default: list them)")
    scenario.add_argument("--compare-with", default="as_scheduled", metavar="NAME", help="another scenario (default: as_scheduled)")
    scenario.add_argument("--on", metavar="DAY", help="day of entry (default: the last within a year on which a duty changes)")
    scenario.add_argument("--as-of", default="latest", metavar="DAY", help="day of knowledge (default: latest)")
    scenario.set_defaults(command=_scenario)


def _status(options: argparse.Namespace) -> int:
    from tradelib import catalogue, terminal

    print(terminal.status(as_of=catalogue.resolve_as_of(options.as_of)))
    return 0


def _changes(options: argparse.Namespace) -> int:
    from tradelib import catalogue, terminal

    since, until = (catalogue.resolve_as_of(day) for day in (options.since, options.until))
    print(terminal.changes(since=since, until=until))
    return 0


def _scenario(options: argparse.Namespace) -> int:
    from tradelib import catalogue, terminal
    from tradelib.doors import day

    as_of = catalogue.resolve_as_of(options.as_of)
    if options.name is None:
        print(terminal.scenario_list(as_of=as_of))
        return 0
    on = None if options.on is None else day(options.on, "on", latest=as_of)
    print(terminal.scenario(options.name, options.compare_with, as_of=as_of, on=on))
    return 0
