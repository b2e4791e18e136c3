"""What do all endpoints share: who asks, with which id, and how an answer leaves?"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec
import structlog
from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from ingest.positions import Position
from ingest.producer import LogUnavailable
from serving import read_after
from serving.errors import ApiError, Forbidden, InvalidRequest
from serving.metrics import REQUESTS, SECONDS
from serving.principal import Principal
from serving.problems import problem
from serving.services import services

REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
ID = re.compile(r"[0-9]{1,19}")
LARGEST_ID = 2**63 - 1
JSON, PROBLEM = "application/json; charset=utf-8", "application/problem+json; charset=utf-8"
NO_ROUTE = "(none)"

logger = structlog.get_logger()
_encode = msgspec.json.Encoder().encode
T = TypeVar("T")


def answer(
    body: dict[str, Any],
    status: int = 200,
    *,
    position: Position | None = None,
    stale: bool = False,
) -> Response:
    """A JSON answer. A write's says where in the log it stands; a stale one says that it is."""
    response = Response(_encode(body), status, content_type=JSON)
    if position is not None:
        response.headers["x-log-position"] = str(position)
    if stale:
        response.headers["x-stale"] = "counts"  # Redis is down: they are of the last batch run
    return response


def body(type_: type[T]) -> T:
    """The request's JSON body. Raises `InvalidRequest` saying what is wrong with it."""
    try:
        return msgspec.json.decode(request.get_data(cache=False), type=type_)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidRequest(f"The request's body is not valid: {error}") from None


def principal() -> Principal:
    found: Principal = g.principal
    return found


def an_id(value: str, parameter: str) -> int:
    """Raises `InvalidRequest` unless it is the decimal form of an id."""
    if not ID.fullmatch(value) or int(value) > LARGEST_ID:
        raise InvalidRequest(
            f"The `{parameter}` query parameter value [{value}] is not valid", **{parameter: value}
        )
    return int(value)


def ids(parameter: str) -> list[int]:
    """The ids of a comma-separated query parameter, each once."""
    return [an_id(value, parameter) for value in values(parameter)]


def values(parameter: str) -> list[str]:
    """The values of a required comma-separated query parameter, each once, at most the limit."""
    limit = services().settings.lookup_max
    found = list(dict.fromkeys(v for v in request.args.get(parameter, "").split(",") if v))
    if not 1 <= len(found) <= limit:
        raise InvalidRequest(
            f"The number of values in the `{parameter}` query parameter list [{len(found)}] "
            f"is not between 1 and {limit}",
            **{parameter: ",".join(found)[:200]},
        )
    return found


def own(user_id: str) -> Principal:
    """The one who asks, whose id the path must name. Raises `Forbidden` for anybody else's."""
    if an_id(user_id, "id") != principal().id:
        raise Forbidden(
            f"The `id` query parameter value [{user_id}] must be the same as the authenticating "
            f"user [{principal().id}]"
        )
    return principal()


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def install(app: Flask, *, open_paths: Iterable[str]) -> None:
    """Everything that happens around a request. `open_paths` need no token."""
    free = frozenset(open_paths)

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()
        given = request.headers.get("x-request-id", "")
        g.request_id = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(16)
        if request.path in free or request.routing_exception is not None:
            return
        g.principal = services().authenticator.principal(request)
        wanted = request.headers.get("x-read-after")
        if wanted and request.method in ("GET", "HEAD"):
            services().marks.wait(read_after.positions(wanted))

    @app.after_request
    def end(response: Response) -> Response:
        seconds = time.perf_counter() - g.began
        route = request.url_rule.rule if request.url_rule else NO_ROUTE
        response.headers["x-request-id"] = g.request_id
        response.headers["cache-control"] = "no-store"
        REQUESTS.labels(route, request.method, response.status_code).inc()
        SECONDS.labels(route, request.method).observe(seconds)
        if route not in free:
            asker = g.get("principal")
            logger.info(
                "request",
                request_id=g.request_id,
                method=request.method,
                route=route,
                status=response.status_code,
                ms=round(seconds * 1000, 2),
                user_id=asker.id if asker else None,
            )
        return response

    @app.errorhandler(Exception)
    def failed(error: Exception) -> Response:
        if not isinstance(error, ApiError | HTTPException | LogUnavailable):
            logger.exception("unexpected_error", request_id=g.get("request_id"))
        elif isinstance(error, LogUnavailable):
            logger.error("log_unavailable", request_id=g.get("request_id"), reason=str(error))
        status, body, headers = problem(error)
        return Response(_encode(body), status, headers, content_type=PROBLEM)
