"""Asks who somebody is before anything of the app is shown, and says what they may open."""

from typing import Any, NoReturn

import streamlit as st

from motions.errors import MotionsError
from pages import _ui
from pages._guard.access import Access, Role, configured, refusal
from pages._session import folders, log

OPERATORS = ("health", "partner", "files")
"""the pages, by their address, that show or take a program's own files"""
_ALONE: Role = "operator"


def require() -> Role:
    """Return what the person before the screen may do, or stop: by asking them to sign in, or with the reason."""
    try:
        if refused := refusal():
            raise MotionsError(refused)
        access = configured()
        if access is None:
            return _ALONE
        address = _by_header(access) if access.header else _by_provider()
    except MotionsError as error:
        st.error(_ui.text(error))
        st.stop()
    role = access.role(address)
    if role is None:
        _refuse(address, signed_in_here=not access.header)
    return role


def may_open(role: Role, page: Any) -> bool:
    """Return whether somebody may open a page."""
    return role == "operator" or page.url_path not in OPERATORS


def say_who_may() -> None:
    """Say on a page for operators that somebody is not one of them."""
    st.title("For operators")
    st.info(
        "Files and figures of the program are open to operators. Choose, Compare and Simulate are open to you; ask who "
        "runs this server to make you an operator."
    )


def ways_out() -> list[Any]:
    """Return the entry of the menu that signs out, where somebody has signed in here; a proxy has a way of its own."""
    return [st.Page(st.logout, title="Sign out", url_path="sign-out")] if st.user.get("is_logged_in") else []


def _by_header(access: Access) -> str:
    """The address that the proxy vouches for. Raises MotionsError where it can't be believed, or is not there."""
    if not folders.LAUNCHED.is_set():
        raise MotionsError(
            "Signing in by a proxy's header needs the launcher, which takes that header out of what comes from "
            "elsewhere. Start Motions with `make run`."
        )
    said = st.context.headers.get_all(access.header)
    if len(said) != 1:
        raise MotionsError("The proxy before this server has not said who you are. Open Motions through its address.")
    return said[0]


def _by_provider() -> str:
    """The address that the provider of OpenID Connect has checked, after asking to sign in."""
    if not st.user.is_logged_in:
        st.title("Motions")
        st.write("Sign in with your company's account.")
        st.button("Sign in", type="primary", on_click=st.login)
        st.stop()
    unchecked = st.user.get("email_verified") is False
    return "" if unchecked else str(st.user.get("email") or "")


def _refuse(address: str, signed_in_here: bool) -> NoReturn:
    log.event("refused")
    st.title("Not for this account")
    st.error(f"{_ui.text(address or 'An address that is not confirmed')} may not open this server.")
    st.write("Ask who runs it to add you, or sign in with another account.")
    if signed_in_here:
        st.button("Sign out", on_click=st.logout)
    st.stop()
