"""The API's own description: a document for machines, a page for people."""

from __future__ import annotations

from flask import Blueprint, Response, current_app
from flask_swagger_ui import get_swaggerui_blueprint

from serving.http import answer
from serving.openapi.document import document
from serving.services import services

DOCUMENT, PAGE = "/2/openapi.json", "/docs"
# Swagger UI starts from a script in its page and styles itself; nothing comes from elsewhere.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; frame-ancestors 'none'"
)

blueprint = Blueprint("openapi", __name__)
page = get_swaggerui_blueprint(PAGE, DOCUMENT, config={"app_name": "Starling API"})


@blueprint.get(DOCUMENT)
def described() -> Response:
    return answer(document(current_app, url=services().settings.api_url))


@page.after_request
def guard(response: Response) -> Response:
    response.headers["content-security-policy"] = POLICY
    return response
