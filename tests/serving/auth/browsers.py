"""How does a person use the pages' JSON, and open the links in their letters?"""

from __future__ import annotations

import email
import email.policy
import re
from email.message import EmailMessage
from pathlib import Path
from random import randrange
from typing import Any

import httpx

from settings import Settings
from tests.engines.waiting import until
from tests.people import Answer

PASSWORD = "correct horse battery"


class Browser:
    """Cookies, the CSRF token last seen, and a mailbox."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.http = httpx.Client(
            base_url=settings.api_url,
            timeout=20,
            headers={"user-agent": "Tests 1.0"},
            # An address of its own: guesses are counted by address too.
            transport=httpx.HTTPTransport(
                local_address=".".join(["127", *(str(randrange(1, 255)) for _ in range(3))])
            ),
        )
        self.csrf = ""

    def call(self, method: str, path: str, **body: Any) -> Answer:
        headers = {"x-csrf-token": self.csrf} if self.csrf else {}
        answer = self.http.request(method, path, json=body or None, headers=headers)
        if answer.headers["content-type"].startswith("application/json"):
            self.csrf = answer.json().get("csrf_token", self.csrf)
        return answer

    def register(self, username: str, **more: str) -> Answer:
        given = {"username": username, "email": address(username), "password": PASSWORD} | more
        return self.call("POST", "/i/accounts", **given)

    def join(self, name: str) -> None:
        """Registers and opens the link in the letter."""
        assert self.register(name).status_code == 201
        answer = self.call("PUT", "/i/confirmations", token=self.link(name, "confirm"))
        assert answer.status_code == 200, answer.text

    def sign_in(self, name: str, password: str = PASSWORD) -> Answer:
        return self.call("POST", "/i/sessions", username=name, password=password)

    def me(self) -> int:
        """The status of asking the API who one is."""
        return self.http.get("/2/users/me").status_code

    def letters(self, name: str) -> list[EmailMessage]:
        """All that came for that person, oldest first."""
        return [letter for letter in _all(self.settings) if letter["To"] == address(name)]

    def link(self, name: str, page: str, nth: int = 1) -> str:
        """The token of the nth link to `/i/{page}` in that person's letters, once it has come."""
        pattern = re.compile(rf"/i/{page}\?token=(\S+)")

        def found() -> list[str]:
            return [t for m in self.letters(name) for t in pattern.findall(m.get_content())]

        until(lambda: len(found()) >= nth, why=f"no letter with a link to {page}")
        return found()[nth - 1]


def address(name: str) -> str:
    return f"{name}@mail.example.org"


def _all(settings: Settings) -> list[EmailMessage]:
    paths = sorted((Path(settings.state_dir) / "mail").glob("*.eml"))
    return [email.message_from_bytes(p.read_bytes(), policy=email.policy.default) for p in paths]
