"""Small changes to a module, one at a time: what a slip of the hand would make of it.

A change is a piece of the source and what stands in its place: a bound (`<` and `<=`), a sign, a number and the next one, the first for
the last, a condition that always or never holds, an order or a duplicate that is not looked after, a statement left out. Words are left
alone: sentences, names of columns, docstrings, annotations, what is said with an error.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

_COMPARED = {
    ast.Lt: ("<", "<="), ast.LtE: ("<=", "<"), ast.Gt: (">", ">="), ast.GtE: (">=", ">"), ast.Eq: ("==", "!="), ast.NotEq: ("!=", "=="),
    ast.In: ("in", "not in"), ast.NotIn: (r"not\s+in", "in"), ast.Is: ("is", "is not"), ast.IsNot: (r"is\s+not", "is"),
}  # fmt: skip
_JOINED = {ast.Add: (r"\+", "-"), ast.Sub: ("-", "+"), ast.BitAnd: ("&", "|"), ast.BitOr: (r"\|", "&"), ast.Mult: (r"\*", "/")}
_TWINS = (
    ("le", "lt"), ("ge", "gt"), ("eq", "ne"), ("isna", "notna"), ("any", "all"), ("min", "max"), ("idxmin", "idxmax"), ("first", "last"),
    ("minimum", "maximum"), ("fmin", "fmax"), ("ffill", "bfill"), ("floor", "ceil"), ("bisect_left", "bisect_right"),
)  # fmt: skip
_OTHER = {one: other for pair in _TWINS for one, other in (pair, pair[::-1])}
_ORDERED = {"sort_values", "drop_duplicates", "dropna", "fillna", "abs", "sort_index", "cumsum", "rstrip", "lstrip", "strip", "clip"}
_WORDS = {"first": "last", "last": "first", "left": "inner", "outer": "inner", "inner": "left", "right": "left"}
_CHOICES = {"keep", "how", "side"}
# What these say changes no result.
_IDLE = {"strict", "repr", "frozen", "eq", "slots", "copy", "maxsize", "stacklevel", "check_dtype", "validate", "message", "name", "names"}


@dataclass(frozen=True)
class Mutant:
    """One change: in `file`, from offset `start` to `stop`, `text` takes the place of what stands there.

    `function` is the outermost function it lies in, as (qualified name, line), None for what runs at import; `first` to `last` are the
    lines that a test has to reach; `before` and `after` those of the change.
    """

    file: str
    start: int
    stop: int
    text: str
    kind: str
    function: tuple[str, int] | None
    first: int
    last: int
    line: int
    before: str
    after: str

    def source(self, source: bytes) -> bytes:
        """The module with the change."""
        return source[: self.start] + self.text.encode() + source[self.stop :]

    def code(self, source: bytes, file: str) -> CodeType | None:
        """The changed function's code, compiled as if it stood in `file`."""
        return find_code(compile(self.source(source), file, "exec"), *self.function)


def find_code(code: CodeType, name: str, line: int) -> CodeType | None:
    """The function of a qualified name that begins on a line, within the code of a module."""
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            if (inner.co_qualname, inner.co_firstlineno) == (name, line):
                return inner
            if name.startswith(f"{inner.co_qualname}.") and (found := find_code(inner, name, line)):
                return found
    return None


def mutants(root: Path, file: str) -> list[Mutant]:
    """Every change of a module that compiles to something else."""
    return list(_Module(root, file).changes())


