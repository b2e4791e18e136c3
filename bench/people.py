"""Who posts and who reads in the benches of the API? Accounts of a platform that is up."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

import httpx

from serving.principal import ALL_SCOPES
from serving.services import Services


class People:
    """Makes accounts, and lets them do over HTTP what people do."""

    def __init__(self, services: Services, http: httpx.Client) -> None:
        self._services, self._http = services, http
        self._run, self._made = secrets.token_hex(3), 0

    def account(self) -> tuple[int, str]:
        """A new one: id and token."""
        self._made += 1
        account = self._services.accounts.ensure(f"b{self._run}_{self._made}")
        return account.id, self._services.tokens.issue(account.id, ALL_SCOPES)

    def authors(self, number: int, tweets_each: int) -> tuple[list[int], list[int]]:
        """Their ids, and those of the tweets, one author's after the other's."""
        authors, tweets = [], []
        for n in range(number):
            id, token = self.account()
            authors.append(id)
            for tweet in range(tweets_each):
                body = {"text": f"number {tweet} of author {n} #bench"}
                tweets.append(int(self._post("/2/tweets", token, body)["data"]["id"]))
        return authors, tweets

    def reader(self, follows: Iterable[int]) -> tuple[int, str]:
        """A new account that follows them: id and token."""
        id, token = self.account()
        for author in follows:
            self._post(f"/2/users/{id}/following", token, {"target_user_id": str(author)})
        return id, token

    def _post(self, path: str, token: str, body: dict[str, str]) -> dict:
        headers = {"authorization": f"Bearer {token}"}
        return self._http.post(path, json=body, headers=headers).raise_for_status().json()
