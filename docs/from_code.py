"""What these pages take from the code, where each thing is defined once: directives for `docs/*.md`.

`metrics`, `defined <section>`, `functions <module or function>`, `about <module>`, `rules`, `benchmarks`, `plans`,
`kinds`, `exports`, `limits`, `help <command>`.
"""

import argparse
import inspect
import re
from collections.abc import Iterable, Sequence
from importlib import import_module
from itertools import groupby
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from motions import __main__ as command
from motions import glossary
from motions.cohorts.contract import ADDED_UP, TABLES, Column
from motions.cohorts.metrics.metrics import METRICS, Metric
from motions.cohorts.reading.mapping import PRESETS, read_mappings
from motions.cohorts.verdicts.rules import default_rules
from motions.economics.inputs.ready_plans import ReadyPlan, ready_plans
from motions.limits import LIMITS
from motions.playbook import load_benchmarks


def _parts(docstring: str) -> Iterable[nodes.Node]:
    """The paragraphs of a docstring, its examples and formulas as they are written."""
    for part in re.split(r"\n\s*\n", inspect.cleandoc(docstring)):
        if part.startswith(">>>"):
            yield nodes.doctest_block(part, part, language="python")
        elif part.startswith("    "):
            yield nodes.literal_block(part, part, language="text")
        else:
            yield nodes.paragraph("", "", *_words(" ".join(part.split())))


def _words(text: str) -> Iterable[nodes.Node]:
    for at, part in enumerate(text.split("`")):
        yield nodes.literal(part, part) if at % 2 else nodes.Text(part)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> nodes.table:
    group = nodes.tgroup(cols=len(header))
    group += [nodes.colspec(colwidth=1) for _ in header]
    head, body = nodes.thead(), nodes.tbody()
    head += _row(header)
    body += [_row(row) for row in rows]
    group += [head, body]
    return nodes.table("", group)


