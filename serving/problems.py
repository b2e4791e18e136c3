"""How does an error look to a client? The one place where named errors become HTTP."""

from __future__ import annotations

from functools import singledispatch
from typing import Any, NamedTuple

from werkzeug.exceptions import HTTPException, MethodNotAllowed

from ingest.producer import LogUnavailable
from serving import errors
from serving.documents import not_found

TYPES = "https://api.twitter.com/2/problems/"  # what client libraries compare with
RETRY_AFTER_SECONDS = "1"


class Problem(NamedTuple):
    status: int
    body: dict[str, Any]
    headers: dict[str, str] = {}  # noqa: RUF012 - a NamedTuple's default, never changed


def _plain(status: int, title: str, detail: str, **headers: str) -> Problem:
    body = {"title": title, "type": "about:blank", "status": status, "detail": detail}
    return Problem(status, body, {k.replace("_", "-"): v for k, v in headers.items()})


def _unavailable(detail: str) -> Problem:
    return _plain(503, "Service Unavailable", detail, Retry_After=RETRY_AFTER_SECONDS)


@singledispatch
def problem(error: Exception) -> Problem:
    """The answer for an error; an unknown one is ours, and says no more than that."""
    return _plain(500, "Internal Server Error", "Something went wrong here; it has been noted.")


@problem.register
def _(error: HTTPException) -> Problem:
    headers = {}
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return _plain(error.code or 500, error.name, error.description or error.name, **headers)


@problem.register
def _(error: errors.InvalidRequest) -> Problem:
    detail = "One or more parameters to your request was invalid."
    return Problem(
        400,
        {
            "errors": [{"parameters": error.parameters, "message": error.message}],
            "title": "Invalid Request",
            "detail": detail,
            "type": TYPES + "invalid-request",
            "status": 400,
        },
    )


@problem.register
def _(error: errors.Unauthorized) -> Problem:
    detail = str(error) or "Unauthorized"
    return _plain(401, "Unauthorized", detail, WWW_Authenticate="Bearer")


@problem.register
def _(error: errors.TooManyAttempts) -> Problem:
    return _plain(429, "Too Many Requests", str(error), Retry_After=str(error.seconds))


@problem.register
def _(error: errors.Forbidden) -> Problem:
    return _plain(403, "Forbidden", str(error))


@problem.register
def _(error: errors.UnsupportedAuthentication) -> Problem:
    title = "Unsupported Authentication"
    detail = (
        "Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint. Supported "
        "authentication types are [OAuth 1.0a User Context, OAuth 2.0 User Context]."
    )
    type_ = TYPES + "unsupported-authentication"
    return Problem(403, {"title": title, "detail": detail, "type": type_, "status": 403})


@problem.register
def _(error: errors.TooManyRequests) -> Problem:
    return _plain(429, "Too Many Requests", "Too Many Requests", Retry_After=str(error.wait_s))


@problem.register
def _(error: errors.Conflict) -> Problem:
    return _plain(409, "Conflict", str(error))


@problem.register
def _(error: errors.IdempotencyKeyReused) -> Problem:
    return _plain(
        422, "Unprocessable Content", "The Idempotency-Key was sent before with another request."
    )


@problem.register
def _(error: errors.IdempotencyKeyInUse) -> Problem:
    detail = "The request with this Idempotency-Key is under way; retry."
    return _plain(409, "Conflict", detail, Retry_After=RETRY_AFTER_SECONDS)


@problem.register
def _(error: errors.NotFound) -> Problem:
    entry = not_found(error.resource, error.value, error.parameter)
    body = {key: entry[key] for key in ("title", "detail", "type")}
    return Problem(404, body | {"status": 404, "errors": [entry]})


@problem.register
def _(error: LogUnavailable) -> Problem:
    return _unavailable("The log did not take the write in time. It was not acknowledged; retry.")


@problem.register
def _(error: errors.StoreUnavailable) -> Problem:
    return _unavailable(f"A store that this answer needs is not available: {error.store}.")


@problem.register
def _(error: errors.NotYetApplied) -> Problem:
    return _unavailable(f"The log position {error.position} has not been applied yet; retry.")
