"""How does an event become bytes, and bytes an event again?

>>> from ingest.events import Liked
>>> encode(Liked(at_ms=1, user_id=2, tweet_id=3))
b'{"kind":"Liked","at_ms":1,"v":1,"user_id":2,"tweet_id":3}'
>>> decode(encode(Liked(at_ms=1, user_id=2, tweet_id=3)), topic="likes").tweet_id
3
"""

from __future__ import annotations

from typing import Any, Union

import msgspec

from ingest.events import EVENTS, Event

VERSION = 1


class Undecodable(ValueError):
    """These bytes are no event of this topic. `reason` says why, for the dead-letter topic."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


_encoder = msgspec.json.Encoder()
_decoders: dict[str, msgspec.json.Decoder[Any]] = {
    topic: msgspec.json.Decoder(Union[tuple(e for e in EVENTS if e.topic == topic)])  # noqa: UP007
    for topic in {e.topic for e in EVENTS}
}


def encode(event: Event) -> bytes:
    """The record's value: JSON, tagged with `kind`."""
    return _encoder.encode(event)


def decode(value: bytes | None, *, topic: str) -> Event:
    """The event in a record's value. Raises `Undecodable` with the reason."""
    if value is None:
        raise Undecodable("empty value")
    try:
        event: Event = _decoders[topic].decode(value)
    except KeyError:
        raise Undecodable(f"no events belong to topic {topic!r}") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:  # a ValidationError is one too
        raise Undecodable(str(error)) from None
    if event.v > VERSION:
        raise Undecodable(f"version {event.v} of {type(event).__name__} is newer than {VERSION}")
    return event


def is_event(value: bytes | None, *, topic: str) -> bool:
    """Whether the record is one."""
    try:
        decode(value, topic=topic)
    except Undecodable:
        return False
    return True


def schemas() -> dict[str, dict[str, Any]]:
    """The JSON Schema of each event, by its name."""
    return {event.__name__: msgspec.json.schema(event) for event in EVENTS}
