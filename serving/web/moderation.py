"""The pages of moderators: what waits, one tweet with all that is known of it, and the decision.

They need no script, and are made to be gone through by keyboard: each decision has an access key.
"""

from __future__ import annotations

from typing import Any

import msgspec
from flask import Response, g, redirect, request, url_for

from serving.auth.scopes import MODERATION
from serving.errors import Forbidden, InvalidRequest
from serving.http import now_ms
from serving.moderation.deciding import NewDecision
from serving.moderation.desk import Lying
from serving.moderation.queue import Place
from serving.principal import Principal
from serving.query import an_id
from serving.render import moderation as render
from serving.services import services
from serving.web import forms
from serving.web.pages import blame, blueprint, page, to_sign_in, viewer

A_PAGE = 20
LIST = "queue-page"


@blueprint.get("/i/moderation")
def moderation() -> Response:
    if viewer() is None:
        return to_sign_in()
    who, tokens, asked = _moderator(), services().page_tokens, request.args.get("after")
    at = Place.of(tokens.cursor(LIST, asked).older_than) if asked else Place()
    lying = services().moderation.desk.waiting(who.id, at, A_PAGE, now_ms())
    after = tokens.next(LIST, lying.next.number) if lying.next else None
    return page("moderation.html", waiting=_shown(lying), after=after, me=str(who.id))


@blueprint.get("/i/moderation/<id>")
def waiting_tweet(id: str) -> Response:
    if viewer() is None:
        return to_sign_in()
    return _case(an_id(id, "id"), forms.Decision(decision="allow"))


@blueprint.post("/i/moderation/<id>/claim")
def claim_tweet(id: str) -> Response:
    services().moderation.desk.claim(an_id(id, "id"), _moderator().id, now_ms())
    return redirect(url_for("web.waiting_tweet", id=id), 303)


@blueprint.post("/i/moderation/<id>/release")
def release_tweet(id: str) -> Response:
    services().moderation.desk.release(an_id(id, "id"), _moderator().id)
    return redirect(url_for("web.moderation"), 303)


@blueprint.post("/i/moderation/<id>/decision")
def decide_tweet(id: str) -> Response:
    who, form = _moderator(), forms.Decision()
    try:
        asked = _decision(form)
        services().moderation.desk.decide(
            *(an_id(id, "id"), who.id, asked, now_ms()),
            lambda event: services().write(event, g.request_id),
        )
    except InvalidRequest as error:
        blame(form, error)
        return _case(an_id(id, "id"), form)
    return redirect(url_for("web.moderation", decided=id), 303)


def _decision(form: forms.Decision) -> NewDecision:
    """What the form says. Raises `InvalidRequest`, as the API does for a body."""
    said = {
        "decision": form.decision.data,
        "reason": form.reason.data or "",
        "label": form.label.data or None,
        "spam": form.spam.data,
    }
    for name in ("decision", "reason"):
        if not said[name]:
            raise InvalidRequest("Say this too.", **{name: ""})
    try:
        return msgspec.convert(said, NewDecision)
    except msgspec.ValidationError as error:
        raise InvalidRequest(f"The decision is not valid: {error}") from None


def _case(tweet_id: int, form: forms.Decision) -> Response:
    who = _moderator()
    lying = services().moderation.desk.one(tweet_id, who.id, now_ms())
    (item,) = _shown(lying)
    mine = item.get("claim", {}).get("moderator_id") == str(who.id)
    status = 400 if form.errors or form.form_errors else 200
    return page("moderation_case.html", item=item, mine=mine, form=form, status=status)


def _shown(lying: Lying) -> list[dict[str, Any]]:
    return [
        render.waiting(
            case,
            lying.found,
            lying.notices.get(lying.found.tweets[case.tweet_id].author_id, 0),
            lying.claims.get(case.tweet_id),
        )
        for case in lying.cases
    ]


def _moderator() -> Principal:
    """Who looks. Raises `Forbidden` for anybody who does not moderate."""
    who = viewer()
    if who is None or MODERATION not in who.scopes:
        raise Forbidden("This page is for moderators.")
    return who
