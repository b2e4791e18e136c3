"""What do all endpoints share: who asks, with which id, and how an answer leaves?"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Collection, Iterable, Sequence
from typing import Any, TypeVar

import msgspec
import structlog
from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from ingest.positions import Position
from ingest.producer import LogUnavailable
from serving import dialect
from serving.errors import ApiError, InvalidRequest, TooManyRequests, Unauthorized
from serving.limits import API
from serving.metrics import REQUESTS, SECONDS
from serving.principal import Principal
from serving.problems import problem
from serving.services import services

REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
JSON, PROBLEM = "application/json; charset=utf-8", "application/problem+json; charset=utf-8"
NO_ROUTE = "(none)"

logger = structlog.get_logger()
_encode = msgspec.json.Encoder().encode
T = TypeVar("T")


def answer(
    body: dict[str, Any],
    status: int = 200,
    *,
    position: Position | Sequence[Position] | None = None,
    stale: Collection[str] = (),
) -> Response:
    """A JSON answer in the client's dialect.

    A write's says where in the log its events stand; a stale one says what of it is.
    """
    shown = dialect.posts(body) if g.get("says_posts") else body
    response = Response(_encode(shown), status, content_type=JSON)
    if position:
        all_of_them = [position] if isinstance(position, Position) else position
        response.headers["x-log-position"] = ",".join(map(str, all_of_them))
    if stale:
        response.headers["x-stale"] = ", ".join(sorted(stale))
    return response


def body(type_: type[T]) -> T:
    """The request's JSON body. Raises `InvalidRequest` saying what is wrong with it."""
    try:
        return msgspec.json.decode(request.get_data(), type=type_)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidRequest(f"The request's body is not valid: {error}") from None


def principal() -> Principal:
    found: Principal = g.principal
    return found


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def install(app: Flask, *, open_paths: Iterable[str], open_below: tuple[str, ...]) -> None:
    """Everything that happens around a request.

    `open_paths` need no token, nor does what lies below the folders `open_below`.
    """
    free = frozenset(open_paths)
    below = tuple(f"{folder}/" for folder in open_below)

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()
        given = request.headers.get("x-request-id", "")
        g.request_id = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(16)
        if request.path in free or f"{request.path}/".startswith(below):
            return
        try:
            if request.routing_exception is not None:
                count_by_address()
                return
            g.principal = services().authenticator.principal(request)
        except Unauthorized:
            count_by_address()
            raise

    def count_by_address() -> None:
        """Whoever shows no token has a budget too: tokens cannot be tried without end."""
        address = f"address:{request.remote_addr}"
        g.standing = services().limits.take(address, API, "(nobody)")

    @app.after_request
    def end(response: Response) -> Response:
        seconds = time.perf_counter() - g.began
        route = request.url_rule.rule if request.url_rule else NO_ROUTE
        response.headers["x-request-id"] = g.request_id
        if standing := g.get("standing"):
            response.headers.update(standing.headers)
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
        if isinstance(error, TooManyRequests):
            g.standing = error.standing
        status, body, headers = problem(error)
        return Response(_encode(body), status, headers, content_type=PROBLEM)
