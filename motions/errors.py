"""Every error that the app explains to its user.

    MotionsError
    ├── ContentError      a YAML file says something it must not: file, key, repair
    ├── ScenarioError     a link or an assumption that can't be used: what, repair
    ├── LimitError        something is beyond a limit of a session or a server: what, repair
    └── FileError         an uploaded file that can't be used: file, line, column, repair
        ├── MixedCurrencies   amounts in several currencies: one has to be chosen
        └── MachineFault      nothing is wrong with the files: the memory or the disk that reads them is used up

A message says what is wrong, where, and what to do about it.
"""

from difflib import get_close_matches
from typing import Any


class MotionsError(Exception):
    """Base of all errors whose text is meant for the user."""


class ContentError(MotionsError):
    """A content file breaks its model. `file` and `key` say where, `repair` what to do."""

    def __init__(self, file: str, key: str, problem: str, repair: str) -> None:
        self.file, self.key, self.problem, self.repair = file, key, problem, repair
        super().__init__(f"{file}, {key}: {problem}. {repair}")


class ScenarioError(MotionsError):
    """A scenario can't be read or is out of bounds. The text names the input and the repair."""


class LimitError(MotionsError):
    """Something takes more than a session or the server has for it. The text says what, and the repair."""


class FileError(MotionsError):
    """An uploaded file can't be used at all. `where` names line and column when they are known.

    `sources` say what was found out about each of the files that were read together, `refused` which of them else can't
    be used.
    """

    sources: tuple[Any, ...] = ()
    refused: tuple["FileError", ...] = ()

    def __init__(self, file: str, problem: str, repair: str, where: str = "") -> None:
        self.file, self.problem, self.repair, self.where = file, problem, repair, where
        place = f"{file}, {where}" if where else file
        super().__init__(f"{place}: {problem}. {repair}".strip())


class MixedCurrencies(FileError):
    """The files hold more than one currency; amounts in two currencies are never added."""

    def __init__(self, files: str, currencies: tuple[str, ...]) -> None:
        self.currencies = currencies
        listed = ", ".join(currencies)
        super().__init__(files, f"amounts in {listed}", "Choose the currency to show; the others are set aside.")


class MachineFault(FileError):
    """The machine failed while files were read, which may go well another time."""


def closest(word: str, known: tuple[str, ...]) -> str:
    """Return ` Did you mean 'x'?` for the known word nearest to `word`, or nothing.

    >>> closest("afiliate", ("affiliate", "reseller"))
    " Did you mean 'affiliate'?"
    >>> closest("zzz", ("affiliate", "reseller"))
    ''
    """
    found = get_close_matches(word[:60], known, n=1)  # to compare a long one takes long
    return f" Did you mean '{found[0]}'?" if found else ""
