"""Reads YAML content and turns a mistake in it into an error that can be acted on."""

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from motions.errors import ContentError, closest

_Model = TypeVar("_Model", bound=BaseModel)


def read_yaml(path: Path, name: str = "") -> dict[str, Any]:
    """Read a YAML mapping. Raises ContentError, calling the file by `name`, when it is missing or no mapping."""
    name = name or path.name
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except FileNotFoundError:
        raise ContentError(name, "the file", "is missing", f"Put {name} back into {path.parent}.") from None
    except (ValueError, RecursionError):  # a date that is none, lists in lists without end
        raise ContentError(name, "the file", "is not valid YAML", "Quote dates, and check brackets.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        key = f"line {mark.line + 1}" if mark else "the file"
        raise ContentError(name, key, "is not valid YAML", "Check indentation, colons and quotes.") from None
    if not isinstance(content, dict):
        raise ContentError(name, "the file", "is not a mapping", "Start it with 'key: value' lines.")
    return content


def validate(content: object, model: type[_Model], file: str, prefix: str = "") -> _Model:
    """Build `model` from `content`. Raises ContentError for the first thing that does not fit."""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        key = prefix + ".".join(str(part) for part in first["loc"]) or "the file"
        raise ContentError(file, key, *_explain(first, model)) from None


def _explain(error: Any, model: type[BaseModel]) -> tuple[str, str]:
    if error["type"] == "missing":
        return "is missing", "Add the key with its value."
    if error["type"] == "extra_forbidden":
        name = str(error["loc"][-1])
        return "is not a known key", "Remove it or correct its name." + closest(name, tuple(model.model_fields))
    message = error["msg"].removeprefix("Value error, ")
    return f"{message[:1].lower()}{message[1:]} (it is {error['input']!r:.60})", "Correct the value."
