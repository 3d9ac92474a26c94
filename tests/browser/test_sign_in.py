"""Signing in at a provider of OpenID Connect, as viewer, operator and stranger."""

import socket

import pytest

from tests.browser.conftest import navigate, serving
from tests.browser.provider import CLIENT, providing

pytestmark = pytest.mark.proof


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    """The app where signing in is configured, and the provider."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with providing() as provider:
        path = tmp_path_factory.mktemp("secrets") / "secrets.toml"
        path.write_text(
            f"""[access]
viewers = ["@example.com"]
operators = ["ann@example.com"]
[auth]
redirect_uri = "http://127.0.0.1:{port}/oauth2callback"
cookie_secret = "only for a test, only for a test"
client_id = "{CLIENT}"
client_secret = "x"
server_metadata_url = "{provider.address}/.well-known/openid-configuration"
""",
            "utf-8",
        )
        with serving(env={"STREAMLIT_SECRETS_FILES": str(path)}, port=port) as (address, _):
            yield address, provider


@pytest.fixture
def entered(guarded, chromium):
    """Open a page and sign in as somebody; a browser without a cookie each time."""
    address, provider = guarded
    contexts = []

    def enter(path, **person):
        provider.person = {"email_verified": True, **person}
        contexts.append(chromium.new_context())
        page = contexts[-1].new_page()
        page.goto(address + path)
        page.get_by_role("button", name="Sign in").click(timeout=30_000)
        page.wait_for_url(f"{address}/", timeout=30_000)
        page.goto(address + path)
        return page

    yield enter
    for context in contexts:
        context.close()


def test_before_signing_in_nothing_is_shown(guarded, new_page):
    page = new_page(f"{guarded[0]}/health?data=sample")
    assert page.get_by_role("button", name="Sign in").count() == 1
    assert page.locator("[data-testid=stMetric], .main-svg, [data-testid=stFileUploader]").count() == 0
    page.close()


def test_an_operator_sees_health_and_signs_out_again(entered):
    page = entered("/health", email="Ann@example.com")
    page.locator("[data-testid=stFileUploader]").first.wait_for()
    navigate(page, "Sign out")
    page.get_by_role("button", name="Sign in").wait_for(timeout=30_000)


def test_a_viewer_compares_and_sees_no_files(entered):
    page = entered("/compare", email="bo@example.com")
    page.locator(".main-svg").first.wait_for()
    navigate(page, "Health")
    page.get_by_text("open to operators").wait_for()
    assert page.locator("[data-testid=stFileUploader]").count() == 0


@pytest.mark.parametrize("person", [{"email": "bo@evil.test"}, {"email": "ann@example.com", "email_verified": False}])
def test_a_stranger_is_told_so(entered, person):
    page = entered("/health", **person)
    page.get_by_text("may not open this server").wait_for()
    assert page.locator("[data-testid=stFileUploader], .main-svg").count() == 0
