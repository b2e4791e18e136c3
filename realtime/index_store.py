"""How is OpenSearch written, so that a record applied again, or late, changes nothing?

    index-progress/<generation>    {next}: where in the log to go on

Every document is written under an external version made of its record's offset: an older record is
refused by OpenSearch itself, and so is the same one. The place in the log goes on after the
documents are there, and only where nobody else has moved it. So a batch whose answer was lost may
be sent again.

What holds of a tweet by moderation stands in it too, with what was said (`moderated`), so that more
can be said. Said before the tweet itself is here, it makes a document that nobody finds yet.

What an author is stands in each of their tweets. It changes seldom: then their tweets are changed
where they lie, before the author's own document says so, so that a crash between repeats it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
import structlog
from opensearchpy import OpenSearch
from opensearchpy.exceptions import ConflictError, NotFoundError, OpenSearchException, RequestError

from ingest.ends import Place
from realtime.aside import Next, WentBack
from settings import Settings
from views import search_index as names
from views.moderation_states import IN_REDIS
from views.search_index import PROGRESS, USERS, document, version

log = structlog.get_logger()

FAILURES = (OpenSearchException,)
TIMEOUT_S = 30.0
FLAGS = ("protected", "verified")
CLOSED = "index_closed_exception"
SET_FLAGS = "for (f in params.entrySet()) { ctx._source[f.getKey()] = f.getValue() }"

RAISE = """
    def before = ctx._source.engagement;
    if (before != null && before >= params.power) { ctx.op = 'noop' }
    else { ctx._source.engagement = params.power }
