"""Formulas that are written once and read twice: by a spreadsheet, and here, for the value that stands beside each.

A formula is written as a Python expression over names of cells and columns; `listed[0]` is a column in the row at hand,
`listed[-1]` in the row before, and `at`, `upto`, `total`, `first` look at the whole column. So a cell can't hold one
thing and say another, and a test of the values is one of the formulas.
"""

import ast
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import CodeType
from typing import Any


class Series:
    """A column while it is worked out: `[0]` is the row at hand, `[-1]` the one before."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self.row = 0

    def __getitem__(self, back: int) -> Any:
        return self.values[self.row + back]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.values)


@dataclass(frozen=True)
class Step:
    """A cell or a column that formulas make: its name in other formulas, what it is, and how it is worked out."""

    name: str
    title: str
    says: str
    rows: int = 0
    """of a column; 0 for a cell"""


@dataclass(frozen=True)
class Place:
    """Where names lead in a workbook, as seen from one sheet."""

    columns: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    """letters of columns, and how many rows each has, by name"""
    first: int = 1
    """row of the sheet in which columns begin"""
    sheet: str = ""
    """before each name and cell where these are on another sheet, `'Affiliates'!`"""
    sheets: Mapping[str, str] = field(default_factory=dict)
    """the same of other programs, by the name that stands before a point: `direct.won`"""

    def all_of(self, name: str) -> str:
        """Return a whole column."""
        letter, rows = self.columns[name]
        return f"{self.sheet}${letter}${self.first}:${letter}${self.first + rows - 1}"


def _power(base: float, by: float) -> float:
    return 1.0 if by == 0 else base**by


_FUNCTIONS: dict[str, Any] = {
    "at": lambda column, row: column.values[int(row) - 1],
    "upto": lambda column, row: sum(column.values[: int(row)]),
    "total": lambda column: sum(column.values),
    "first": lambda column: column.values.index(1) + 1,
    "power": _power,
    "up": math.ceil,
    "mod": lambda number, by: number % by,
    "join": lambda *parts: "".join(str(part) for part in parts),
    "max": max,
    "min": min,
    "NA": math.nan,
    "__builtins__": {},
}


@lru_cache(maxsize=4096)
def _compiled(says: str) -> CodeType:
    return compile(says, "formula", "eval")


def worked_out(says: str, known: Mapping[str, Any]) -> Any:
    """Return the value of one cell from values by name.

    >>> worked_out("rate * 100 if rate > 0 else 'unknown'", {"rate": 0.5})
    50.0
    """
    return eval(_compiled(says), _FUNCTIONS | dict(known))  # noqa: S307  no formula is from outside


def all_worked_out(steps: Sequence[Step], known: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of steps by name, each from those before it: a number, a text, or a Series.

    >>> steps = (Step("ones", "Ones", "start", 12), Step("all", "All of them", "total(ones)"))
    >>> all_worked_out(steps, {"start": 1})["all"]
    12
    """
    found: dict[str, Any] = dict(known)
    for step in steps:
        if not step.rows:
            found[step.name] = worked_out(step.says, found)
            continue
        column = found[step.name] = Series()
        scope, code = _FUNCTIONS | found, _compiled(step.says)
        others = [one for one in found.values() if isinstance(one, Series)]
        for row in range(step.rows):
            for one in others:
                one.row = row
            column.values.append(eval(code, scope))  # noqa: S307
    return found


def as_formula(says: str, place: Place, row: int = 0) -> str:
    """Return an expression as a spreadsheet's formula, for a row of columns.

    >>> place = Place({"listed": ("C", 120)}, first=5)
    >>> as_formula("listed[-1] * (1 + rate) if month > 1 else start", place, 1)
    '=IF(month>1,C5*(1+rate),start)'
    >>> as_formula("upto(listed, months) / 2 if direct.won != 0 else 'unknown'", Place({"listed": ("C", 120)}, 5, "A!"))
    '=IF(direct!won<>0,SUM(A!$C$5:INDEX(A!$C$5:$C$124,A!months))/2,"unknown")'
    """
    return as_formulas(says, place)(row)


