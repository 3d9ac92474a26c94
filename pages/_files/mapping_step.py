"""The mapping step: what each file is taken for, which of its columns is which, and what has to be asked."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st
from pydantic import ValidationError

from motions.cohorts.contract import ACTIVATION, BY_NAME, EVER, MOTIONS, PARTNERS, WITHIN
from motions.cohorts.reading.forms import shown_forms
from motions.cohorts.reading.mapping import (
    AGES,
    BEGIN,
    COUNTS,
    DELIMITERS,
    ENCODINGS,
    ENDS,
    KINDS_OF_FILE,
    LATENESS,
    LEAVE_OUT,
    MATCHES,
    NOBODY_KNOWS,
    NOT_THERE,
    SAME,
    SEVERAL,
    STARTS,
    VALUES,
    Part,
    Question,
)
from motions.cohorts.reading.recognise import Recognised
from motions.cohorts.tables import files as tables
from motions.cohorts.tables.health import digest
from motions.names import NAMES, OWN, PARTNER_MOTIONS, offered
from motions.text import count
from pages import _ui
from pages._session import loaded

FIRST = 5
"""Questions of a file that are put at once: what touches most comes first."""


def questions(sources: Sequence[Recognised]) -> None:
    """Ask what only the user can say, one control for each question."""
    for file, alike in tables.asked_once(sources):
        with st.container(border=True, key=f"asked_{_key(file)}"):
            open_ = "is not read yet" if file.waits else "leaves something open"
            st.markdown(f"**{_ui.text(file.name)} {open_}.** {_ui.text(tables.taken_for(file))}")
            if alike:
                st.caption(_ui.text(f"The same for {count(alike, 'more file')} with these columns."))
            if file.mapping.note:
                st.caption(_ui.text(file.mapping.note))
            first = [question for question in file.questions if question.matters][:FIRST]
            for question in first:
                _ask(file, question)
            if more := [question for question in file.questions if question not in first]:
                label = count(len(more), "more question")
                label = label if first else f"{count(len(more), 'question')}, for which no figure waits"
                with st.expander(_ui.text(label), key=f"more_{_key(file)}"):
                    for question in more:
                        _ask(file, question)
            _problem(file)
            st.page_link("pages/files.py", label="Look at the file and change how it is read")


def _ask(file: Recognised, question: Question) -> None:
    key = f"ask_{_key(file)}_{question.part}_{digest(question.key)}"
    st.markdown(_ui.text(question.asks))
    told = (file, question.part, question.key, key)
    options: dict[str, Any] = {"key": key, "label_visibility": "collapsed", "on_change": _take, "args": told}
    if question.options:
        st.selectbox(
            _ui.text(question.asks), question.options, index=None, placeholder="Choose",
            format_func=_written(question.part, question.options), **options,
        )  # fmt: skip
    else:
        st.text_input(_ui.text(question.asks), **options)


def _written(part: Part, options: Sequence[str]) -> Callable[[str], str]:
    """Return what shows the options of a select box: a form with an example, a kind with its rows, one's own motion."""
    said = shown_forms(options) if part == "forms" else {**tables.OPTIONS, OWN: NAMES[OWN]}
    return lambda option: f"{option}: {said[option]}" if option in said else option


def _problem(file: Recognised) -> None:
    """Say what is wrong with the last answer about a file."""
    name, said = st.session_state.get("program_mapping_error", ("", ""))
    if name == file.name:
        st.error(_ui.text(said))


