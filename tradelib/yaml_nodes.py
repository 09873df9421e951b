"""YAML read as nodes, so that every refusal can name its line.

What a person is likely to type wrong is refused: a field that is not known or given twice, a number where a text is meant, a day that no
calendar holds, a number that YAML reads in another base than ten, a value of several where one belongs. Anchors, tags and merges are not
taken, and a file has an end: of its size, and of how deep its lists lie in one another.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from tradelib.errors import TradelibError
from tradelib.wording import nearest

if TYPE_CHECKING:
    import yaml

_LONGEST, _LONGEST_WORD, _LONGEST_SHOWN, _DEEPEST = 1_000_000, 2_000, 60, 20
# YAML reads 010 as eight, 1:30 as ninety and 0b1 as one.
_DECIMAL = re.compile(r"[+-]?(?:0|[1-9][0-9]*)?(?:\.[0-9]+)?|[+-]?\.(?:nan|inf)", re.IGNORECASE)


@dataclass
class Nodes:
    """One file that is being read.

    Attributes
    ----------
    file : what messages call it.
    error : class of the refusals.
    like : what to compare a broken file with, for the message.
    """

    file: str
    error: type[TradelibError]
    like: str

    def fail(self, node: "yaml.Node | yaml.Event | None", what: str) -> TradelibError:
        """A refusal with file and line."""
        mark = node.start_mark if node is not None else None
        line = f", line {mark.line + 1}" if mark is not None else ""
        return self.error(f"{self.file}{line}: {what}")

    def root(self, content: str) -> "yaml.Node | None":
        """Root of a document; None of an empty one."""
        import yaml

        if len(content) > _LONGEST:
            message = f"{self.file} has {len(content):,} characters, and {_LONGEST:,} are the most that is read."
            raise self.error(message)
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            self._check_events(yaml.parse(content, Loader=loader))
            return yaml.compose(content, Loader=loader)
        except yaml.YAMLError as error:
            mark, place = getattr(error, "problem_mark", None), getattr(error, "position", None)
            number = mark.line if mark else None if place is None else content.count("\n", 0, place)
            line = "" if number is None else f", line {number + 1}"
            problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
            message = f"{self.file}{line}: this is not valid YAML ({problem}); compare with {self.like}."
            raise self.error(message) from None

    def _check_events(self, events: "Iterator[yaml.Event]") -> None:
        """Refuse what lets a file grow or makes it mean more than it says, before anything is built from it."""
        import yaml

        depth = 0
        for event in events:
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
                raise self.fail(event, "anchors (&name) and what repeats them (*name) are not taken; write the value where it belongs.")
            tag = getattr(event, "tag", None)
            if tag is not None:
                raise self.fail(event, f"the tag {tag!r} is not taken; write the value alone.")
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEPEST:
                raise self.fail(event, f"lists lie in one another more than {_DEEPEST} deep.")

    def fields(self, node: "yaml.Node | None", known: set[str], *, needed: set[str]) -> "dict[str, yaml.Node]":
        """Fields of a mapping by name, each known and given once."""
        import yaml

        if not isinstance(node, yaml.MappingNode):
            raise self.fail(node, f"here belong lines such as `{sorted(needed)[0]}: ...`.")
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise self.fail(key, "a field has a name, and here stand several values in its place.")
            if key.value not in known:
                words = f"there is no field {key.value!r} here.{nearest(key.value, sorted(known))} Allowed: {', '.join(sorted(known))}."
                raise self.fail(key, words)
            if key.value in found:
                raise self.fail(key, f"the field {key.value!r} is given twice; keep one.")
            found[key.value] = value
        for name in sorted(needed - found.keys()):
            raise self.fail(node, f"the field `{name}` is missing.")
        return found

    def items(self, node: "yaml.Node | None") -> "Iterator[yaml.Node]":
        """Nodes of a list; one value alone is a list of one."""
        import yaml

        if node is None:
            return iter(())
        return iter(node.value if isinstance(node, yaml.SequenceNode) else [node])

    def value(self, node: "yaml.Node") -> object:
        """One value with the type that YAML gives it."""
        import yaml

        if not isinstance(node, yaml.ScalarNode):
            raise self.fail(node, "here belongs one value.")
        try:
            return yaml.SafeLoader("").construct_object(node)
        except (ValueError, yaml.YAMLError):
            shown = repr(node.value) if len(node.value) <= _LONGEST_SHOWN else f"a value of {len(node.value):,} characters"
            raise self.fail(node, f"{shown} is no value that a calendar or a number holds.") from None

    def word(self, node: "yaml.Node | None") -> str:
        """One value as it is written; empty without a node."""
        if node is None:
            return ""
        self.value(node)
        word = str(node.value).strip()
        if len(word) > _LONGEST_WORD:
            raise self.fail(node, f"a text has at most {_LONGEST_WORD:,} characters, and this one has {len(word):,}.")
        return word

    def name(self, node: "yaml.Node") -> str:
        """One value as it is written, which may not be empty."""
        word = self.word(node)
        if not word:
            raise self.fail(node, "here belongs a text, and it is empty.")
        return word

    def choice(self, node: "yaml.Node | None", allowed: tuple[str, ...], default: str) -> str:
        """One of some words."""
        if node is None:
            return default
        if self.word(node) not in allowed:
            raise self.fail(node, f"{self.word(node)!r} is not allowed here; write {' or '.join(allowed)}.")
        return self.word(node)

    def day(self, node: "yaml.Node | None", *, form: str = "2026-12-01") -> date | None:
        """A day; None without a node."""
        if node is None:
            return None
        value = self.value(node)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.fail(node, f"a day is written as {form}, and {node.value!r} is none.")
        return value

    def fraction(self, node: "yaml.Node", *, most: float, other: str) -> float:
        """A rate; `other` is what else could stand there, for the message."""
        value = self.value(node)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.fail(node, f"rate must be a fraction such as 0.30 for 30%{other}, not {value!r}.")
        if not _DECIMAL.fullmatch(node.value):
            raise self.fail(node, f"YAML reads {node.value!r} as {value:g}: write a rate in decimals, such as 0.30 for 30%.")
        if not 0 <= value <= most:
            raise self.fail(node, f"rate must be a fraction from 0 to {most:g}, and {value:g} is none: write 0.30 for 30%.")
        return float(value)