def _row(cells: Sequence[str]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", cell)) for cell in cells))


def _section(title: str, *content: nodes.Node) -> nodes.section:
    # Named as the app's glossary names it, so that one address serves for both.
    name = glossary.slug(title)
    return nodes.section("", nodes.title("", title), *content, ids=[name], names=[name])


def _code(function: Any) -> nodes.paragraph:
    path = f"{function.__module__}.{function.__name__}"
    return nodes.paragraph("", "", nodes.Text("In the code: "), nodes.literal(path, path))


class Metrics(SphinxDirective):
    """Every metric: its unit, definition and needs, and the formula and example of its function."""

    def run(self) -> list[nodes.Node]:
        """Return a section for each."""
        return [self._of(metric) for metric in METRICS]

    def _of(self, metric: Metric) -> nodes.section:
        said = f"In {metric.unit}. {metric.definition} Needs {', '.join(metric.needs)}."
        return _section(metric.title, nodes.paragraph("", said), *_parts(metric.of.__doc__ or ""), _code(metric.of))


class Defined(SphinxDirective):
    """The entries of one section of the app's glossary."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return a list of names, units and meanings; an unknown section is an error."""
        found = [entry for entry in glossary.entries() if entry.section == self.arguments[0]]
        if not found:
            raise self.error(f"{self.arguments[0]!r} is no section of {', '.join(glossary.SECTIONS)}")
        return list(self._grouped(found))

    def _grouped(self, found: Sequence[glossary.Entry]) -> Iterable[nodes.Node]:
        """Lists of entries; a payout term without a unit is a part of a plan, and those behind it are its own."""
        heads = found[0].section == "Simulator: payout terms"
        for is_head, some in groupby(found, lambda entry: heads and not entry.unit):
            if is_head:
                for entry in some:
                    yield nodes.rubric("", entry.name)
                    yield nodes.paragraph("", "", *_words(entry.meaning))
            else:
                yield nodes.definition_list("", *map(self._item, some))

    def _item(self, entry: glossary.Entry) -> nodes.definition_list_item:
        name = nodes.term("", "", nodes.strong("", entry.name), nodes.Text(f" ({entry.unit})" if entry.unit else ""))
        meaning = nodes.definition("", nodes.paragraph("", "", *_words(entry.meaning)))
        return nodes.definition_list_item("", name, meaning)


class Functions(SphinxDirective):
    """The public functions of a module, or one function by its path, with what their docstrings say."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return a definition of each."""
        module, _, name = self.arguments[0].rpartition(".")
        one = getattr(import_module(module), name)
        found = [one] if inspect.isfunction(one) else list(vars(one).values())
        own = [each for each in found if inspect.isfunction(each) and self._is_public(each)]
        return [nodes.definition_list("", *map(self._item, own))]

    def _is_public(self, function: Any) -> bool:
        return function.__name__[0] != "_" and self.arguments[0].startswith(function.__module__)

    def _item(self, function: Any) -> nodes.definition_list_item:
        called = f"{function.__name__}({', '.join(inspect.signature(function).parameters)})"
        return nodes.definition_list_item(
            "", nodes.term("", "", nodes.literal(called, called)), nodes.definition("", *_parts(function.__doc__ or ""))
        )


class About(SphinxDirective):
    """What a module says of itself."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return its docstring, and where it stands."""
        module = import_module(self.arguments[0])
        where = nodes.paragraph("", "", nodes.Text("In the code: "), nodes.literal("", module.__name__))
        return [*_parts(module.__doc__ or ""), where]


class Rules(SphinxDirective):
    """What each verdict compares."""

    def run(self) -> list[nodes.Node]:
        """Return a table, a row a rule."""
        titles = {metric.id: metric.title for metric in METRICS}
        rows = [
            (titles[rule.metric], f"{rule.against}{'' if rule.threshold is None else f' {rule.threshold:g}'}",
             rule.better, rule.severity, "a fact" if rule.is_fact else "a test")
            for rule in default_rules().rules
        ]  # fmt: skip
        return [_table(("Figure", "Against", "Better is", "Severity", "Said as"), rows)]


class Benchmarks(SphinxDirective):
    """The reference figures with source and grade."""

    def run(self) -> list[nodes.Node]:
        """Return a table, a row a figure."""
        rows = [
            (one.topic, _range(one.low, one.high, one.unit), one.measured, f"{one.source} {one.year or ''}", one.grade)
            for one in load_benchmarks()
        ]
        return [_table(("What", "Figure", "How it was measured", "Source", "Grade"), rows)]


def _range(low: float | None, high: float | None, unit: str) -> str:
    ends = list(dict.fromkeys(f"{end:g}" for end in (low, high) if end is not None))
    return f"{' to '.join(ends)} {unit}".strip()


class Plans(SphinxDirective):
    """The payout plans of published programs."""

    def run(self) -> list[nodes.Node]:
        """Return a list, an entry a plan."""
        return [nodes.bullet_list("", *map(self._item, ready_plans().values()))]

    def _item(self, plan: ReadyPlan) -> nodes.list_item:
        *said, source = plan.sentences(plan.currency)
        where = nodes.reference("", plan.url, refuri=plan.url)
        words = nodes.Text(" ".join([*said, source.removesuffix(plan.url)]))
        return nodes.list_item("", nodes.paragraph("", "", words, where))


class Kinds(SphinxDirective):
    """The kinds of files with their columns; a star marks those that a file must have."""

    def run(self) -> list[nodes.Node]:
        """Return a table, a row a kind."""
        rows = [(table.name, table.row, ", ".join(map(self._column, table.columns))) for table in TABLES]
        rows += [(kind, what, "") for kind, what in ADDED_UP.items()]
        return [_table(("Kind", "One row per", "Columns"), rows)]

    def _column(self, column: Column) -> str:
        return f"{column.name}{'' if column.need == 'optional' else '*'}"


class Exports(SphinxDirective):
    """The exports that are recognised by their header."""

    def run(self) -> list[nodes.Node]:
        """Return a table, a row a preset."""
        found = [mapping for path in sorted(PRESETS.glob("*.yaml")) for mapping in read_mappings(path)]
        return [_table(("Export", "Read as"), sorted({(one.name or "", one.kind) for one in found}))]


class Limits(SphinxDirective):
    """Every limit with its reason, and the variable of the environment that sets it."""

    def run(self) -> list[nodes.Node]:
        """Return a table, a row a limit."""
        rows = [(one.of, one.what, f"{one.most:,} {one.unit}", one.why, one.variable) for one in LIMITS]
        return [_table(("Of", "What", "At most", "Why", "Set by"), rows)]


class Help(SphinxDirective):
    """What a command says of itself."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the text of `--help`; an unknown command is an error."""
        (commands,) = (one for one in command.parser()._actions if isinstance(one, argparse._SubParsersAction))
        said = commands.choices[self.arguments[0]].format_help()
        return [nodes.literal_block(said, said, language="text")]


def setup(app: Sphinx) -> dict[str, Any]:
    """Make the directives known to Sphinx."""
    for directive in (Metrics, Defined, Functions, About, Rules, Benchmarks, Plans, Kinds, Exports, Limits, Help):
        app.add_directive(directive.__name__.lower(), directive)
    return {"parallel_read_safe": True}
