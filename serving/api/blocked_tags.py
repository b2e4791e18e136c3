"""Which tags no board shows: moderators say so, and let them on again."""

from __future__ import annotations

from typing import Annotated

import msgspec
from flask import Blueprint, Response, g

from ingest.events import TagBlocked, TagUnblocked
from ingest.events.entities import hashtags
from ingest.events.words import LONGEST, folded
from serving import query
from serving.api.review import MAY_MODERATE
from serving.errors import Conflict, InvalidRequest
from serving.http import answer, now_ms, principal
from serving.moderation.cases import select
from serving.openapi.moderation import BlockedTag, TagDone
from serving.openapi.shapes import Done, Page
from serving.operations import operation
from serving.render.moderation import blocked_tag
from serving.services import services
from views.blocked_tags import AT_MOST as MOST
from views.trends.places import WORLDWIDE

blueprint = Blueprint("blocked_tags", __name__)

ALL = select("blocked_tags", "place = ? LIMIT ?")


class NewBlock(msgspec.Struct, forbid_unknown_fields=True):
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


@blueprint.get("/moderation/blocked_tags")
@operation("getBlockedTags", MAY_MODERATE, answer=Page[BlockedTag])
def blocked_tags() -> Response:
    """All tags that are not shown as trends, with who said so and why."""
    data = [blocked_tag(row) for row in _all()]
    return answer(({"data": data} if data else {}) | {"meta": {"result_count": len(data)}})


@blueprint.put("/moderation/blocked_tags/<tag>")
@operation("blockTag", MAY_MODERATE, body=NewBlock, answer=Done[TagDone])
def block(tag: str, body: NewBlock) -> Response:
    """Keeps a tag off the boards of trends, however it is written. Saying it again changes
    nothing but the reason."""
    if not body.reason.strip():
        raise InvalidRequest("A block has a reason.", reason=body.reason)
    name, standing = _tag(tag), _all()
    if len(standing) >= MOST and all(row["tag"] != name for row in standing):
        raise Conflict(f"{MOST} tags are blocked; let one on again first.")
    event = TagBlocked(
        at_ms=now_ms(),
        place=WORLDWIDE,
        tag=name,
        moderator_id=principal().id,
        reason=body.reason,
    )
    return answer({"data": {"blocked": True}}, position=services().write(event, g.request_id))


@blueprint.delete("/moderation/blocked_tags/<tag>")
@operation("unblockTag", MAY_MODERATE, answer=Done[TagDone])
def unblock(tag: str) -> Response:
    """Lets a tag on the boards again. Where it is not blocked, nothing changes."""
    event = TagUnblocked(
        at_ms=now_ms(), place=WORLDWIDE, tag=_tag(tag), moderator_id=principal().id
    )
    return answer({"data": {"blocked": False}}, position=services().write(event, g.request_id))


def _all() -> list[dict[str, object]]:
    (rows,) = services().moderation.cases.ask([(ALL, (WORLDWIDE, MOST))])
    return rows


def _tag(tag: str) -> str:
    """The tag as the boards know it. Raises `InvalidRequest` for what is no hashtag."""
    found = hashtags(f"#{tag}")
    name = folded(tag)
    if [each.tag for each in found] != [tag] or len(name) > LONGEST:
        raise query.invalid("tag", tag, "is not a hashtag without its sign")
    return name
