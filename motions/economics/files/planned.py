"""What a workbook of scenarios holds: which programs have sheets of months, and which of these are formulas."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from motions.economics.files import live
from motions.economics.files.formulas import Place, Series, Step, all_worked_out, as_formula, worked_out
from motions.economics.files.inputs_sheet import Layout
from motions.economics.inputs.links import Named
from motions.economics.model.cohort import LIFE
from motions.economics.model.projection import SERIES
from motions.economics.model.run import Outcome, run, selling
from motions.names import PLAIN_NAMES

MOST_LIVE = 16
"""sheets of months: so many programs can be opened and changed without waiting"""
FIRST = 4
"""the row of the first month on a sheet of months"""
CELLS = len(SERIES) + 2
"""the column of a program's cells, behind its series"""
WORK = CELLS + 3
"""the first of the columns that formulas work in"""
_LOADS = "not known here: load this file in the app"


@dataclass(frozen=True)
class Months:
    """A program of a scenario and its sheet of months; `why`: why it holds values, "" where it holds formulas."""

    one: Named
    program: str
    sheet: str
    why: str
    outcome: Outcome
    layout: Layout

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The cells and columns of the sheet."""
        return live.steps(self.one.scenario.program(self.program), self.one.scenario.market)

    @cached_property
    def place(self) -> Place:
        """Where its columns are, as seen from the sheet itself."""
        at = {live.shown(name): at for at, (name, *_) in enumerate(SERIES, 1)}
        columns = [step for step in self.steps if step.rows]
        at |= {step.name: at for at, step in enumerate((one for one in columns if one.name not in at), WORK)}
        letters = {step.name: (xl_col_to_name(at[step.name]), step.rows) for step in columns}
        return Place({"month": ("A", LIFE)} | letters, FIRST + 1)

    @cached_property
    def values(self) -> dict[str, Any]:
        """What all of its formulas come to now."""
        month = Series()
        month.values = list(range(1, LIFE + 1))
        scenario = self.one.scenario
        given = live.known(scenario.program(self.program), scenario.market)
        return all_worked_out(self.steps, {"month": month, "inputs_wrong": 0, "terms_changed": 0} | given)

    @property
    def quoted(self) -> str:
        """The sheet as it stands before a name or a cell of it."""
        return f"'{self.sheet}'!"


@dataclass(frozen=True)
class Written:
    """A scenario in the workbook: its inputs, and its programs by name, as far as they have a sheet of months."""

    one: Named
    layout: Layout
    outcomes: Mapping[str, Outcome]
    months: Mapping[str, Months]
    suffix: str

    @property
    def shown(self) -> tuple[str, ...]:
        """The programs that figures are shown of."""
        return self.one.scenario.shown

    @property
    def currency(self) -> str:
        """What its amounts are in."""
        return self.one.scenario.market.currency

    def why_values(self, program: str) -> str:
        """Say why a program has no formulas; "" where it has."""
        if program not in self.months:
            return f"only the last scenarios have sheets of months, {MOST_LIVE} programs in all"
        return self.months[program].why

    def formula_of(self, program: str, figure: str) -> str:
        """Return the expression of a figure of a program; "" where a value that has none goes into it."""
        scenario, mine = self.one.scenario, self.months.get(program)
        if mine is None or mine.why:
            return ""
        says = live.figures(scenario.program(program), self.world, scenario.direct)[figure]
        return says if all(not self.months[name].why for name in self.world if f"{name}." in says) else ""

    @property
    def world(self) -> tuple[str, ...]:
        """The programs that blended CAC is taken of."""
        return selling(self.one.scenario)

    def asked(self, program: str, figure: str) -> tuple[str, Any]:
        """Return the formula of a figure, as seen from another sheet, and what it comes to."""
        says, mine = self.formula_of(program, figure), self.months[program]
        others = {name: one.quoted for name, one in self.months.items()}
        place = Place(mine.place.columns, mine.place.first, mine.quoted, others)
        holds = [f"{name}.in_formulas == 1" for name in self.world if name != program and f"{name}." in says]
        guarded = f"({says}) if {' and '.join(['in_formulas == 1', *holds])} else {_LOADS!r}"
        world = {name: SimpleNamespace(**one.values) for name, one in self.months.items() if not one.why}
        return as_formula(guarded, place), worked_out(guarded, world | mine.values)


def planned(kept: Sequence[Named]) -> tuple[Written, ...]:
    """Decide which sheets there are: months of the last scenario first, until there are enough."""
    room, found = MOST_LIVE, []
    for number, one in reversed(list(enumerate(kept, 1))):
        suffix = f" {number}" if len(kept) > 1 else ""
        layout, world = Layout(one, f"Inputs{suffix}"), selling(one.scenario)
        outcomes = run(one.scenario.model_copy(update={"shown": world}))
        fits = len(world) <= room
        room -= len(world) if fits else 0
        months = [_months(one, name, suffix, outcomes[name], layout) for name in world] if fits else []
        found.append(Written(one, layout, outcomes, {each.program: each for each in months}, suffix))
    return tuple(reversed(found))


def _months(one: Named, program: str, suffix: str, outcome: Outcome, layout: Layout) -> Months:
    why = live.why_values(one.scenario, one.scenario.program(program))
    # A sheet can't have any name, so that of one's own motion does not stand there.
    return Months(one, program, f"{PLAIN_NAMES[program]}{suffix}", why, outcome, layout)
