"""Whom or what does an act mean, and may the one who asks mean it?"""

from __future__ import annotations

from serving.errors import Forbidden, NotFound
from serving.http import principal
from serving.query import an_id
from serving.relations import NOBODY, Relation
from serving.render.selection import Selection
from serving.rows import ListRow, UserRow
from serving.services import services
from serving.visibility import visible_lists


def target_user(
    user_id: str, parameter: str = "target_user_id", *, follows: bool = False
) -> tuple[UserRow, Relation]:
    """The user whom a body names, and how the one who asks stands to them. Raises `NotFound`."""
    viewer_id, target = principal().id, an_id(user_id, parameter)
    found = services().rows.fetch(users=[target], viewer_id=viewer_id, follows=follows)
    if target not in found.users:
        raise NotFound("user", user_id, parameter)
    return found.users[target], found.relations.get(target, NOBODY)


def target_list(list_id: int, parameter: str = "id") -> ListRow:
    """The list, as far as the one who asks may see it. Raises `NotFound`."""
    viewer_id = principal().id
    found = services().documents.lists(viewer_id, [list_id], Selection())
    seen = visible_lists(viewer_id, [list_id], found)
    if not seen:
        raise NotFound("list", str(list_id), parameter)
    return seen[0]


def own_list(list_id: int, parameter: str = "id") -> ListRow:
    """As `target_list`, for what only the owner may do. Raises `Forbidden` for anybody else."""
    row = target_list(list_id, parameter)
    if row.owner_id != principal().id:
        raise Forbidden("You are not the owner of this List.")
    return row
