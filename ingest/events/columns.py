"""As a table, which columns has a topic?

Every engine declares its `<topic>_log` table from this, so a new field of an event is written once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from ingest.events import EVENTS, Event

Column = type[int] | type[str] | type[bool]


def _plain(hint: Any) -> Column:
    """`int | None` and annotated types are columns of the plain type."""
    if get_origin(hint) is Annotated:
        return _plain(get_args(hint)[0])
    plain = [a for a in get_args(hint) if a is not type(None)]
    if plain:
        if len(plain) > 1:
            raise TypeError(f"a field of several types is no column: {Union[tuple(plain)]}")  # noqa: UP007
        return _plain(plain[0])
    if hint not in (int, str, bool):
        raise TypeError(f"a field of type {hint!r} is no column")
    return hint


def log_columns(topic: str) -> dict[str, Column]:
    """The fields of all events of the topic with their types, after `kind`; all may be null.

    >>> log_columns("likes")
    {'kind': <class 'str'>, 'at_ms': <class 'int'>, 'v': <class 'int'>, 'user_id': <class 'int'>, \
'tweet_id': <class 'int'>}
    """
    columns: dict[str, Column] = {"kind": str}
    for event in EVENTS:
        if event.topic != topic:
            continue
        hints = get_type_hints(event, include_extras=True)
        for field in event.__struct_fields__:
            column = _plain(hints[field])
            if columns.setdefault(field, column) is not column:
                raise TypeError(
                    f"{topic}.{field} is {columns[field]} in one event, {column} in another"
                )
    return columns


_events: dict[str, type[Event]] = {event.__name__: event for event in EVENTS}


def event_of(row: Mapping[str, Any]) -> Event:
    """The event in a row of those columns."""
    kind = _events[row["kind"]]
    return kind(**{name: row[name] for name in kind.__struct_fields__})