def editor(file: Recognised) -> None:
    """Show how a file is read, with one control to correct each part of it."""
    base = f"map_{_key(file)}"
    found = f"Found by {file.found_by}" if file.found_by else "Not recognised"
    st.caption(_ui.text(f"{found}. {file.mapping.note}"))
    _problem(file)
    if file.name in loaded.corrections():
        st.button("As it was found", key=f"{base}_found", on_click=loaded.as_found, args=(file.name,))
    with _ui.figures(3, f"{base}_file"):
        _choice(file, "Each row is", "kind", "kind", KINDS_OF_FILE, file.mapping.kind, f"{base}_kind")
        _setting(file, "Encoding", "encoding", ENCODINGS, file.encoding, f"{base}_encoding")
        _setting(file, "Separator", "delimiter", tuple(DELIMITERS), file.delimiter, f"{base}_delimiter")
    _ui.table(tables.preview(file), f"{base}_preview", f"First rows of {file.name}", hide_index=True)
    table = BY_NAME.get(file.mapping.kind)
    if file.mapping.kind == "triangle":
        _constant(file, "values", VALUES, "What the cells count", base)
        if "motion" not in file.columns:
            _constant(file, "motion", offered(MOTIONS), "Motion of all cohorts", base)
        if "starts" in file.mapping.constants:
            _constant(file, "starts", STARTS, "Column 1 is", base)
        if "ages" in file.mapping.constants:
            _constant(file, "ages", AGES, "Ages are counted in", base)
        _words(file, base)
    if table:
        _columns(file, base)
        _meaning(file, base)
    if file.columns:
        st.caption(_ui.text(tables.not_used(file)))
    if table:
        _filter(file, base)
    left = tables.left_out(loaded.current(), file.name)
    if len(left):
        st.markdown("**Rows that don't count**")
        _ui.table(left, f"{base}_left", f"Rows of {file.name} that don't count", hide_index=True)


def _filter(file: Recognised, base: str) -> None:
    """Show by which columns and words rows are left out, to change them, and let another column be taken for it."""
    said = file.mapping.leave_out
    free = [name for name in file.header if name and name not in said]
    with _ui.figures(4, f"{base}_filter"):
        for number, (name, words) in enumerate(said.items()):
            key = f"{base}_out_{number}"
            st.session_state[key] = list(words)
            options = tables.words_in(file, name, words)
            st.multiselect(
                _ui.text(f"Left out by {name}"), options, key=key, accept_new_options=True,
                placeholder="Type a word", on_change=_leave_out, args=(file, name, key),
            )  # fmt: skip
        key = f"{base}_out_more"
        st.session_state[key] = None
        st.selectbox(
            "Leave rows out by", free, index=None, key=key, placeholder="Choose a column", on_change=_leave_out,
            args=(file, "", key), help="Rows with a word that you choose don't count, and are listed.",
        )  # fmt: skip


def _leave_out(file: Recognised, name: str, key: str) -> None:
    """Take over by which words of a column rows are left out; of no name: another column."""
    value = st.session_state[key]
    if not name and value is None:
        return
    words = {name: tuple(value)} if name else {value: ()}
    kept = {**file.mapping.leave_out, **words}
    loaded.correct({file.name: file.complete().model_copy(update={"leave_out": kept})})


def _meaning(file: Recognised, base: str) -> None:
    """Show what was found out, or said, of ends, of several rows for a month and of ids, to change it."""
    own = file.mapping
    with _ui.figures(4, f"{base}_meaning"):
        if file.mapping.kind == "subscriptions" and "ended_on" in file.columns:
            _choice(
                file, "An end is", "ends", "ends", ("", *ENDS), own.ends, f"{base}_ends", "Left empty, it is found out."
            )
        if own.starts:
            _choice(file, "Most begin with", "starts", "starts", ("", *BEGIN), own.starts, f"{base}_starts")
        if own.counts:
            label = "Of two files about the same counts"
            _choice(file, label, "counts", "counts", ("", *COUNTS), own.counts, f"{base}_counts")
        if own.ended:
            label = "It ends before others, as"
            _choice(file, label, "ended", "ended", ("", *LATENESS), own.ended, f"{base}_ended")
        if file.mapping.kind == "revenue":
            means = "Left empty, it is found out, or asked for."
            options = ("", *SEVERAL)
            _choice(file, "Several rows a month", "several", "several", options, own.several, f"{base}_several", means)
        if ACTIVATION in own.constants:
            label, now = "Yes in the column of activation", own.constants[ACTIVATION]
            _choice(file, label, "constants", ACTIVATION, (*WITHIN, EVER), now, f"{base}_activation")
        if PARTNERS in own.constants:
            label, now = "Motion of accounts with a partner", own.constants[PARTNERS]
            _choice(file, label, "constants", PARTNERS, offered(PARTNER_MOTIONS, [now]), now, f"{base}_partners")
        for name, how in own.match.items():
            _choice(file, f"{name} is matched", "match", name, MATCHES, how, f"{base}_match_{name}")
        for number, (id_, other) in enumerate(own.ids.items()):
            ids = tuple(dict.fromkeys((other, MATCHES[-1])))
            _choice(file, f"'{id_}' is", "ids", id_, ids, other, f"{base}_id_{number}")
        for name, put in own.prefix.items():
            _choice(
                file, f"Put before {name}", "prefix", name, tuple({put, SAME}), put or SAME, f"{base}_prefix_{name}"
            )


