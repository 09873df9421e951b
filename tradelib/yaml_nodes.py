"""YAML read as nodes, so that every refusal can name its line.

What a person is likely to type wrong is refused: a field that is not known or given twice, a number where a text is meant, a day that no
calendar holds, a value of several where one belongs. Anchors and merges are not expanded.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from tradelib.errors import TradelibError
from tradelib.wording import nearest

if TYPE_CHECKING:
    import yaml


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

    def fail(self, node: "yaml.Node | None", what: str) -> TradelibError:
        """A refusal with file and line."""
        line = f", line {node.start_mark.line + 1}" if node is not None else ""
        return self.error(f"{self.file}{line}: {what}")

    def root(self, content: str) -> "yaml.Node | None":
        """Root of a document; None of an empty one."""
        import yaml

        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            return yaml.compose(content, Loader=loader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = f", line {mark.line + 1}" if mark else ""
            message = f"{self.file}{line}: this is not valid YAML ({getattr(error, 'problem', None) or error}); compare with {self.like}."
            raise self.error(message) from None

    def fields(self, node: "yaml.Node | None", known: set[str], *, needed: set[str]) -> "dict[str, yaml.Node]":
        """Fields of a mapping by name, each known and given once."""
        import yaml

        if not isinstance(node, yaml.MappingNode):
            raise self.fail(node, f"here belong lines such as `{sorted(needed)[0]}: ...`.")
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
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
        except ValueError:
            raise self.fail(node, f"{node.value!r} is no value that a calendar or a number holds.") from None

    def word(self, node: "yaml.Node | None") -> str:
        """One value as it is written; empty without a node."""
        if node is None:
            return ""
        self.value(node)
        return str(node.value).strip()

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
        if not 0 <= value <= most:
            raise self.fail(node, f"rate must be a fraction from 0 to {most:g}, and {value:g} is none: write 0.30 for 30%.")
        return float(value)
