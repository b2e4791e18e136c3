"""The page that shows where one is signed in and which apps may act, and changes the password."""

from __future__ import annotations

from flask import Response, redirect, url_for

from serving.auth import cookies
from serving.auth.endpoints import user_agent
from serving.errors import InvalidRequest
from serving.services import services
from serving.web import forms
from serving.web.pages import blame, blueprint, page, to_sign_in, viewer

# The first that is found; most call themselves Safari and Chrome too.
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome"}
BROWSERS |= {"Safari": "Safari", "curl": "curl"}
SYSTEMS = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows"}
SYSTEMS |= {"Mac OS": "macOS", "Linux": "Linux"}


@blueprint.app_template_filter("device")
def device(user_agent: str) -> str:
    """What a person may recognise: "Firefox on Linux"; else the program's own words."""
    browser = next((name for sign, name in BROWSERS.items() if sign in user_agent), "")
    system = next((name for sign, name in SYSTEMS.items() if sign in user_agent), "")
    return " on ".join(filter(None, (browser, system))) or user_agent[:60] or "An unnamed browser"


@blueprint.get("/i/settings")
def settings() -> Response:
    return _page(forms.ChangePassword())


@blueprint.post("/i/settings/password")
def change_password() -> Response:
    who, form = viewer(), forms.ChangePassword()
    if who is None:
        return to_sign_in()
    try:
        signed = services().auth.passwords.change(
            who.id, form.current_password.data, form.new_password.data, user_agent=user_agent()
        )
    except InvalidRequest as error:
        blame(form, error)
        return _page(form)
    cookies.renew()
    return cookies.begin(redirect(url_for("web.settings", changed=1), 303), signed)


@blueprint.post("/i/settings/sessions/<id>/end")
def end_session(id: str) -> Response:
    if (who := viewer()) is not None:
        services().auth.sessions.end(who.id, id)
    return redirect(url_for("web.settings"), 303)


@blueprint.post("/i/settings/sessions/end")
def end_everything() -> Response:
    if (who := viewer()) is not None:
        services().auth.passwords.sign_out_everywhere(who.id)
    return cookies.end(redirect(url_for("web.sign_in"), 303))


@blueprint.post("/i/settings/connections/<int:app_id>/end")
def disconnect(app_id: int) -> Response:
    if (who := viewer()) is not None:
        services().auth.grants.disconnect(who.id, app_id)
    return redirect(url_for("web.settings"), 303)


def _page(form: forms.ChangePassword) -> Response:
    who = viewer()
    if who is None:
        return to_sign_in()
    return page(
        "settings.html",
        form=form,
        sessions=services().auth.sessions.of_account(who.id, cookies.token()),
        connected=services().auth.grants.connected(who.id),
        status=400 if form.errors else 200,
    )
