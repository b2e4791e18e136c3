"""The pages on which one joins, signs in and out, and gets a new password by letter."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, g, redirect, request, url_for

from serving.auth import cookies
from serving.auth.endpoints import address, user_agent
from serving.errors import Forbidden, InvalidRequest, Unauthorized
from serving.services import services
from serving.web import forms
from serving.web.pages import blame, blueprint, next_page, page

BOTH = ("GET", "POST")


@blueprint.route("/i/signup", methods=BOTH)
def sign_up() -> Response:
    form = forms.SignUp()
    if form.is_submitted():
        try:
            services().auth.registration.register(
                form.username.data,
                form.email.data,
                form.password.data,
                name=form.name.data,
                address=address(),
            )
        except InvalidRequest as error:
            blame(form, error)
        else:
            return page("letter.html", title="Look into your mail", email=form.email.data)
    return page("sign_up.html", form=form, status=400 if form.errors else 200)


@blueprint.route("/i/confirm", methods=BOTH)
def confirm() -> Response:
    """A link alone confirms nothing: programs that look at letters open links too."""
    form = forms.Token(token=request.args.get("token", ""))
    if form.is_submitted():
        account = services().auth.registration.confirm(form.token.data, request_id=g.request_id)
        return page("confirmed.html", username=account.username)
    return page("confirm.html", form=form)


@blueprint.route("/i/confirm/again", methods=BOTH)
def confirm_again() -> Response:
    return _by_letter(
        "Another letter",
        "We send the link that confirms your address once more.",
        services().auth.registration.send_again,
        "waits to be confirmed",
    )


@blueprint.route("/i/signin", methods=BOTH)
def sign_in() -> Response:
    onward = next_page(url_for("web.settings"))
    form = forms.SignIn()
    form.next.data = onward
    status, unconfirmed = 200, False
    if form.is_submitted():
        try:
            signed = services().auth.sessions.sign_in(
                form.username.data,
                form.password.data,
                address=address(),
                user_agent=user_agent(),
            )
        except (Unauthorized, Forbidden) as error:
            form.form_errors.append(str(error))
            status, unconfirmed = (401, False) if isinstance(error, Unauthorized) else (403, True)
        else:
            cookies.renew()
            return cookies.begin(redirect(onward, 303), signed)
    return page("sign_in.html", form=form, unconfirmed=unconfirmed, status=status)


@blueprint.post("/i/signout")
def sign_out() -> Response:
    services().auth.sessions.sign_out(cookies.token())
    return cookies.end(redirect(next_page(url_for("web.sign_in")), 303))


@blueprint.route("/i/forgot", methods=BOTH)
def forgot() -> Response:
    return _by_letter(
        "Forgot your password?",
        "We send a link to your address that lets you choose a new one.",
        services().auth.passwords.send_link,
        "has an account",
    )


@blueprint.route("/i/reset", methods=BOTH)
def reset() -> Response:
    form = forms.Reset(token=request.args.get("token", ""))
    if form.is_submitted():
        try:
            services().auth.passwords.reset(
                form.token.data, form.new_password.data, request_id=g.request_id
            )
        except InvalidRequest as error:
            if "token" in error.parameters:
                raise
            blame(form, error)
        else:
            return cookies.end(redirect(url_for("web.sign_in"), 303))
    return page("reset.html", form=form, status=400 if form.errors else 200)


def _by_letter(title: str, why: str, send: Callable[..., None], known: str) -> Response:
    """Asks for an address and writes to it, if it is `known`; the page does not say whether."""
    form = forms.Address()
    if form.is_submitted():
        send(form.email.data, address=address())
        return page("letter.html", title="Look into your mail", email=form.email.data, known=known)
    return page("address.html", title=title, why=why, form=form)
