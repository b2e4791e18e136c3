"""What does an endpoint promise? One declaration guards, limits, validates and documents it.

    @blueprint.get("/users/<id>/followers")
    @operation(
        "getUsersFollowers",
        reads("follows.read", "users.read"),
        query=(*USER_SELECTION, *pages(1, 1000, default=100)),
        answer=Page[User],
    )
    def followers(id: int) -> Response:
        "Who follows this user, newest account first."

Before the function runs: the token is checked for what it may do, the call is counted against its
budget, and path, query and body are read or refused. So a function sees only what is valid. The
OpenAPI document is made of the same declarations (`serving.openapi`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any

import msgspec
from flask import Response, current_app, g, make_response, request

from serving import dialect, idempotency, query, read_after
from serving.accounts import USERNAME
from serving.errors import Forbidden, UnsupportedAuthentication
from serving.http import body as read_body
from serving.limits import API
from serving.principal import Principal
from serving.services import services

View = Callable[..., Response]
READS = ("GET", "HEAD")


@dataclass(frozen=True)
class Security:
    """Which scopes a user's token needs, and whether an app may ask with nobody behind it."""

    scopes: frozenset[str]
    app_only: bool

    def check(self, asker: Principal) -> None:
        """Raises `UnsupportedAuthentication`, or `Forbidden` naming what the token lacks."""
        if not asker.id:
            if not self.app_only:
                raise UnsupportedAuthentication
            return
        if missing := self.scopes - asker.scopes:
            raise Forbidden(
                f"The token lacks what this endpoint needs: {', '.join(sorted(missing))}."
            )


def reads(*scopes: str) -> Security:
    """For what anybody with a token may read: a user's with these scopes, or an app's."""
    return Security(frozenset(scopes), app_only=True)


def writes(*scopes: str) -> Security:
    """For what only a user may do or see, with a token of these scopes."""
    return Security(frozenset(scopes), app_only=False)


@dataclass(frozen=True)
class Operation:
    """`own` names the path parameter that must be the asker's own id; `after` are jobs that a read
    after a write waits for beside those that all reads wait for."""

    name: str
    security: Security
    query: tuple[query.Parameter, ...] = ()
    body: type[msgspec.Struct] | None = None
    answer: Any = None
    status: int = 200
    limit: str = API
    own: str | None = None
    after: tuple[str, ...] = ()
    doc: str = ""

    def run(self, view: View, path: dict[str, Any]) -> Response:
        asker: Principal = g.principal
        g.operation = self
        self.security.check(asker)
        g.standing = services().limits.take(asker.subject, self.limit, self.name)
        # Only now: a read that waits takes a thread, so it has a budget too.
        if (wanted := request.headers.get(read_after.HEADER)) and request.method in READS:
            services().marks.wait(read_after.positions(wanted), self.after)
        given = {name: _path_value(name, value) for name, value in path.items()}
        if self.own is not None and given[self.own] != asker.id:
            raise Forbidden(
                f"The `{self.own}` query parameter value [{given[self.own]}] must be the same as "
                f"the authenticating user [{asker.id}]"
            )
        g.query = self._read_query()
        if self.body is not None:
            given["body"] = read_body(self.body)
        key = request.headers.get(idempotency.HEADER)
        if key is None or request.method != "POST":
            return view(**given)
        return self._once(key, asker, view, given)

    def _read_query(self) -> dict[str, Any]:
        translated = [dialect.classic(*pair) for pair in request.args.items(multi=True)]
        g.says_posts = any(new for _, _, new in translated)
        return query.read_all(self.query, [(name, value) for name, value, _ in translated])

    def _once(self, key: str, asker: Principal, view: View, given: dict[str, Any]) -> Response:
        """Runs the view unless the same request was run before; then gives that answer."""
        asked = idempotency.fingerprint(
            request.method, request.path, request.query_string, request.get_data()
        )
        claim = services().idempotency.begin(asker.subject, key, asked)
        if isinstance(claim, Response):
            return claim
        g.made_id = claim.made_id
        try:
            response = view(**given)
        except Exception as error:  # is an answer too: made here, so that it can be kept
            response = make_response(current_app.handle_user_exception(error))
        services().idempotency.finish(claim, response)
        return response


def operation(
    name: str,
    security: Security,
    *,
    query: Iterable[query.Parameter] = (),
    body: type[msgspec.Struct] | None = None,
    answer: Any = None,
    status: int = 200,
    limit: str = API,
    own: str | None = None,
    after: tuple[str, ...] = (),
) -> Callable[[View], View]:
    """Declares the endpoint below it; its docstring says in the document what it does."""

    def declare(view: View) -> View:
        doc = " ".join((view.__doc__ or "").split())
        made = Operation(name, security, tuple(query), body, answer, status, limit, own, after, doc)

        @wraps(view)
        def run(**path: Any) -> Response:
            return made.run(view, path)

        run.operation = made  # type: ignore[attr-defined]
        return run

    return declare


def new_id() -> int:
    """The id of what this request makes; a retry under an Idempotency-Key gets the same one."""
    set_aside: int | None = g.pop("made_id", None)
    return services().ids.next() if set_aside is None else set_aside


def _path_value(name: str, value: str) -> Any:
    if name in ("id", "woeid") or name.endswith("_id"):
        return query.an_id(value, name)
    if name == "username" and not USERNAME.fullmatch(value):
        raise query.invalid(name, value, f"does not match ^{USERNAME.pattern}$")
    return value
