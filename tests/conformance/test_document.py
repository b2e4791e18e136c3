"""Does the API keep what its own document promises, whatever a client sends?

schemathesis makes requests from the document, valid and not: no answer may be an error of ours, and
every answer must be documented in status, headers, content type and shape.
"""

from __future__ import annotations

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from schemathesis import APIOperation, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from serving.app import register
from serving.openapi.document import document
from settings import Settings
from tests.people import Person

pytestmark = [pytest.mark.engines, pytest.mark.usefixtures("graph_server", "index_server")]

EXAMPLES = 5  # of each operation, valid ones and as many that are not
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


def application() -> Flask:
    """All endpoints and nothing behind them: enough to describe them."""
    app = Flask("starling")
    register(app)
    return app


def operations() -> list[APIOperation]:
    """Each operation of the document."""
    schema = schemathesis.openapi.from_dict(document(application(), url="http://127.0.0.1"))
    return [found.ok() for found in schema.get_all_operations()]


@pytest.fixture(scope="session")
def dora(new_person) -> Person:
    """Made once: as few requests as can be are not about what is tested."""
    person = new_person("dora")
    person.tweet("a tweet to be found by its id")
    return person


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
@pytest.mark.parametrize("operation", operations(), ids=lambda o: o.definition.raw["operationId"])
def test_every_answer_is_as_documented(
    operation: APIOperation,
    mode: GenerationMode,
    dora: Person,
    api_server: Settings,
    graph_server: Settings,
) -> None:
    @examples(
        max_examples=EXAMPLES,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def each(case: schemathesis.Case) -> None:
        case.headers.pop("x-read-after", None)  # of an unknown position: a read would wait for it
        for name in ("id", "source_user_id"):
            if name in case.path_parameters and len(case.path_parameters[name]) % 3:
                case.path_parameters[name] = dora.id  # else nearly all would be somebody else's
        answer = case.call(
            base_url=api_server.api_url, headers={"authorization": f"Bearer {dora.token}"}
        )
        case.validate_response(answer, checks=CHECKS)

    each()
