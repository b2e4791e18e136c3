"""What may stand in a query string, how is it read, and how does the document describe it?

A parameter is declared once, as a `Parameter`; `read` turns its text into a value or raises
`InvalidRequest` in the words of the X API. What is not declared is refused, as X does: a client
that misspells `max_results` hears of it instead of getting another page than it asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from serving.errors import InvalidRequest

ID = re.compile(r"[0-9]{1,19}")
LARGEST_ID = 2**63 - 1
SHOWN = 200  # characters of a wrong value that are repeated to the client


@dataclass(frozen=True)
class Parameter:
    """`schema` is its JSON Schema; `explode` is false where values are joined by commas."""

    name: str
    about: str
    schema: Mapping[str, Any]
    read: Callable[[str, str], Any] = field(compare=False)
    required: bool = False

    @property
    def is_list(self) -> bool:
        return self.schema.get("type") == "array"


def invalid(name: str, value: str, why: str) -> InvalidRequest:
    return InvalidRequest(
        f"The `{name}` query parameter value [{value[:SHOWN]}] {why}", **{name: value[:SHOWN]}
    )


def an_id(value: str, name: str) -> int:
    """Raises `InvalidRequest` unless it is the decimal form of an id."""
    if not ID.fullmatch(value) or int(value) > LARGEST_ID:
        raise invalid(name, value, "is not valid")
    return int(value)


def id_(name: str, about: str) -> Parameter:
    return Parameter(name, about, {"type": "string", "pattern": f"^{ID.pattern}$"}, an_id)


def text(name: str, about: str, *, longest: int, required: bool = False) -> Parameter:
    def read(value: str, name: str) -> str:
        if not 1 <= len(value) <= longest:
            raise invalid(name, value, f"does not have between 1 and {longest} characters")
        return value

    schema = {"type": "string", "minLength": 1, "maxLength": longest}
    return Parameter(name, about, schema, read, required)


def integer(name: str, about: str, least: int, most: int) -> Parameter:
    def read(value: str, name: str) -> int:
        if not (value.isascii() and value.isdecimal() and least <= int(value[:9]) <= most):
            raise invalid(name, value, f"is not between {least} and {most}")
        return int(value)

    return Parameter(name, about, {"type": "integer", "minimum": least, "maximum": most}, read)


def boolean(name: str, about: str) -> Parameter:
    def read(value: str, name: str) -> bool:
        if value not in ("true", "false"):
            raise invalid(name, value, "is not one of [true,false]")
        return value == "true"

    return Parameter(name, about, {"type": "boolean"}, read)


def choice(name: str, about: str, allowed: Iterable[str]) -> Parameter:
    names = sorted(allowed)

    def read(value: str, name: str) -> str:
        if value not in names:
            raise invalid(name, value, f"is not one of [{','.join(names)}]")
        return value

    return Parameter(name, about, {"type": "string", "enum": names}, read)


def choices(name: str, about: str, allowed: Iterable[str]) -> Parameter:
    """Names joined by commas; read as a frozenset."""
    names = frozenset(allowed)
    listed = ",".join(sorted(names))

    @cache  # clients ask for the same few combinations again and again
    def known(value: str) -> frozenset[str]:
        found = frozenset(value.split(","))
        if unknown := found - names:
            raise invalid(name, min(unknown), f"is not one of [{listed}]")
        return found

    def read(value: str, name: str) -> frozenset[str]:
        if len(value) > 2_000:
            raise invalid(name, value, f"is not one of [{listed}]")
        return known(value) if value else frozenset()

    items = {"type": "string", "enum": sorted(names)}
    schema = {"type": "array", "items": items, "minItems": 1, "uniqueItems": True}
    return Parameter(name, about, schema, read)


def some(name: str, about: str, pattern: str, read_one: Callable[[str, str], Any]) -> Parameter:
    """A required list of 1 to 100 values joined by commas; read as a list, each value once."""
    most = 100  # as in the X API

    def read(value: str, name: str) -> list[Any]:
        values = list(dict.fromkeys(part for part in value.split(",") if part))
        if not 1 <= len(values) <= most:
            raise InvalidRequest(
                f"The number of values in the `{name}` query parameter list [{len(values)}] "
                f"is not between 1 and {most}",
                **{name: value[:SHOWN]},
            )
        return [read_one(part, name) for part in values]

    schema = {
        "type": "array",
        "items": {"type": "string", "pattern": pattern},
        "minItems": 1,
        "maxItems": most,
    }
    return Parameter(name, about, schema, read, required=True)


def time(name: str, about: str) -> Parameter:
    """An RFC 3339 time; read as milliseconds since 1970."""

    def read(value: str, name: str) -> int:
        try:
            found = datetime.fromisoformat(value)
            if found.tzinfo is not None:
                return int(found.timestamp() * 1000)
        except (ValueError, OverflowError):
            pass  # told below, in the same words as a time without its zone
        raise invalid(name, value, "is not an RFC 3339 time")

    return Parameter(name, about, {"type": "string", "format": "date-time"}, read)


def read_all(declared: Iterable[Parameter], given: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The values by name; `given` are names with their texts, where a list may come in parts.

    Raises `InvalidRequest` for what is wrong, missing or not declared.
    """
    known = {parameter.name: parameter for parameter in declared}
    texts: dict[str, str] = {}
    for name, value in given:
        parameter = known.get(name)
        if parameter is None:
            raise InvalidRequest(
                f"The query parameter [{name[:SHOWN]}] is not one of [{','.join(known)}]",
                **{name[:SHOWN]: value[:SHOWN]},
            )
        joined = parameter.is_list and name in texts
        texts[name] = f"{texts[name]},{value}" if joined else value
    for parameter in known.values():
        if parameter.required and parameter.name not in texts:
            raise InvalidRequest(
                f"The `{parameter.name}` query parameter can not be empty", **{parameter.name: ""}
            )
    return {name: known[name].read(value, name) for name, value in texts.items()}
