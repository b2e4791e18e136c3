"""Has every named error an answer of its own?"""

from __future__ import annotations

import pytest

from ingest.producer import LogUnavailable
from serving import errors
from serving.limits import Standing
from serving.problems import problem

EXAMPLES = [
    (errors.InvalidRequest("no", id="x"), 400),
    (errors.Unauthorized(), 401),
    (errors.Forbidden("you may not"), 403),
    (errors.UnsupportedAuthentication(), 403),
    (errors.NotFound("tweet", "1", "id"), 404),
    (errors.Conflict("somebody else was first"), 409),
    (errors.IdempotencyKeyInUse(30), 409),
    (errors.IdempotencyKeyReused(), 422),
    (errors.TooManyAttempts(60), 429),
    (errors.TooManyRequests(Standing(1, 0, 1), 900), 429),
    (errors.StoreUnavailable("redis", "gone"), 503),
    (errors.NotYetApplied("tweets/0/1", 2.0), 503),
    (LogUnavailable("gone"), 503),
    (ZeroDivisionError("secret"), 500),
]


@pytest.mark.parametrize(("error", "status"), EXAMPLES, ids=lambda e: type(e).__name__)
def test_an_error_has_its_status_and_a_problem_as_its_body(error: Exception, status: int) -> None:
    answer = problem(error)
    assert answer.status == answer.body["status"] == status
    assert {"title", "type", "detail"} <= answer.body.keys()
    helped_by_waiting = status in (429, 503) or isinstance(error, errors.IdempotencyKeyInUse)
    assert ("Retry-After" in answer.headers) == helped_by_waiting


def test_no_named_error_is_forgotten() -> None:
    named = {e for e in vars(errors).values() if isinstance(e, type)} - {errors.ApiError}
    assert {type(error) for error, _ in EXAMPLES} >= named


def test_an_unexpected_error_says_nothing_about_itself() -> None:
    assert "secret" not in str(problem(ZeroDivisionError("secret")))