class _Module:
    def __init__(self, root: Path, file: str) -> None:
        self.file, self.source = file, (root / file).read_bytes()
        self.lines = self.source.splitlines(keepends=True)
        self.offsets = [0]
        for line in self.lines:
            self.offsets.append(self.offsets[-1] + len(line))
        self.tree = ast.parse(self.source)
        self.original = compile(self.source, file, "exec")

    def changes(self) -> Iterator[Mutant]:
        for node, statement, function in _walk(self.tree):
            for kind, start, stop, text in self._of(node):
                mutant = self._mutant(node, statement, function, (kind, start, stop, text))
                if mutant and self._differs(mutant):
                    yield mutant

    def _mutant(self, node: ast.AST, statement: ast.stmt, function: tuple[str, int] | None, change: tuple) -> Mutant:
        kind, start, stop, text = change
        whole = (self.offsets[node.lineno - 1], self.offsets[node.end_lineno])
        before = self.source[slice(*whole)].decode()
        after = (self.source[whole[0] : start] + text.encode() + self.source[stop : whole[1]]).decode()
        body = getattr(statement, "body", None)
        last = max(body[0].lineno - 1, statement.lineno) if isinstance(body, list) and body else statement.end_lineno
        squeezed = [" ".join(words.split()) for words in (before, after)]
        return Mutant(self.file, start, stop, text, kind, function, statement.lineno, last, node.lineno, *squeezed)

    def _differs(self, mutant: Mutant) -> bool:
        try:
            changed = compile(mutant.source(self.source), self.file, "exec")
        except (SyntaxError, ValueError):
            return False
        return changed != self.original

    def _of(self, node: ast.AST) -> Iterator[tuple[str, int, int, str]]:
        for cases in (self._operators, self._values, self._calls, self._conditions, self._statements):
            yield from cases(node)

    def _at(self, line: int, column: int) -> int:
        return self.offsets[line - 1] + column

    def _span(self, node: ast.AST) -> tuple[int, int]:
        return self._at(node.lineno, node.col_offset), self._at(node.end_lineno, node.end_col_offset)

    def _between(self, left: ast.AST, right: ast.AST, token: str) -> tuple[int, int] | None:
        """Where an operator stands between its two sides."""
        start, stop = self._span(left)[1], self._span(right)[0]
        found = re.search(token.encode(), self.source[start:stop])
        return (start + found.start(), start + found.end()) if found else None

    def _operators(self, node: ast.AST) -> Iterator[tuple[str, int, int, str]]:
        pairs = []
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            pairs = [(sides[n], sides[n + 1], _COMPARED.get(type(op))) for n, op in enumerate(node.ops)]
        elif isinstance(node, ast.BinOp) and not _is_words(node):
            pairs = [(node.left, node.right, _JOINED.get(type(node.op)))]
        elif isinstance(node, ast.BoolOp):
            ways = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
            pairs = [(one, other, ways) for one, other in zip(node.values, node.values[1:], strict=False)]
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.Invert | ast.USub):
            start = self._span(node)[0]
            yield "sign", start, self._span(node.operand)[0], ""
        for left, right, ways in pairs:
            if ways and (place := self._between(left, right, ways[0])):
                yield "comparison" if isinstance(node, ast.Compare) else "operator", *place, ways[1]

    def _values(self, node: ast.AST) -> Iterator[tuple[str, int, int, str]]:
        if isinstance(node, ast.Constant):
            if isinstance(node.value, bool):
                yield "value", *self._span(node), str(not node.value)
            elif isinstance(node.value, int | float):
                yield "value", *self._span(node), str(node.value + 1)
        elif isinstance(node, ast.keyword) and node.arg in _CHOICES and isinstance(node.value, ast.Constant):
            if node.value.value in _WORDS:
                yield "choice", *self._span(node.value), f'"{_WORDS[node.value.value]}"'
        elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and node.slice.value == 0:
            yield "first for last", *self._span(node.slice), "-1"

    def _calls(self, node: ast.AST) -> Iterator[tuple[str, int, int, str]]:
        if not isinstance(node, ast.Call):
            return
        called = node.func
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        stop = self._span(called)[1]
        if name in _OTHER:
            yield "twin", stop - len(name), stop, _OTHER[name]
        if isinstance(called, ast.Attribute) and name in _ORDERED:
            start, end = self._span(called.value)
            yield "left out", *self._span(node), self.source[start:end].decode()
        if name in {"sorted", "reversed"} and isinstance(called, ast.Name):
            start, end = self._span(node.args[0])
            yield "order", *self._span(node), f"list({self.source[start:end].decode()})"

    def _conditions(self, node: ast.AST) -> Iterator[tuple[str, int, int, str]]:
        if isinstance(node, ast.If | ast.While | ast.IfExp):
            yield "condition", *self._span(node.test), "False"
            if not isinstance(node, ast.While):
                yield "condition", *self._span(node.test), "True"
        elif isinstance(node, ast.comprehension):
            for test in node.ifs:
                yield "condition", *self._span(test), "True"

    def _statements(self, node: ast.AST) -> Iterator[tuple[str, int, int, str]]:
        told = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant | ast.Yield | ast.YieldFrom)
        stored = isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript)
        if stored or (isinstance(node, ast.AugAssign | ast.Expr) and not told):
            yield "left out", *self._span(node), "pass"


def _walk(tree: ast.Module) -> Iterator[tuple[ast.AST, ast.stmt, tuple[str, int] | None]]:
    """Every node that may change, with its statement and the outermost function it lies in."""
    waiting: list[tuple[ast.AST, ast.stmt | None, tuple[str, int] | None, str]] = [(tree, None, None, "")]
    while waiting:
        node, statement, function, path = waiting.pop()
        if isinstance(node, ast.Raise | ast.JoinedStr | ast.Import | ast.ImportFrom | ast.Assert) or _is_message(node):
            continue
        if isinstance(node, ast.stmt):
            statement = node
        if statement is not None and not isinstance(node, ast.FunctionDef | ast.ClassDef) and hasattr(_placed(node), "lineno"):
            yield _placed(node), statement, function
        for name, child in _children(node):
            inner, where = function, path
            if isinstance(node, ast.ClassDef) and function is None:
                where = f"{path}{node.name}." if child in node.body else path
            if isinstance(node, ast.FunctionDef) and function is None and name == "body":
                inner = (path + node.name, min([node.lineno, *(item.lineno for item in node.decorator_list)]))
            waiting.append((child, statement, inner, where))


def _placed(node: ast.AST) -> ast.AST:
    """A comprehension has no place of its own: that of what it goes through."""
    if isinstance(node, ast.comprehension):
        node.lineno, node.end_lineno = node.target.lineno, max([node.iter.end_lineno, *(test.end_lineno for test in node.ifs)])
    return node


def _children(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list", "ctx", "type_params"} or (
            name == "keywords" and isinstance(node, ast.ClassDef)
        ):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.keyword) and child.arg in _IDLE:
                continue
            if isinstance(child, ast.AST):
                yield name, child


def _is_message(node: ast.AST) -> bool:
    return isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in {"message", "__all__"}


def _is_words(node: ast.BinOp) -> bool:
    sides = (node.left, node.right)
    return any(isinstance(side, ast.JoinedStr) or (isinstance(side, ast.Constant) and isinstance(side.value, str)) for side in sides)
