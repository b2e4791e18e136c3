"""Lists, bookmarks and likes as they are listed, through HTTP."""

from __future__ import annotations

from functools import partial

import pytest

from settings import Settings
from tests.engines.waiting import until
from tests.people import Person, ids, pages
from tests.serving.delivering import deliver

pytestmark = pytest.mark.engines


def test_a_list_is_made_changed_looked_up_and_deleted(alice: Person, bob: Person) -> None:
    answer = alice.http.post("/lists", json={"name": "birds", "description": "that sing"})
    assert answer.status_code == 201
    id = answer.json()["data"]["id"]
    assert answer.json()["data"] == {"id": id, "name": "birds"}
    assert bob.get(f"/lists/{id}").json() == {"data": {"id": id, "name": "birds"}}
    fields = "created_at,description,owner_id,private,member_count,follower_count"
    whole = bob.get(f"/lists/{id}", list__fields=fields, expansions="owner_id").json()
    assert whole["data"].pop("created_at").endswith("Z")
    assert whole["data"] == {
        **{"id": id, "name": "birds", "description": "that sing", "owner_id": alice.id},
        **{"private": False, "member_count": 0, "follower_count": 0},
    }
    assert [user["id"] for user in whole["includes"]["users"]] == [alice.id]

    for request in (bob.http.put, partial(bob.http.request, "DELETE")):
        more = {"json": {"name": "mine"}} if request == bob.http.put else {}
        assert request(f"/lists/{id}", **more).status_code == 403
    assert alice.http.put(f"/lists/{id}", json={"name": "owls"}).json() == {
        "data": {"updated": True}
    }
    data = bob.get(f"/lists/{id}", list__fields="description").json()["data"]
    assert data == {"id": id, "name": "owls", "description": "that sing"}
    assert alice.http.post("/lists", json={"name": "x" * 26}).status_code == 400

    alice.add_to(id, bob)
    assert alice.http.delete(f"/lists/{id}").json() == {"data": {"deleted": True}}
    assert list(bob.get(f"/lists/{id}").json()) == ["errors"]
    assert "data" not in bob.get(f"/users/{alice.id}/owned_lists").json()
    assert "data" not in bob.get(f"/users/{bob.id}/list_memberships").json()


def test_members_are_put_on_a_list_and_taken_off(alice: Person, bob: Person, carol: Person) -> None:
    id = alice.make_list()
    for _ in range(2):
        assert alice.add_to(id, bob).json() == {"data": {"is_member": True}}
    alice.add_to(id, carol)
    assert bob.add_to(id, bob).status_code == 403
    assert ids(bob.get(f"/lists/{id}/members")) == [carol.id, bob.id]
    assert ids(bob.get(f"/users/{carol.id}/list_memberships")) == [id]
    gone = alice.http.delete(f"/lists/{id}/members/{bob.id}")
    assert gone.json() == {"data": {"is_member": False}}
    assert ids(bob.get(f"/lists/{id}/members")) == [carol.id]
    assert alice.http.post(f"/lists/{id}/members", json={"user_id": "1"}).status_code == 404
    carol.block(alice)
    assert alice.add_to(id, carol).status_code == 403


def test_a_private_list_is_there_for_its_owner_alone(
    api_server: Settings, alice: Person, bob: Person
) -> None:
    id, open_id = alice.make_list(private=True), alice.make_list()
    alice.add_to(id, bob)
    deliver(api_server, id, [bob.tweet()])
    assert alice.get(f"/lists/{id}").json()["data"]["id"] == id
    assert list(bob.get(f"/lists/{id}").json()) == ["errors"]
    for path in ("tweets", "members", "followers"):
        assert "errors" not in alice.get(f"/lists/{id}/{path}").json()
        (error,) = bob.get(f"/lists/{id}/{path}").json()["errors"]
        assert error["type"].endswith("resource-not-found")
    assert bob.http.post(f"/users/{bob.id}/followed_lists", json={"list_id": id}).status_code == 404
    assert ids(alice.get(f"/users/{alice.id}/owned_lists")) == [open_id, id]
    assert ids(bob.get(f"/users/{alice.id}/owned_lists")) == [open_id]
    assert "data" not in bob.get(f"/users/{bob.id}/list_memberships").json()
    alice.http.put(f"/lists/{id}", json={"private": False})
    assert ids(bob.get(f"/users/{bob.id}/list_memberships")) == [id]


