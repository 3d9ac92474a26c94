"""Who may come in, and to what: by OpenID Connect, or by the header in which a proxy says who somebody is.

Both are configured in Streamlit's secrets. Without `[access]` the app is one machine's own, and everybody there an
operator; it then refuses to listen elsewhere.

    [access]
    viewers = ["@example.com"]                # whole domains, or addresses
    operators = ["ann@example.com"]
    header = "X-Forwarded-Email"              # only with a proxy that signs people in
    proxies = ["172.16.0.0/12"]               # from where alone that header is believed
"""

import ipaddress
import os
from pathlib import Path
from typing import Any, Literal

import streamlit as st
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from streamlit.errors import StreamlitSecretNotFoundError

from motions.errors import MotionsError
from pages._guard.hosts import is_this_machine

Role = Literal["viewer", "operator"]


class Access(BaseModel):
    """Who may come in. An address is compared without regard to case; "@x" is whoever has an address at x."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    viewers: tuple[str, ...] = ()
    operators: tuple[str, ...] = Field(min_length=1)
    header: str = Field(default="", pattern=r"^[A-Za-z0-9-]*$")
    proxies: tuple[str, ...] = ()

    @field_validator("viewers", "operators")
    @classmethod
    def _addresses(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if name.count("@") != 1 or name.endswith("@"):
                raise ValueError(f"{name!r:.80} is neither an address nor, as @example.com, a domain")
        return tuple(name.lower() for name in names)

    @field_validator("proxies")
    @classmethod
    def _networks(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(str(ipaddress.ip_network(name)) for name in names)

    def role(self, address: str) -> Role | None:
        """Return what somebody may do; None when they may not come in.

        >>> access = Access(viewers=("@example.com",), operators=("ann@example.com",))
        >>> access.role("Ann@example.com"), access.role("bo@example.com"), access.role("ann@example.com.evil.test")
        ('operator', 'viewer', None)
        """
        name, at, domain = address.strip().lower().partition("@")
        wanted = {f"{name}@{domain}", f"@{domain}"} if name and at else set()
        if wanted & set(self.operators):
            return "operator"
        return "viewer" if wanted & set(self.viewers) else None

    def believes(self, peer: str) -> bool:
        """Return whether who connects from an address is a proxy that may say who somebody is.

        >>> access = Access(operators=("@example.com",), header="X-Forwarded-Email", proxies=("172.16.0.0/12",))
        >>> access.believes("172.18.0.2"), access.believes("10.0.0.1"), access.believes("")
        (True, False, False)
        """
        try:
            found = ipaddress.ip_address(peer)
        except ValueError:
            return False
        return any(found in ipaddress.ip_network(network) for network in self.proxies)


def configured() -> Access | None:
    """Return who may come in, None where nobody says. Raises MotionsError for what can't be read."""
    try:
        said = st.secrets.get("access")
        auth = st.secrets.get("auth")
    except StreamlitSecretNotFoundError as problem:
        _require_none(problem)
        return None
    except OSError as problem:  # which Streamlit would take for a port that is not free
        user = f" by the user with the number {os.getuid()}, as whom this server runs" if hasattr(os, "getuid") else ""
        raise MotionsError(f"The secrets can't be read{user} ({problem.strerror}). Let that one read them.") from None
    if said is None:
        if auth is not None:
            raise MotionsError(
                "The secrets have [auth] but no [access]: anybody with an account there could come in. "
                'Add [access] with operators = ["ann@example.com"].'
            )
        return None
    try:
        access = Access.model_validate(dict(said))
    except ValidationError as problem:
        first = problem.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise MotionsError(f"[access] of the secrets, {where}: {first['msg']}.") from None
    if bool(access.header) != bool(access.proxies):
        raise MotionsError("[access] of the secrets: header and proxies go together, as anybody can send a header.")
    if not access.header and auth is None:
        raise MotionsError("[access] of the secrets: add [auth] for OpenID Connect, or header and proxies.")
    return access


def _require_none(problem: Exception) -> None:
    """Let nobody in where there are secrets that can't be understood, or none where some are named."""
    if any(Path(path).exists() for path in st.get_option("secrets.files")):
        raise MotionsError(f"The secrets are not read: {problem.__cause__ or problem}. Nobody would have to sign in.")
    if named := os.environ.get("STREAMLIT_SECRETS_FILES"):
        raise MotionsError(f"STREAMLIT_SECRETS_FILES names {named}, which is not there: nobody has to sign in.")


def refusal() -> str:
    """Return why the app must not run here, with the repair: others could come in and nobody would ask who they are."""
    try:
        if configured() is not None or is_this_machine(st.get_option("server.address")):
            return ""
    except MotionsError as error:
        return str(error)
    return (
        f"It would listen on {st.get_option('server.address') or 'every address'}, where others can come in, and "
        "nobody has to sign in. Set server.address to 127.0.0.1, or say who may come in: see SECURITY.md."
    )


class TrustedHeader:
    """Takes the header that says who somebody is out of every request that a trusted proxy has not sent."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        access = configured() if scope["type"] in ("http", "websocket") else None
        if access and access.header and not access.believes((scope.get("client") or ("",))[0]):
            name = access.header.lower().encode()
            scope = scope | {"headers": [one for one in scope["headers"] if one[0].lower() != name]}
        await self.app(scope, receive, send)
