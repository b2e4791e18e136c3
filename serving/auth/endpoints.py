"""Accounts, sessions and passwords as JSON. The pages of `serving.web` call the same parts.

What one signs in with is proved by the session's cookie and, for a write, the CSRF token. Without a
session a write must say that it is JSON, which a form on another site cannot.
"""

from __future__ import annotations

import msgspec
from flask import Blueprint, Response, g, request

from serving.auth import cookies
from serving.auth.authenticator import READS, require_csrf
from serving.errors import InvalidRequest, NotFound, Unauthorized
from serving.http import answer, body
from serving.principal import Principal
from serving.render.times import written
from serving.services import services

blueprint = Blueprint("accounts", __name__)


class NewAccount(msgspec.Struct, forbid_unknown_fields=True):
    username: str
    email: str
    password: str
    name: str = ""


class Link(msgspec.Struct, forbid_unknown_fields=True):
    token: str


class Address(msgspec.Struct, forbid_unknown_fields=True):
    email: str


class Names(msgspec.Struct, forbid_unknown_fields=True):
    username: str
    password: str


class NewPassword(msgspec.Struct, forbid_unknown_fields=True):
    current_password: str
    new_password: str


class Reset(msgspec.Struct, forbid_unknown_fields=True):
    token: str
    new_password: str


@blueprint.before_request
def not_from_elsewhere() -> None:
    """Raises `Forbidden` or `InvalidRequest` for a write that another site may have sent."""
    if request.method in READS:
        return
    if g.principal is not None:
        require_csrf(request)
    elif not request.is_json:
        raise InvalidRequest("Send JSON and say so: `content-type: application/json`.")


def signed_in() -> Principal:
    if g.principal is None:
        raise Unauthorized("Sign in first.")
    found: Principal = g.principal
    return found


@blueprint.post("/accounts")
def register() -> Response:
    new = body(NewAccount)
    account = services().auth.registration.register(
        new.username, new.email, new.password, name=new.name, address=address()
    )
    data = {"id": str(account.id), "username": account.username, "name": account.name}
    return answer({"data": data | {"email_confirmed": False}}, 201)


@blueprint.put("/confirmations")
def confirm() -> Response:
    account = services().auth.registration.confirm(body(Link).token, request_id=g.request_id)
    data = {"id": str(account.id), "username": account.username, "email_confirmed": True}
    return answer({"data": data})


@blueprint.post("/confirmations")
def send_confirmation() -> Response:
    services().auth.registration.send_again(body(Address).email, address=address())
    return answer({"data": {"sent": True}}, 202)


@blueprint.post("/sessions")
def sign_in() -> Response:
    given = body(Names)
    signed = services().auth.sessions.sign_in(
        given.username, given.password, address=address(), user_agent=user_agent()
    )
    cookies.renew()
    return cookies.begin(answer(_who(signed.account_id, signed.username), 201), signed)


@blueprint.get("/sessions/current")
def current() -> Response:
    return answer(_who(signed_in().id, signed_in().username))


@blueprint.get("/sessions")
def listed() -> Response:
    found = services().auth.sessions.of_account(signed_in().id, cookies.token())
    data = [
        {
            "id": session.id,
            "user_agent": session.user_agent,
            "created_at": written(round(session.created_at.timestamp() * 1000)),
            "expires_at": written(round(session.expires_at.timestamp() * 1000)),
            "current": session.is_this,
        }
        for session in found
    ]
    return answer({"data": data, "meta": {"result_count": len(data)}})


@blueprint.delete("/sessions/current")
def sign_out() -> Response:
    signed_in()
    services().auth.sessions.sign_out(cookies.token())
    return cookies.end(answer({"data": {"ended": True}}))


@blueprint.delete("/sessions/<id>")
def end(id: str) -> Response:
    if not services().auth.sessions.end(signed_in().id, id):
        raise NotFound("session", id, "id")
    return answer({"data": {"ended": True}})


@blueprint.delete("/sessions")
def end_all() -> Response:
    services().auth.passwords.sign_out_everywhere(signed_in().id)
    return cookies.end(answer({"data": {"ended": True}}))


@blueprint.put("/password")
def change_password() -> Response:
    new = body(NewPassword)
    signed = services().auth.passwords.change(
        signed_in().id, new.current_password, new.new_password, user_agent=user_agent()
    )
    cookies.renew()
    return cookies.begin(answer(_who(signed.account_id, signed.username)), signed)


@blueprint.post("/password_resets")
def send_reset() -> Response:
    services().auth.passwords.send_link(body(Address).email, address=address())
    return answer({"data": {"sent": True}}, 202)


@blueprint.put("/password_resets")
def reset_password() -> Response:
    new = body(Reset)
    services().auth.passwords.reset(new.token, new.new_password, request_id=g.request_id)
    return answer({"data": {"changed": True}})


def address() -> str:
    return request.remote_addr or ""


def user_agent() -> str:
    return request.headers.get("user-agent", "")


def _who(account_id: int, username: str) -> dict[str, object]:
    """Whose session it is, and the CSRF token that its writes have to send."""
    data = {"id": str(account_id), "username": username}
    return {"data": data, "csrf_token": cookies.csrf_token()}
