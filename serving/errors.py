"""What can go wrong, by name? Raised where it is known; `serving.problems` turns it into HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from serving.limits import Standing


class ApiError(Exception):
    """Something a client is told about."""


class InvalidRequest(ApiError):
    """The request does not say what it should; `parameters` names what was wrong."""

    def __init__(self, message: str, **parameters: str) -> None:
        super().__init__(message)
        self.message = message
        self.parameters = {name: [value] for name, value in parameters.items()}


class Unauthorized(ApiError):
    """No proof of who asks, an unknown one, or one that has ended. The message may say more."""


class TooManyAttempts(ApiError):
    """Somebody has guessed too often, for this name or from this address."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many attempts; try again in {seconds} seconds.")
        self.seconds = seconds


class Forbidden(ApiError):
    """The one who asks may not do this. The message says why, in the client's words."""


class UnsupportedAuthentication(ApiError):
    """An app asks with nobody behind it for what only a user may do."""


class TooManyRequests(ApiError):
    """A budget is used up. `standing` goes into the headers; retry after `wait_s`."""

    def __init__(self, standing: Standing, wait_s: int) -> None:
        super().__init__(f"{standing.limit} calls are used up for {wait_s} s")
        self.standing, self.wait_s = standing, wait_s


class Conflict(ApiError):
    """Somebody else was first, or something else has happened meanwhile; the message says what."""


class IdempotencyKeyReused(ApiError):
    """The key came before, with another request."""


class IdempotencyKeyInUse(ApiError):
    """The request with this key is under way; it is done, or has died, after `wait_s`."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(f"under way for at most {wait_s} s")
        self.wait_s = wait_s


class NotFound(ApiError):
    """The thing a write is about is not there. `resource` is `tweet` or `user`."""

    def __init__(self, resource: str, value: str, parameter: str) -> None:
        super().__init__(f"no {resource} {value}")
        self.resource, self.value, self.parameter = resource, value, parameter


class StoreUnavailable(ApiError):
    """A store did not answer in time. The log never raises this; see `ingest.producer`."""

    def __init__(self, store: str, reason: str) -> None:
        super().__init__(f"{store}: {reason}")
        self.store, self.reason = store, reason


class NotYetApplied(ApiError):
    """The views have not come as far as the log position that the reader wants to see."""

    def __init__(self, position: str, waited_s: float) -> None:
        super().__init__(f"{position} was not applied within {waited_s:g} s")
        self.position, self.waited_s = position, waited_s