def test_the_tweets_of_a_list_come_in_pages(
    api_server: Settings, alice: Person, bob: Person, carol: Person
) -> None:
    id = alice.make_list()
    for member in (bob, carol):
        alice.add_to(id, member)
    tweets = [bob.tweet(str(n)) for n in range(4)] + [carol.tweet("carol's")]
    deliver(api_server, id, tweets)
    read = partial(alice.get, f"/lists/{id}/tweets")
    assert [t for page in pages(read, max_results=2) for t in ids(page)] == tweets[::-1]
    carol.protect()
    assert ids(read()) == tweets[3::-1]
    with_authors = read(expansions="author_id", max_results=1).json()
    assert [user["id"] for user in with_authors["includes"]["users"]] == [bob.id]


def test_who_is_taken_off_a_list_is_gone_at_the_next_read(
    api_server: Settings, alice: Person, bob: Person, carol: Person
) -> None:
    """Whether or not fan-out, which would take their tweets out, has come so far."""
    id = alice.make_list()
    for member in (bob, carol):
        alice.add_to(id, member)
    by_bob = bob.tweet("before the retweet of it")
    retweet = carol.retweet(by_bob).json()["data"]["id"]
    deliver(api_server, id, [by_bob, retweet])
    read = partial(alice.get, f"/lists/{id}/tweets")
    assert ids(read()) == [by_bob]
    alice.http.delete(f"/lists/{id}/members/{bob.id}")
    assert ids(read()) == [retweet]
    alice.http.delete(f"/lists/{id}/members/{carol.id}")
    assert ids(read()) == []
    alice.add_to(id, bob)
    until(lambda: ids(read()) == [by_bob])  # fan-out, where it runs, has taken it out meanwhile


def test_a_list_has_its_members_replies_and_a_retweet_once(
    alice: Person, bob: Person, carol: Person
) -> None:
    id = alice.make_list()
    for member in (bob, carol):
        alice.add_to(id, member)
    by_alice, by_bob = alice.tweet(), bob.tweet()
    reply = bob.reply(by_alice)
    first = bob.retweet(by_alice).json()["data"]["id"]
    for tweet in (by_alice, by_bob):
        carol.retweet(tweet)
    assert ids(alice.get(f"/lists/{id}/tweets")) == [first, reply, by_bob]


@pytest.mark.parametrize(("sort", "says"), [("followed_lists", "following"),
                                            ("pinned_lists", "pinned")])  # fmt: skip
def test_lists_are_followed_and_pinned(alice: Person, bob: Person, sort: str, says: str) -> None:
    old, new = alice.make_list("old"), alice.make_list("new")
    for id in (new, old, old):
        answer = bob.http.post(f"/users/{bob.id}/{sort}", json={"list_id": id})
        assert answer.json() == {"data": {says: True}}
    assert ids(bob.get(f"/users/{bob.id}/{sort}", list__fields="owner_id")) == [new, old]
    if sort == "followed_lists":
        assert ids(alice.get(f"/lists/{new}/followers")) == [bob.id]
    assert bob.http.delete(f"/users/{bob.id}/{sort}/{new}").json() == {"data": {says: False}}
    assert ids(bob.get(f"/users/{bob.id}/{sort}")) == [old]
    missing = bob.http.post(f"/users/{bob.id}/{sort}", json={"list_id": "1"})
    assert missing.status_code == 404


def test_bookmarks_are_for_oneself(alice: Person, bob: Person) -> None:
    old, new = alice.tweet("old"), alice.tweet("new")
    for id in (new, old, old):
        assert bob.bookmark(id).json() == {"data": {"bookmarked": True}}
    path = f"/users/{bob.id}/bookmarks"
    assert ids(bob.get(path, tweet__fields="public_metrics")) == [new, old]
    assert alice.get(path).status_code == 403
    assert bob.http.delete(f"{path}/{new}").json() == {"data": {"bookmarked": False}}
    assert ids(bob.get(path)) == [old]
    assert bob.bookmark("1").status_code == 404
    alice.block(bob)
    assert ids(bob.get(path)) == []


def test_likes_are_listed_from_both_ends(alice: Person, bob: Person, carol: Person) -> None:
    tweets = [alice.tweet(str(n)) for n in range(6)]
    for id in tweets:
        bob.like(id)
    carol.like(tweets[0])
    read = partial(carol.get, f"/users/{bob.id}/liked_tweets")
    assert [t for page in pages(read, max_results=5) for t in ids(page)] == tweets[::-1]
    assert ids(alice.get(f"/tweets/{tweets[0]}/liking_users")) == [carol.id, bob.id]
    bob.unlike(tweets[0])
    assert ids(alice.get(f"/tweets/{tweets[0]}/liking_users")) == [carol.id]
    alice.delete(tweets[5])
    assert ids(read()) == tweets[4:0:-1]
    assert list(alice.get("/tweets/1/liking_users").json()) == ["errors"]
