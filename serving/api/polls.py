"""Voting in a poll: once, and while it is open. A poll bears the id of its tweet."""

from __future__ import annotations

from typing import Annotated

import msgspec
from flask import Blueprint, Response, g

from ingest.events import PollVoted
from serving.api.tweets import acted_on
from serving.errors import Forbidden, InvalidRequest, NotFound
from serving.http import answer, now_ms, principal
from serving.openapi.shapes import Done, Id, Shape
from serving.operations import operation, writes
from serving.rows import TweetRow
from serving.services import services

blueprint = Blueprint("polls", __name__)

Position = Annotated[int, msgspec.Meta(ge=1, le=4)]


class NewVote(msgspec.Struct, forbid_unknown_fields=True):
    position: Position


class Vote(Shape):
    """`position` is that of the option that was voted for; absent where none was."""

    poll_id: Id
    voted: bool
    position: Position | msgspec.UnsetType = msgspec.UNSET


@blueprint.post("/polls/<id>/votes")
@operation(
    "votePoll", writes("tweet.read", "tweet.write", "users.read"), body=NewVote, answer=Done[Vote]
)
def vote(id: int, body: NewVote) -> Response:
    """Votes for an option of a poll, by its position from 1. A second vote is refused."""
    poll = _poll(id)
    if body.position > len(poll.poll_options):
        raise InvalidRequest(
            f"The poll has {len(poll.poll_options)} options.", position=str(body.position)
        )
    voter_id = principal().id
    at_ms = now_ms()
    if at_ms >= (poll.poll_ends_ms or 0):
        raise Forbidden("The poll is closed.")
    # Two votes at once would both find none; one waits until the other is done.
    with services().redis.exclusively(f"vote:{poll.id}:{voter_id}"):
        if services().cassandra.vote(poll.id, voter_id) is not None:
            raise Forbidden("You have already voted in this poll.")
        event = PollVoted(at_ms=at_ms, voter_id=voter_id, poll_id=poll.id, choice=body.position)
        position = services().write(event, g.request_id)
    return answer({"data": _vote(poll.id, body.position)}, position=position)


@blueprint.get("/polls/<id>/votes")
@operation("getOwnVote", writes("tweet.read", "users.read"), answer=Done[Vote])
def own_vote(id: int) -> Response:
    """What one has voted for in a poll. Others' votes are nobody's business."""
    poll = _poll(id)
    return answer({"data": _vote(poll.id, services().cassandra.vote(poll.id, principal().id))})


def _vote(poll_id: int, choice: int | None) -> dict[str, object]:
    vote: dict[str, object] = {"poll_id": str(poll_id), "voted": choice is not None}
    return vote if choice is None else vote | {"position": choice}


def _poll(id: int) -> TweetRow:
    """Raises `NotFound` where no tweet that the asker may see has a poll of this id."""
    poll = acted_on(str(id), "id")
    if not poll.poll_options:
        raise NotFound("poll", str(id), "id")
    return poll