"""


class Said(NamedTuple):
    """What a record says of a tweet or an account; `row` is None where it is gone."""

    id: int
    offset: int
    row: Mapping[str, Any] | None


class Judged(NamedTuple):
    """What the scorer or a person, the `source`, says of a tweet: a row of `moderation_states`."""

    id: int
    source: str
    offset: int
    row: Mapping[str, Any]


class NotWritten(OpenSearchException):
    """OpenSearch did not take some documents; they may be sent again."""


class IndexStore:
    """The writer's side of OpenSearch, of one generation. Every method may raise one of
    `FAILURES`."""

    def __init__(self, settings: Settings, generation: int | None = None) -> None:
        """Without a `generation`, that which is asked."""
        self.client = OpenSearch(settings.opensearch_url, timeout=TIMEOUT_S, max_retries=0)
        self._fixed, self._settings = generation, settings
        self._months: set[tuple[str, int]] = set()
        self.generation = generation or 0

    def close(self) -> None:
        self.client.close()

    def progress(self) -> Next | None:
        """None where this generation knows nothing of the log."""
        self.generation = self._fixed or current_generation(self.client)
        return self._next(self._progress())

    def begin(self, until: Next) -> None:
        """Of a log that ends there now, nothing has been written."""
        self.goes_on(dict.fromkeys(until, 0))

    def goes_on(self, next: Next) -> None:
        """What lies below `next` has been written."""
        self._months.clear()
        self.client.index(
            index=PROGRESS,
            id=str(self.generation),
            body={"next": _text(next)},
            params={"refresh": "true"},
        )

    def write(
        self,
        tweets: Sequence[Said],
        people: Sequence[Said],
        ends: Mapping[Place, int],
        left_at: Next,
        judged: Sequence[Judged] = (),
        *,
        searchable: bool = True,
    ) -> Next:
        """Writes what was said, in its order, up to the offsets `ends`; returns where to go on.

        Returns once it is found, if `searchable`. Raises `WentBack`.
        """
        if self._fixed is None and current_generation(self.client) != self.generation:
            raise WentBack("another generation is asked from now on")
        found = self._progress()
        before = self._next(found)
        if before is None or any(before[place] < then for place, then in left_at.items()):
            raise WentBack(f"the index stands at {before}, it was left at {left_at}")
        self.apply(tweets, people, judged, searchable=searchable)
        next = {place: max(at, ends.get(place, 0)) for place, at in before.items()}
        self._advance(found, next)
        return next

    def apply(
        self,
        said_of_tweets: Iterable[Said],
        said_of_people: Iterable[Said],
        judged: Iterable[Judged] = (),
        *,
        searchable: bool,
    ) -> None:
        """Writes what was said, of each thing the last, and moves no place in the log."""
        tweets, people = _last(said_of_tweets), _last(said_of_people)
        authors = {s.row["author_id"] for s in tweets.values() if s.row is not None}
        known, versions = self._people({*authors, *people})
        # What is told again says nothing of what somebody is now.
        people = {id: s for id, s in people.items() if version(s.offset) > versions.get(id, 0)}
        became = known | {id: s.row for id, s in people.items() if s.row is not None}
        held, changed = self._moderated(tweets, judged)
        touched = self._bulk(
            (self._of(said.id), said, body)
            for said in tweets.values()
            for body in [_of_tweet(said, became, held.get(said.id))]
        )
        touched |= self._hold({id: held[id] for id in changed - tweets.keys()})
        for id in people:
            flags = _flags(became.get(id))
            if flags != _flags(known.get(id)):
                self._change_tweets(id, flags)
        index = names.users_index(self.generation)
        touched |= self._bulk((index, said, said.row) for said in people.values())
        if searchable and touched:
            self.client.indices.refresh(index=",".join(touched))

    def raise_engagement(self, powers: Mapping[int, int]) -> None:
        """Writes these powers of two where they are more than what is there; of tweets that are
        not, nothing."""
        lines: list[Mapping[str, Any]] = []
        for id, power in powers.items():
            index = names.tweets_index(names.month_of(id), self.generation)
            script = {"source": RAISE, "lang": "painless", "params": {"power": power}}
            lines += [{"update": {"_index": index, "_id": str(id)}}, {"script": script}]
        self.client.bulk(body=lines, params={"_source": "false"})

    def _moderated(
        self, tweets: Mapping[int, Said], judged: Iterable[Judged]
    ) -> tuple[dict[int, dict[str, Any]], set[int]]:
        """By tweet and source the rows that hold, with their `pos`; and of which tweets one is new.

        Of those that come now something may have been said before.
        """
        judged = list(judged)
        ids = list(dict.fromkeys([*tweets, *(each.id for each in judged)]))
        if not ids:
            return {}, set()
        places = [{"_index": self._of(id), "_id": str(id)} for id in ids]
        params = {"_source_includes": "moderated"}
        found = self.client.mget(body={"docs": places}, params=params)["docs"]
        held: dict[int, dict[str, Any]] = {
            int(each["_id"]): dict(each["_source"]["moderated"])
            for each in found
            if each.get("found") and "moderated" in each["_source"]
        }
        changed = set()
        for each in judged:
            rows = held.get(each.id, {})
            last = rows[each.source]["pos"] if each.source in rows else -1
            if each.offset > last and (rows or not names.says_nothing(each.row, each.source)):
                row = {name: each.row[name] for name in IN_REDIS} | {"pos": each.offset}
                held[each.id] = rows | {each.source: row}
                changed.add(each.id)
        return held, changed

    def _hold(self, held: Mapping[int, Mapping[str, Any]]) -> set[str]:
        """Says so in documents that are there, or will be; returns in which indices."""
        lines: list[Mapping[str, Any]] = []
        for id, rows in held.items():
            body = {"doc": names.moderated(rows), "doc_as_upsert": True}
            lines += [{"update": {"_index": self._of(id), "_id": str(id)}}, body]
        self._send(lines)
        return {self._of(id) for id in held}

    def _bulk(self, changes: Iterable[tuple[str, Said, Mapping[str, Any] | None]]) -> set[str]:
        """Writes these to their indices; returns which."""
        lines: list[Mapping[str, Any]] = []
        touched: set[str] = set()
        for index, said, body in changes:
            action = {
                "_index": index,
                "_id": str(said.id),
                "version": version(said.offset),
                "version_type": "external",
            }
            lines += [{"delete": action}] if body is None else [{"index": action}, body]
            touched.add(index)
        self._send(lines)
        return touched

    def _send(self, lines: list[Mapping[str, Any]]) -> None:
        if lines:
            answer = self.client.bulk(body=lines)
            if answer["errors"] and (resting := _resting(answer["items"])):
                wake(self.client, resting)
                answer = self.client.bulk(body=lines)
            if answer["errors"]:
                _require_taken(answer["items"])

    def _people(self, ids: set[int]) -> tuple[dict[int, Mapping[str, Any]], dict[int, int]]:
        """What is known of these, and in which version."""
        if not ids:
            return {}, {}
        body = {"ids": [str(id) for id in ids]}
        params = {"_source_includes": ",".join(FLAGS)}
        index = names.users_index(self.generation)
        found = self.client.mget(index=index, body=body, params=params)["docs"]
        there = [each for each in found if each.get("found")]
        known = {int(each["_id"]): each["_source"] for each in there}
        return known, {int(each["_id"]): each["_version"] for each in there}

    def _change_tweets(self, author_id: int, flags: Mapping[str, bool]) -> None:
        index = names.tweets_index("*", self.generation)
        self.client.indices.refresh(index=index)
        wake(self.client, _blocked(self.client, index))
        self.client.update_by_query(
            index=index,
            body={
                "query": {"term": {"author_id": author_id}},
                "script": {"source": SET_FLAGS, "lang": "painless", "params": dict(flags)},
            },
            # A month that is closed just now is an error: passed over, it would stay as it was.
            params={
                "conflicts": "proceed",
                "refresh": "true",
                "expand_wildcards": "open,closed",
            },
        )

    def _of(self, id: int) -> str:
        """The index of a tweet, which is there from now on."""
        return names.tweets_index(self._month(id), self.generation)

    def _month(self, id: int) -> str:
        """The month of the id, whose index is there from now on."""
        month = names.month_of(id)
        if (month, self.generation) not in self._months:
            make_month(self.client, month, self.generation, asked=self._fixed is None)
            self._months.add((month, self.generation))
        return month

    def _next(self, found: Mapping[str, Any] | None) -> dict[Place, int] | None:
        """Where to go on; of a topic that this index did not follow before, at its beginning."""
        if found is None:
            return None
        places = range(self._settings.partitions)
        first = {(topic, n): 0 for topic in names.TOPICS for n in places}
        return first | _read(found["_source"]["next"])

    def _progress(self) -> Mapping[str, Any] | None:
        try:
            return self.client.get(index=PROGRESS, id=str(self.generation))
        except NotFoundError as error:
            if error.error == "index_not_found_exception":
                raise
            return None

    def _advance(self, found: Mapping[str, Any] | None, next: Next) -> None:
        assert found is not None
        place = {"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"]}
        body = {"next": _text(next)}
        try:
            self.client.index(index=PROGRESS, id=str(self.generation), body=body, params=place)
        except ConflictError:
            raise WentBack("somebody else writes this index") from None


def make_month(client: OpenSearch, month: str, generation: int, *, asked: bool) -> None:
    """Makes the index of a month where it is missing; one that is `asked` is among all tweets."""
    body = names.tweets_body() | ({"aliases": {names.TWEETS: {}}} if asked else {})
    try:
        client.indices.create(index=names.tweets_index(month, generation), body=body)
    except RequestError as error:
        if error.error != "resource_already_exists_exception":
            raise


def current_generation(client: OpenSearch) -> int:
    """That which is asked. Raises `NotFoundError` where there is none."""
    (index,) = client.indices.get_alias(name=USERS)
    return names.generation_of(index)


def wake(client: OpenSearch, indices: Iterable[str]) -> None:
    """Lets these be written again; the next archiving puts them to rest."""
    for index in indices:
        client.indices.put_settings(index=index, body={"index.blocks.write": False})


def _resting(items: Iterable[Mapping[str, Mapping[str, Any]]]) -> set[str]:
    """The archived indices that did not take something: what is deleted is deleted there too."""
    answers = (answer for item in items for answer in item.values())
    return {answer["_index"] for answer in answers if answer["status"] == 403}


def _blocked(client: OpenSearch, index: str) -> list[str]:
    found = client.indices.get_settings(
        index=index, name="index.blocks.write", params={"flat_settings": "true"}
    )
    return [
        each for each, has in found.items() if has["settings"].get("index.blocks.write") == "true"
    ]


def _last(said: Iterable[Said]) -> dict[int, Said]:
    """Of each thing what was said last."""
    return {each.id: each for each in said}


def _of_tweet(
    said: Said,
    people: Mapping[int, Mapping[str, Any]],
    held: Mapping[str, Mapping[str, Any]] | None,
) -> dict[str, Any] | None:
    if said.row is None:
        return None
    found = document(said.row, people.get(said.row["author_id"]))
    return found | names.moderated(held) if held else found


def _flags(person: Mapping[str, Any] | None) -> dict[str, bool]:
    return {flag: bool(person and person[flag]) for flag in FLAGS}


def _require_taken(items: Iterable[Mapping[str, Mapping[str, Any]]]) -> None:
    """Passes over what is newer already, and over what can never be taken, which is told. A month
    that is closed while it is put to rest takes it later."""
    for item in items:
        for answer in item.values():
            status = answer["status"]
            if status in (200, 201, 409) or (status == 404 and "error" not in answer):
                continue
            if status == 400 and answer.get("error", {}).get("type") != CLOSED:
                log.error("document_refused", id=answer["_id"], error=answer.get("error"))
                continue
            raise NotWritten(f"{answer['_id']}: {status} {answer.get('error')}")


def _text(places: Next) -> str:
    return msgspec.json.encode({f"{t}/{n}": at for (t, n), at in places.items()}).decode()


def _read(text: str) -> dict[Place, int]:
    return {
        (topic, int(n)): at
        for name, at in msgspec.json.decode(text, type=dict[str, int]).items()
        for topic, _, n in [name.partition("/")]
    }
