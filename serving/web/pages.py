"""What have all pages in common: the blueprint, who looks, what a browser may do with them?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from flask_wtf.csrf import validate_csrf
from werkzeug.exceptions import HTTPException
from wtforms import ValidationError

from serving.auth.authenticator import OPEN, READS
from serving.errors import ApiError, Forbidden, InvalidRequest
from serving.principal import Principal
from serving.problems import problem

blueprint = Blueprint(
    "web",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/i/static",
)
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)


@blueprint.before_request
def from_our_own_form() -> None:
    """Raises `Forbidden` for a form that is not ours."""
    if request.method in READS:
        return
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        raise Forbidden("This page is too old. Go back, load it again and repeat it.") from None
    g.csrf_valid = True  # so that forms do not check it again


@blueprint.after_request
def guarded(response: Response) -> Response:
    response.headers.setdefault("content-security-policy", POLICY)
    response.headers["x-content-type-options"] = "nosniff"
    response.headers["referrer-policy"] = "same-origin"  # addresses of ours carry tokens
    return response


@blueprint.errorhandler(HTTPException)
@blueprint.errorhandler(ApiError)
def failed(error: Exception) -> Response:
    """The same errors as everywhere, for people."""
    status, body, headers = problem(error)
    said = error.message if isinstance(error, InvalidRequest) else body["detail"]
    response = page("error.html", title=body["title"], said=said, status=status)
    response.headers.update(headers)
    return response


def page(template: str, *, status: int = 200, **values: Any) -> Response:
    return make_response(render_template(template, viewer=g.get("principal"), **values), status)


def may_send_to(response: Response, uri: str) -> Response:
    """Lets the page's form lead on to `uri`: browsers hold redirects to `form-action` too."""
    scheme, _, rest = uri.partition(":")
    host = rest.removeprefix("//").split("/")[0].split("?")[0]
    target = f"{scheme}://{host}" if scheme in ("http", "https") else f"{scheme}:"
    response.headers["content-security-policy"] = f"{POLICY} {target}"
    return response


def viewer() -> Principal | None:
    found: Principal | None = g.principal
    return found


def to_sign_in() -> Response:
    """And back here afterwards."""
    here = request.full_path if request.method == "GET" else request.path
    return redirect(url_for("web.sign_in", next=here.rstrip("?")), 303)


def next_page(default: str) -> str:
    """Where to go on: only to a page of ours."""
    wanted = request.values.get("next", "")
    ours = wanted.startswith(OPEN) and wanted.isprintable() and "\\" not in wanted
    return wanted if ours else default


def blame(form: FlaskForm, error: InvalidRequest) -> None:
    """Puts what is wrong beside the field it is about, or above the form."""
    fields: Iterable[str] = [name for name in error.parameters if name in form]
    for name in fields:
        form[name].errors = [*form[name].errors, error.message]
    if not fields:
        form.form_errors.append(error.message)
