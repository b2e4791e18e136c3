"""What does the API answer when it is asked for counts and homes?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import httpx

from replay.acting import Member

LOOKUP = 100  # ids in one request, as the X API has it
PAGE = 100


class ApiAnswers:
    """Asks as one member. Use it in `with`. Raises `httpx.HTTPStatusError` on a refusal."""

    def __init__(self, api_url: str) -> None:
        self._http = httpx.Client(base_url=api_url, timeout=30)

    def __enter__(self) -> ApiAnswers:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def tweet_counts(
        self, member: Member, ids: Iterable[int]
    ) -> Iterator[tuple[int, dict[str, int]]]:
        """The public metrics of each tweet; none for those that are not there."""
        yield from self._metrics(member, "/2/tweets", "tweet.fields", ids)

    def user_counts(
        self, member: Member, ids: Iterable[int]
    ) -> Iterator[tuple[int, dict[str, int]]]:
        yield from self._metrics(member, "/2/users", "user.fields", ids)

    def home(self, member: Member, newest: int) -> list[int]:
        """The ids on the member's home, newest first, page by page until there are so many."""
        path = f"/2/users/{member.id}/timelines/reverse_chronological"
        ids: list[int] = []
        token = None
        while len(ids) < newest:
            page = {"max_results": str(PAGE)} | ({"pagination_token": token} if token else {})
            answer = self._get(member, path, page)
            ids += [int(tweet["id"]) for tweet in answer.get("data", [])]
            if not (token := answer["meta"].get("next_token")):
                break
        return ids[:newest]

    def _metrics(
        self, member: Member, path: str, fields: str, ids: Iterable[int]
    ) -> Iterator[tuple[int, dict[str, int]]]:
        rest = iter(ids)
        while some := list(islice(rest, LOOKUP)):
            asked = {"ids": ",".join(map(str, some)), fields: "public_metrics"}
            found = {int(one["id"]): one for one in self._get(member, path, asked).get("data", [])}
            for id in some:
                yield id, found[id]["public_metrics"] if id in found else {}

    def _get(self, member: Member, path: str, query: dict[str, str]) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {member.token}"}
        answer: dict[str, Any] = (
            self._http.get(path, params=query, headers=headers).raise_for_status().json()
        )
        return answer
