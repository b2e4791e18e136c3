"""Whom might one want to follow, and whom not? Starling's own."""

from __future__ import annotations

from flask import Blueprint, Response, g

from ingest.events import SuggestionDismissed
from serving.api.acquaintance import MAY_READ, graph_page
from serving.api.follows import MAY_FOLLOW
from serving.api.pages import A_PAGE
from serving.api.parameters import USER_SELECTION, cursor, page_size, pages, selected
from serving.api.targets import target_user
from serving.errors import Forbidden
from serving.http import answer, now_ms
from serving.openapi.shapes import Done, Page, Shape, SuggestedUser
from serving.operations import operation
from serving.services import services
from views.follow_graph import JOB

blueprint = Blueprint("suggestions", __name__)


class DismissDone(Shape):
    dismissed: bool


@blueprint.get("/users/<id>/suggestions")
@operation(
    "getUsersSuggestions",
    MAY_READ,
    query=(*USER_SELECTION, *pages(1, A_PAGE, default=A_PAGE)),
    answer=Page[SuggestedUser],
    own="id",
    after=(JOB,),
)
def suggestions(id: int) -> Response:
    """Whom one might want to follow and why, the likeliest first; then friends of friends."""
    name = f"suggestions/{id}"
    found = services().suggestions.of(id, cursor(name), page_size(A_PAGE), selected())
    return graph_page(name, found.page, found.beside)


@blueprint.delete("/users/<id>/suggestions/<target_user_id>")
@operation("dismissUsersSuggestion", MAY_FOLLOW, own="id", answer=Done[DismissDone])
def dismiss(id: int, target_user_id: int) -> Response:
    """Has a user suggested no more. Again changes nothing."""
    target, _ = target_user(str(target_user_id))
    if target.id == id:
        raise Forbidden("You are never suggested to yourself.")
    event = SuggestionDismissed(at_ms=now_ms(), user_id=id, dismissed_id=target.id)
    return answer({"data": {"dismissed": True}}, position=services().write(event, g.request_id))