def _columns(file: Recognised, base: str) -> None:
    headers = tuple(column for column in file.header if column)
    with _ui.figures(4, f"{base}_columns"):
        for column in BY_NAME[file.mapping.kind].columns:
            name, key = column.name, f"{base}_column_{column.name}"  # a column may be called kind, as the file's is
            own = file.header[file.columns[name]] if name in file.columns else NOT_THERE
            label = f"{name}, needed" if column.required else name
            _choice(file, label, "columns", name, (NOT_THERE, *headers), own, key, column.meaning)
            if own != NOT_THERE and (forms := tables.forms_of(column)):
                now = file.mapping.forms.get(name, forms[0])
                _choice(file, f"{name} is written", "forms", name, forms, now, f"{key}_form")
            if own == NOT_THERE and (name in file.mapping.constants or tables.words_of(column)):
                _constant(file, name, tables.words_of(column), f"{name} of all rows", base)
    _words(file, base)


def _words(file: Recognised, base: str) -> None:
    """Show what the file's own words were said to mean."""
    with _ui.figures(4, f"{base}_words"):
        for number, (word, motion) in enumerate(file.mapping.motions.items()):
            label = f"Motion of '{word}'"
            options: tuple[str, ...] = (*offered(MOTIONS, [motion]), NOBODY_KNOWS, LEAVE_OUT)
            _choice(file, label, "motions", word, options, motion, f"{base}_motion_{number}")
        for number, (word, meaning) in enumerate(file.mapping.words.items()):
            options = tables.meanings(file, meaning)
            _choice(file, f"'{word}' is", "words", word, options, meaning, f"{base}_word_{number}")


def _choice(
    file: Recognised, label: str, part: Part, name: str, options: Sequence[str], now: str, key: str, means: str = ""
) -> None:
    st.session_state[key] = now
    st.selectbox(
        _ui.text(label), options, key=key, help=_ui.text(means) or None, on_change=_take,
        args=(file, part, name, key), format_func=_written(part, options),
    )  # fmt: skip


def _constant(file: Recognised, name: str, options: Sequence[str], label: str, base: str) -> None:
    key = f"{base}_constant_{name}"
    now = file.mapping.constants.get(name)
    options = (*options, now) if now is not None and now not in options else options
    st.session_state[key] = now if options else now or ""
    arguments: dict[str, Any] = {"key": key, "on_change": _take, "args": (file, "constants", name, key)}
    if options:
        st.selectbox(_ui.text(label), options, index=None, placeholder="not stated", **arguments)
    else:
        st.text_input(_ui.text(label), **arguments)


def _setting(file: Recognised, label: str, name: str, options: Sequence[str], now: str, key: str) -> None:
    st.session_state[key] = now if now in options else options[0]
    st.selectbox(
        _ui.text(label), options, key=key, on_change=_set, args=(file, name, key), format_func=_ui.named(DELIMITERS)
    )


def _set(file: Recognised, name: str, key: str) -> None:
    loaded.correct({file.name: file.complete().model_copy(update={name: st.session_state[key]})})


def _take(file: Recognised, part: Part, name: str, key: str) -> None:
    """Take an answer over and read the files again (a widget's callback)."""
    value = st.session_state[key]
    st.session_state.pop("program_mapping_error", None)
    said = "" if value in (None, NOT_THERE) else value
    try:
        mappings = {one.name: one.complete().answered(part, name, said) for one in _asked_alike(file, part, name)}
    except ValidationError as problem:
        said = problem.errors()[0]["msg"].removeprefix("Value error, ")
        st.session_state["program_mapping_error"] = (file.name, said)
        return
    loaded.correct(mappings)


def _asked_alike(file: Recognised, part: Part, name: str) -> list[Recognised]:
    """The files of which the same is asked, as they have the same columns; the month of one is none of another."""
    alike = [one for one in loaded.sources() if tables.asks(one, part, name) and one.header == file.header]
    return alike if file in alike and tables.is_shared(part, name) else [file]


def _key(file: Recognised) -> str:
    return digest(file.name)
