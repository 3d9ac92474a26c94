"""Reads YAML content and turns a mistake in it into an error that can be acted on.

Mappings, rules and scenarios come from anybody. What a text would grow to is added up from the loader's events, before
anything is built of it: an alias counts as much as what it stands for.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError
from yaml._yaml import CParser
from yaml.composer import Composer
from yaml.constructor import SafeConstructor
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.resolver import Resolver
from yaml.scanner import Scanner

from motions import limits
from motions.errors import ContentError, closest
from motions.text import short, whole_letters

MOST_BYTES = limits.YAML.bytes
"""Ten times what the largest file that is written here has."""
MOST_VALUES = limits.YAML_VALUES.most
"""Values with those that aliases stand for; 25 letters of a value count as one more."""
DEEPEST = 20

_Model = TypeVar("_Model", bound=BaseModel)


def read_yaml(path: Path, name: str = "") -> dict[str, Any]:
    """Read a YAML mapping. Raises ContentError, calling the file by `name`, when it is missing or no mapping."""
    name = name or path.name
    if not path.exists():
        raise ContentError(name, "the file", "is missing", f"Put {name} back into {path.parent}.")
    if not path.is_file():  # to open a pipe would wait for whoever writes into it
        raise ContentError(name, "the file", "is a folder, a pipe or a device", "Name a file.")
    with path.open("rb") as file:
        return parse_yaml(file.read(MOST_BYTES + 1), name)


def parse_yaml(content: bytes, name: str) -> dict[str, Any]:
    """Return a YAML mapping: text keys; text, numbers, yes or no, lists and mappings as values.

    Raises ContentError, calling the file by `name`, for what is no mapping, too large, or more than plain values.
    """
    return parse_located(content, name)[0]


def parse_located(content: bytes, name: str) -> tuple[dict[str, Any], "Lines"]:
    """Return a YAML mapping as `parse_yaml` does, and on which line each of its values stands."""
    if len(content) > MOST_BYTES:
        raise ContentError(name, "the file", f"is larger than {MOST_BYTES:,} bytes", "Leave out what is not needed.")
    try:
        root, found = _loaded(content.decode("utf-8-sig"), name)
    except UnicodeDecodeError:
        raise ContentError(name, "the file", "is no text in UTF-8", "Save it as UTF-8.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        key = f"line {mark.line + 1}" if mark else "the file"
        raise ContentError(name, key, "is not valid YAML", "Check indentation, colons and quotes.") from None
    if root is None or not isinstance(found, dict):
        raise ContentError(name, "the file", "is not a mapping", "Start it with 'key: value' lines.")
    return found, Lines(root)


def _loaded(text: str, name: str) -> tuple[yaml.Node | None, Any]:
    """Return the nodes and the content of a text: as the quick parser has it, or if it fails as the thorough one has.

    Only the one in Python reads letters that other programs write as two halves, and knows the line of every mistake.
    """
    try:
        loader: _Loader = _InC(text, name)
        root = loader.get_single_node()
    except yaml.YAMLError:
        loader = _InPython(text, name)
        root = loader.get_single_node()
    return root, None if root is None else loader.construct_document(root)


class Lines:
    """On which line of a text a value stands: looked up by its keys, in what the loader read, when somebody asks."""

    def __init__(self, root: yaml.Node) -> None:
        self._root = root

    def of(self, path: Sequence[str | int]) -> int:
        """Return the line of the last key or entry of a path that the text has.

        >>> _, lines = parse_located(b"rules:\\n  - id: a\\n    when:\\n      acv: 5\\n", "f")
        >>> lines.of(("rules", 0, "when", "acv")), lines.of(("rules", 0, "reason")), lines.of(("sources",))
        (4, 2, 1)
        """
        node, mark = self._root, self._root.start_mark
        for part in path:
            found = _inner(node, part)
            if found is None:
                break
            node, mark = found
        return int(mark.line) + 1

    def twice(self) -> tuple[str, int] | None:
        """Return the first key that stands in one mapping twice, and the line of the second; None where none does.

        The last one counts, so that the first would be lost without a word.

        >>> parse_located(b"a: 1\\nb: {c: 1}\\nd: {c: 1,\\n  c: 2}\\n", "f")[1].twice()
        ('c', 4)
        """
        return _twice(self._root, set())


def _twice(node: yaml.Node, looked_at: set[int]) -> tuple[str, int] | None:
    """Look at a node and all inside of it, once each; what an alias or a merge brings from elsewhere is no repeat."""
    looked_at.add(id(node))
    seen = set()
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    for key in (key for key, _ in pairs if node.start_mark.index <= key.start_mark.index < node.end_mark.index):
        if key.value in seen:
            return key.value, key.start_mark.line + 1
        seen.add(key.value)
    inside = [value for _, value in pairs] if pairs else node.value if isinstance(node, yaml.SequenceNode) else []
    return next((found for one in inside if id(one) not in looked_at and (found := _twice(one, looked_at))), None)


def _inner(node: yaml.Node, part: str | int) -> tuple[yaml.Node, Any] | None:
    """Return the value at a key or a place, and the mark where that begins; of keys that come twice the last counts."""
    if isinstance(node, yaml.MappingNode):
        found = [(value, key.start_mark) for key, value in node.value if key.value == str(part)]
        return found[-1] if found else None
    if isinstance(node, yaml.SequenceNode) and str(part).isdecimal() and int(part) < len(node.value):
        return node.value[int(part)], node.value[int(part)].start_mark
    return None


class _Loader(Composer, SafeConstructor, Resolver):
    """A loader of plain values that counts them as events go by, and refuses a text of too many.

    Numbers are decimal ones of up to 60 digits; what else older YAML takes for a number or a day (1:30, 017) is text,
    as YAML 1.2 has it. Keys are text as they stand. The events are those of a parser that stands behind it.
    """

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 — its parent's form

    def __init__(self, name: str) -> None:
        Composer.__init__(self)
        SafeConstructor.__init__(self)
        Resolver.__init__(self)
        self.name = name
        self.values = 0
        self.around: list[tuple[str | None, int]] = []
        """anchor and first value of each list or mapping that is open"""
        self.sizes: dict[str | None, int] = {}
        """values that each anchor stands for"""

    def get_event(self) -> Any:
        """Return the next event, once it is sure that it is not one too many."""
        event: Any = super().get_event()  # type: ignore[misc]  # of the parser
        if getattr(event, "tag", None):
            raise self.refused(event, "has a tag (!)", "Leave the tag out, or put the value in quotes.")
        if isinstance(event, yaml.NodeEvent):
            self.count(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, first = self.around.pop()
            self.sizes[anchor] = self.values - first
        return event

    def count(self, event: yaml.NodeEvent) -> None:
        """Add a value, or what an alias stands for. Raises ContentError for more than a file may hold."""
        first = self.values
        if isinstance(event, yaml.AliasEvent):
            if event.anchor in {anchor for anchor, _ in self.around}:
                raise self.refused(event, "has an alias inside of what it stands for", "Write the values out.")
            self.values += self.sizes.get(event.anchor, 1)
        elif isinstance(event, yaml.ScalarEvent):
            event.value = whole_letters(event.value)
            self.values += 1 + len(event.value) // 25
            self.sizes[event.anchor] = self.values - first
        else:
            self.values += 1
            self.around.append((event.anchor, first))
        if self.values > MOST_VALUES:
            raise self.refused(event, f"holds more than {MOST_VALUES:,} values", "Leave out what is not needed.")
        if len(self.around) > DEEPEST:
            raise self.refused(event, f"is nested more than {DEEPEST} deep", "Check brackets and indentation.")

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        """Return a mapping whose keys are text: no numbers that are made to be slow to tell apart."""
        self.flatten_mapping(node)
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise self.refused(key, "has a list or a mapping for a key", "Use a word.")
        return {key.value: self.construct_object(value, deep=deep) for key, value in node.value}

    def refused(self, at: Any, problem: str, repair: str) -> ContentError:
        """Return the error for a place in the text."""
        return ContentError(self.name, f"line {at.start_mark.line + 1}", problem, repair)


class _InC(_Loader, CParser):
    """Takes a tenth of the time."""

    def __init__(self, text: str, name: str) -> None:
        CParser.__init__(self, text)
        _Loader.__init__(self, name)


class _InPython(_Loader, Reader, Scanner, Parser):
    """Reads all that there is of older YAML."""

    def __init__(self, text: str, name: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)
        _Loader.__init__(self, name)


def _plain(what: str, first: list[str], pattern: str) -> None:
    """Let values that are not quoted, begin with one of `first` and fit the pattern be something else than text."""
    whole = re.compile(rf"^(?=.{{0,60}}$)(?:{pattern})$")
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{what}", whole, first)


_EXPONENT = "(?:[eE][-+][0-9]+)?"
_FRACTION = rf"[-+]?[0-9][0-9_]*\.[0-9_]*{_EXPONENT}|\.[0-9][0-9_]*{_EXPONENT}"
_plain("bool", [*"yYnNtTfFoO"], "[yY]es|YES|[nN]o|NO|[tT]rue|TRUE|[fF]alse|FALSE|[oO]n|ON|[oO]ff|OFF")
_plain("null", [*"~nN", ""], "~|[nN]ull|NULL|")
_plain("int", [*"-+0123456789"], "[-+]?(?:0|[1-9][0-9_]*)")
_plain("float", [*"-+.0123456789"], rf"{_FRACTION}|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_plain("merge", ["<"], "<<")


def validate(content: object, model: type[_Model], file: str, prefix: str = "", lines: Lines | None = None) -> _Model:
    """Build `model` from `content`, which stands behind `prefix` in its file.

    Raises ContentError for the first thing that does not fit, naming its line where `lines` are known.
    """
    try:
        return model.model_validate(content)
    except ValidationError as error:
        found = error.errors()
        # A key that is misspelt is missing, too; to be told its right name is of more help.
        first = next((one for one in found if one["type"] == "extra_forbidden"), found[0])
        key = (prefix + ".".join(str(part)[:60] for part in first["loc"])).removesuffix(".") or "the file"
        if lines is not None:
            key = f"line {lines.of((*prefix.split('.')[:-1], *first['loc']))}, {key}"
        raise ContentError(file, key, *_explain(first, model)) from None


def _explain(error: Any, model: type[BaseModel]) -> tuple[str, str]:
    if error["type"] == "missing":
        return "is missing", "Add the key with its value."
    if error["type"] == "extra_forbidden":
        name = str(error["loc"][-1])
        return "is not a known key", "Remove it or correct its name." + closest(name, _keys(model, error["loc"][:-1]))
    message = error["msg"].removeprefix("Value error, ")
    options = re.findall("'([^']*)'", error["ctx"]["expected"]) if error["type"] in ("literal_error", "enum") else []
    repair = "Correct the value." + closest(str(error["input"])[:60], tuple(options))
    return f"{message[:1].lower()}{message[1:]} (it is {short(error['input'])})", repair


def _keys(model: type[BaseModel], path: Sequence[str | int]) -> tuple[str, ...]:
    """Return the keys that the model at a path inside of `model` knows."""
    for part in path:
        field = model.model_fields.get(str(part))
        inner = (field.annotation, *get_args(field.annotation)) if field else ()
        model = next((one for one in inner if isinstance(one, type) and issubclass(one, BaseModel)), model)
    return tuple(field.alias or name for name, field in model.model_fields.items())
