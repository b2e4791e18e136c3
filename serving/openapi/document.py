"""Which document describes the whole API? OpenAPI 3.1, from each endpoint's declaration."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec
from flask import Flask

from serving.openapi.shapes import Problem
from serving.operations import USERNAME, Operation
from serving.principal import ALL_SCOPES
from serving.query import ID, Parameter

TEMPLATE = "#/components/schemas/{name}"
PATTERNS = {"username": USERNAME.pattern, "tag": r"\w{1,64}"}
"""Of what stands in a path; all else there is an id."""
PROBLEMS = {
    400: "Something in the request is not valid; `errors` says what.",
    401: "No token, or one that has ended.",
    403: "The one who asks may not do this.",
    404: "The thing this is about is not there.",
    409: "The same request is under way, or somebody else was first.",
    413: "The request is too large.",
    422: "The Idempotency-Key was sent before with another request.",
    429: "The budget is used up; `x-rate-limit-reset` says when it is whole again.",
    503: "Something this needs is not available; `Retry-After` says when to try again.",
}
LIMIT_HEADERS = {
    "x-rate-limit-limit": "Calls of a window.",
    "x-rate-limit-remaining": "Calls left in this window.",
    "x-rate-limit-reset": "When the window ends, in seconds since 1970.",
}
READ_AFTER = {
    "name": "x-read-after",
    "in": "header",
    "description": "Log positions this answer must have seen: the x-log-position of writes.",
    "schema": {"type": "string", "pattern": "^[a-z_]+/[0-9]{1,4}/[0-9]{1,18}$"},
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Makes this request safe to send again: the same key, the same answer.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}


def document(app: Flask, *, url: str) -> dict[str, Any]:
    """The OpenAPI document of the application at `url`."""
    found = sorted(_operations(app), key=lambda each: (each[0], each[1]))
    schemas = _Schemas([operation for _, _, operation in found])
    paths: dict[str, dict[str, Any]] = {}
    for path, method, operation in found:
        paths.setdefault(path, {})[method] = _described(path, method, operation, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Starling",
            "version": "2",
            "description": "The social timeline platform's API, in the shape of the X API v2.",
        },
        "servers": [{"url": url}],
        "paths": paths,
        "components": {"schemas": schemas.components, "securitySchemes": _security_schemes()},
    }


class _Schemas:
    """All schemas are made together, so that each has one name."""

    def __init__(self, operations: list[Operation]) -> None:
        types = [Problem]
        types += [each for o in operations for each in (o.body, o.answer) if each is not None]
        made, self.components = msgspec.json.schema_components(types, ref_template=TEMPLATE)
        self._made = list(zip(types, made, strict=True))

    def of(self, type_: Any) -> dict[str, Any]:
        return next(schema for known, schema in self._made if known == type_)


def _operations(app: Flask) -> Iterator[tuple[str, str, Operation]]:
    """Path as the document writes it, method, declaration."""
    for rule in app.url_map.iter_rules():
        operation = getattr(app.view_functions[rule.endpoint], "operation", None)
        if operation is not None:
            path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                yield path, method.lower(), operation


def _described(path: str, method: str, operation: Operation, schemas: _Schemas) -> dict[str, Any]:
    answer = {"description": "Done.", "headers": _limit_headers()}
    if operation.answer is not None:
        answer["content"] = {"application/json": {"schema": schemas.of(operation.answer)}}
    responses = {str(operation.status): answer}
    for status, why in PROBLEMS.items():
        responses[str(status)] = {
            "description": why,
            "headers": _limit_headers(),
            "content": {"application/problem+json": {"schema": schemas.of(Problem)}},
        }
    parameters = [_in_path(name) for name in re.findall(r"{(\w+)}", path)]
    parameters += [_in_query(parameter) for parameter in operation.query]
    parameters += [READ_AFTER] if method == "get" else []
    parameters += [IDEMPOTENCY_KEY] if method == "post" else []
    found = {
        "operationId": operation.name,
        "summary": operation.doc,
        "tags": [path.split("/")[2].capitalize()],
        "security": _security(operation),
        "parameters": parameters,
        "responses": responses,
    }
    if operation.body is not None:
        content = {"application/json": {"schema": schemas.of(operation.body)}}
        found["requestBody"] = {"required": True, "content": content}
    return found


def _in_path(name: str) -> dict[str, Any]:
    pattern = PATTERNS.get(name, ID.pattern)
    schema = {"type": "string", "pattern": f"^{pattern}$"}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _in_query(parameter: Parameter) -> dict[str, Any]:
    found = {
        "name": parameter.name,
        "in": "query",
        "description": parameter.about,
        "required": parameter.required,
        "schema": dict(parameter.schema),
    }
    return found | {"style": "form", "explode": False} if parameter.is_list else found


def _limit_headers() -> dict[str, Any]:
    return {
        name: {"description": about, "schema": {"type": "integer"}}
        for name, about in LIMIT_HEADERS.items()
    }


def _security(operation: Operation) -> list[dict[str, list[str]]]:
    user = [{"OAuth2UserToken": sorted(operation.security.scopes)}, {"UserToken": []}]
    return [{"BearerToken": []}, *user] if operation.security.app_only else user


def _security_schemes() -> dict[str, Any]:
    flow = {
        "authorizationUrl": "/2/oauth2/authorize",
        "tokenUrl": "/2/oauth2/token",
        "scopes": {scope: scope.replace(".", ": ") for scope in ALL_SCOPES},
    }
    return {
        "BearerToken": {"type": "http", "scheme": "bearer"},
        "OAuth2UserToken": {"type": "oauth2", "flows": {"authorizationCode": flow}},
        "UserToken": {"type": "http", "scheme": "OAuth"},
    }