def as_formulas(says: str, place: Place) -> Callable[[int], str]:
    """Return the same for any row: the expression is read once."""
    written, first = f"={_Writer(place).write(_tree(says))}", place.first
    return lambda row: written.replace(_HERE, str(first + row)).replace(_BEFORE, str(first + row - 1))


@lru_cache(maxsize=4096)
def _tree(says: str) -> ast.expr:
    return ast.parse(says, mode="eval").body


_HERE, _BEFORE = "\x01", "\x02"
"""what stands in a formula for the row at hand and the one before it, until it is written there"""
_SIGNS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "^",
    ast.Eq: "=", ast.NotEq: "<>", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.And: "AND", ast.Or: "OR",
}  # fmt: skip
_BINDS = {"+": 2, "-": 2, "*": 3, "/": 3, "^": 4}


class _Writer:
    """Writes one expression."""

    def __init__(self, place: Place) -> None:
        self.place = place

    def write(self, node: ast.expr, binds: int = 0) -> str:
        """Return an expression, in brackets where what is around it would pull it apart."""
        written: str = getattr(self, f"_{type(node).__name__.lower()}")(node)
        own = (
            _BINDS[_SIGNS[type(node.op)]] if isinstance(node, ast.BinOp) else 1 if isinstance(node, ast.Compare) else 9
        )
        return f"({written})" if own < binds else written

    def _binop(self, node: ast.BinOp) -> str:
        sign = _SIGNS[type(node.op)]
        binds = _BINDS[sign]
        # What stands behind a minus, a slash or a power keeps its own brackets.
        return f"{self.write(node.left, binds + (sign == '^'))}{sign}{self.write(node.right, binds + (sign != '+'))}"

    def _unaryop(self, node: ast.UnaryOp) -> str:
        return f"(-{self.write(node.operand, 3)})"

    def _compare(self, node: ast.Compare) -> str:
        return f"{self.write(node.left, 2)}{_SIGNS[type(node.ops[0])]}{self.write(node.comparators[0], 2)}"

    def _boolop(self, node: ast.BoolOp) -> str:
        return f"{_SIGNS[type(node.op)]}({','.join(map(self.write, node.values))})"

    def _ifexp(self, node: ast.IfExp) -> str:
        return f"IF({self.write(node.test)},{self.write(node.body)},{self.write(node.orelse)})"

    def _constant(self, node: ast.Constant) -> str:
        return f'"{node.value}"' if isinstance(node.value, str) else repr(node.value)

    def _name(self, node: ast.Name) -> str:
        if node.id == "NA":
            return "NA()"
        return self.place.all_of(node.id) if node.id in self.place.columns else f"{self.place.sheet}{node.id}"

    def _attribute(self, node: ast.Attribute) -> str:
        assert isinstance(node.value, ast.Name)  # noqa: S101  no deeper name is written
        return f"{self.place.sheets.get(node.value.id, f'{node.value.id}!')}{node.attr}"

    def _subscript(self, node: ast.Subscript) -> str:
        assert isinstance(node.value, ast.Name)  # noqa: S101  only columns have rows
        row = _HERE if ast.literal_eval(node.slice) == 0 else _BEFORE
        return f"{self.place.sheet}{self.place.columns[node.value.id][0]}{row}"

    def _call(self, node: ast.Call) -> str:
        assert isinstance(node.func, ast.Name)  # noqa: S101
        name, given = node.func.id, [self.write(one) for one in node.args]
        if name == "upto":
            return f"SUM({given[0].partition(':')[0]}:INDEX({','.join(given)}))"
        if name == "power":
            return f"IF({given[1]}=0,1,{self.write(node.args[0], 5)}^{self.write(node.args[1], 5)})"
        if name == "first":
            return f"MATCH(1,{given[0]},0)"
        known = {"at": "INDEX", "total": "SUM", "join": "CONCATENATE", "up": "ROUNDUP"}
        more = ["0"] if name == "up" else []
        return f"{known.get(name, name.upper())}({','.join([*given, *more])})"
