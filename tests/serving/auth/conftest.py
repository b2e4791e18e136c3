"""Who signs up in these tests, and who reads their letters?"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator

import httpx
import pytest

from settings import Settings
from tests.serving.auth.browsers import Browser


@pytest.fixture
def new_browser(api_server: Settings) -> Iterator[Callable[[], Browser]]:
    """A function that opens browsers; each has its own cookies and address of the loopback net."""
    opened: list[httpx.Client] = []

    def new() -> Browser:
        browser = Browser(api_server)
        opened.append(browser.http)
        return browser

    yield new
    for client in opened:
        client.close()


@pytest.fixture
def browser(new_browser: Callable[[], Browser]) -> Browser:
    return new_browser()


@pytest.fixture
def name() -> str:
    """A username that nobody has."""
    return f"alice_{secrets.token_hex(4)}"


@pytest.fixture
def dave(new_browser: Callable[[], Browser], name: str) -> Browser:
    """Somebody with a confirmed address, signed in."""
    browser = new_browser()
    browser.join(name)
    browser.sign_in(name)
    return browser
