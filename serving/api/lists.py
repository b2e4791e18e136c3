"""Lists: made, changed, looked up and deleted by their owners; and what their members tweet."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import Blueprint, Response, g

from ingest.events import (
    ListCreated,
    ListDeleted,
    ListMemberAdded,
    ListMemberRemoved,
    ListUpdated,
)
from ingest.events.lists import ListDescription, ListName
from serving.api.pages import owners, tweets_page, unreadable_list
from serving.api.parameters import (
    LIST_SELECTION,
    TWEET_SELECTION,
    cursor,
    page_size,
    pages,
    selected,
    window,
)
from serving.api.targets import own_list
from serving.documents import not_found
from serving.http import answer, now_ms, principal
from serving.openapi.shapes import Done, Id, List, One, Page, Shape, Tweet
from serving.operations import new_id, operation, reads, writes
from serving.pages import Page as PageOf
from serving.render.lists import list_
from serving.services import services
from serving.visibility import visible_lists

blueprint = Blueprint("lists", __name__)

MAY_READ = reads("tweet.read", "users.read", "list.read")
MAY_WRITE = writes("tweet.read", "users.read", "list.write")
MAY_MAKE = writes("tweet.read", "users.read", "list.read", "list.write")
A_PAGE = 100


class NewList(msgspec.Struct, forbid_unknown_fields=True):
    name: ListName
    description: ListDescription = ""
    private: bool = False


class ChangedList(msgspec.Struct, forbid_unknown_fields=True):
    """What is not said stays as it is."""

    name: ListName | None = None
    description: ListDescription | None = None
    private: bool | None = None


class ListCreateDone(Shape):
    id: Id
    name: str


class ListUpdateDone(Shape):
    updated: bool


class ListDeleteDone(Shape):
    deleted: bool


@blueprint.post("/lists")
@operation("createLists", MAY_MAKE, body=NewList, answer=Done[ListCreateDone], status=201)
def create(body: NewList) -> Response:
    """Makes a list."""
    services().screening.check(body.name, body.description)
    event = ListCreated(
        at_ms=now_ms(),
        id=new_id(),
        user_id=principal().id,
        name=body.name,
        description=body.description,
        private=body.private,
    )
    position = services().write(event, g.request_id)
    return answer({"data": {"id": str(event.id), "name": event.name}}, 201, position=position)


@blueprint.put("/lists/<id>")
@operation("updateLists", MAY_WRITE, body=ChangedList, answer=Done[ListUpdateDone])
def update(id: int, body: ChangedList) -> Response:
    """Changes a list of one's own."""
    services().screening.check(body.name, body.description)
    row = own_list(id)
    asked = msgspec.structs.asdict(body)
    changed = {name: value for name, value in asked.items() if value is not None}
    whole = msgspec.structs.replace(row, **changed)
    event = ListUpdated(
        at_ms=now_ms(),
        id=id,
        user_id=row.owner_id,
        name=whole.name,
        description=whole.description,
        private=whole.private,
    )
    positions = [services().write(event, g.request_id)]
    if whole.private is not row.private:
        positions += services().write_all(
            [
                ListMemberAdded(
                    at_ms=now_ms(),
                    user_id=row.owner_id,
                    list_id=id,
                    member_id=member,
                    private=whole.private,
                )
                for member in members(id)
            ],
            g.request_id,
        )
    return answer({"data": {"updated": True}}, position=positions)


@blueprint.delete("/lists/<id>")
@operation("deleteLists", MAY_WRITE, answer=Done[ListDeleteDone])
def delete(id: int) -> Response:
    """Deletes a list of one's own."""
    owner_id = own_list(id).owner_id
    removed = [
        ListMemberRemoved(at_ms=now_ms(), user_id=owner_id, list_id=id, member_id=member)
        for member in members(id)
    ]
    positions = services().write_all(removed, g.request_id)
    event = ListDeleted(at_ms=now_ms(), id=id, user_id=owner_id)
    positions.append(services().write(event, g.request_id))
    return answer({"data": {"deleted": True}}, position=positions)


@blueprint.get("/lists/<id>")
@operation("getListsById", MAY_READ, query=LIST_SELECTION, answer=One[List])
def lookup(id: int) -> Response:
    """The list with this id."""
    viewer_id, selection = principal().id, selected()
    found = services().documents.lists(viewer_id, [id], selection)
    rows = visible_lists(viewer_id, [id], found)
    if not rows:
        return answer({"errors": [not_found("list", str(id), "id")]})
    document: dict[str, Any] = {"data": list_(rows[0], selection.list_fields, found)}
    if includes := owners(rows, PageOf(rows, found)):
        document["includes"] = includes
    return answer(document, stale=found.stale)


@blueprint.get("/lists/<id>/tweets")
@operation(
    "getListsPosts",
    MAY_READ,
    query=(*TWEET_SELECTION, *pages(1, 100, default=A_PAGE)),
    answer=Page[Tweet],
    limit="timeline",
)
def tweets(id: int) -> Response:
    """What the list's members tweet and retweet, newest first."""
    if error := unreadable_list(id):
        return answer({"errors": [error]})
    name = f"list/{id}"
    page = services().timelines.of_list(
        principal().id, id, cursor(name), page_size(A_PAGE), window(), selected()
    )
    return tweets_page(name, page)


def members(list_id: int) -> list[int]:
    """All members: a list has at most 5,000 (serving/api/list_members.py)."""
    (edges,) = services().cassandra.edges_of([("list_members", list_id)])
    return [member for member, _, _ in edges]
