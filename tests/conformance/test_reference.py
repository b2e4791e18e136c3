"""Does each endpoint ask for what the X API v2 asks for: path, scopes, kinds of token, parameters?

Held to the reference document beside the project, and skipped where there is none. What is ours
alone is named here, so that nothing slips in under a path that X does not have.
"""

from __future__ import annotations

import gzip
import json
from functools import cache
from typing import Any

import pytest

from serving.openapi.document import document
from tests.beside import shared
from tests.conformance.test_document import application

REFERENCE = "reference/x_api_v2_openapi.json.gz"
OURS_ALONE = {
    ("get", "/2/polls/{id}/votes"),
    ("post", "/2/polls/{id}/votes"),
    ("get", "/2/tweets/{id}/conversation"),
    ("get", "/2/users/{id}/follow_requests"),
    ("post", "/2/users/{id}/follow_requests/{requester_id}"),
    ("delete", "/2/users/{id}/follow_requests/{requester_id}"),
    ("post", "/2/users/{id}/blocking"),  # as older clients know it
    ("delete", "/2/users/{source_user_id}/blocking/{target_user_id}"),
    ("patch", "/2/users/me"),
    ("get", "/2/trends/by/woeid/{woeid}/history"),
    ("get", "/2/users/{id}/mutuals"),
    ("get", "/2/users/{id}/friends_of_friends"),
    ("get", "/2/users/{id}/suggestions"),
    ("delete", "/2/users/{id}/suggestions/{target_user_id}"),
    ("get", "/2/search/typeahead"),
    ("post", "/2/tweets/{id}/report"),
    ("get", "/2/users/{id}/reports"),
    ("get", "/2/moderation/queue"),
    ("post", "/2/moderation/queue/{tweet_id}/claim"),
    ("delete", "/2/moderation/queue/{tweet_id}/claim"),
    ("post", "/2/moderation/queue/{tweet_id}/decision"),
    ("get", "/2/moderation/audit"),
    ("get", "/2/users/{id}/moderation_notices"),
    ("post", "/2/tweets/{id}/appeal"),
    ("get", "/2/moderation/blocked_tags"),
    ("put", "/2/moderation/blocked_tags/{tag}"),
    ("delete", "/2/moderation/blocked_tags/{tag}"),
}
METHODS = ("get", "post", "put", "patch", "delete")

Operation = dict[str, Any]


def operations(described: dict[str, Any]) -> dict[tuple[str, str], Operation]:
    return {
        (method, path): operation
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    }


@cache
def reference() -> dict[str, Any]:
    return json.loads(gzip.decompress(shared(REFERENCE).read_bytes()))


def query_names(operation: Operation, described: dict[str, Any]) -> set[str]:
    known = described["components"].get("parameters", {})
    found = [
        known[p["$ref"].rpartition("/")[2]] if "$ref" in p else p for p in operation["parameters"]
    ]
    return {parameter["name"] for parameter in found if parameter["in"] == "query"}


def scopes(operation: Operation) -> set[str]:
    return {s for way in operation["security"] for s in way.get("OAuth2UserToken", ())}


def ways(operation: Operation) -> set[str]:
    return {name for way in operation["security"] for name in way}


OURS = document(application(), url="http://127.0.0.1")


@pytest.mark.parametrize(
    ("method", "path"), sorted(operations(OURS).keys() - OURS_ALONE), ids=lambda part: part
)
def test_an_endpoint_asks_for_what_the_reference_asks_for(method: str, path: str) -> None:
    ours, theirs = operations(OURS)[method, path], operations(reference())[method, path]
    assert ours["operationId"] == theirs["operationId"]
    assert ways(ours) >= ways(theirs)  # what X leaves to one kind of token we give to users' others
    assert ("BearerToken" in ways(ours)) == ("BearerToken" in ways(theirs))
    assert scopes(theirs) in (set(), scopes(ours))  # none where X knows an app alone
    assert query_names(ours, OURS) >= query_names(theirs, reference())


def test_what_is_ours_alone_is_not_in_the_reference() -> None:
    assert not OURS_ALONE & operations(reference()).keys()
    assert operations(OURS).keys() >= OURS_ALONE
