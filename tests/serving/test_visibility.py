"""Who sees what, where: every relation against every kind of surface."""

from __future__ import annotations

import pytest

from serving.relations import Relation
from serving.rows import Found, ListRow, TweetRow, UserRow
from serving.visibility import (
    Surface,
    is_there,
    sees_acts_of,
    visible_lists,
    visible_tweets,
    visible_users,
    visible_versions,
)
from tests.views.cast import ALICE, BOB, CAROL
from views.moderation_states import UNSAID, Moderation

EVERYWHERE = {Surface.LOOKUP, Surface.LISTED, Surface.HOME}
surfaces = pytest.mark.parametrize("surface", sorted(EVERYWHERE, key=str))
TWEET, RETWEET, QUIET, SECRET = 10, 11, 20, 21

# The author is protected or not, the relation to them, and where their tweet is seen.
CASES = {
    "a stranger": (False, Relation(), EVERYWHERE),
    "who is followed": (False, Relation(following=True), EVERYWHERE),
    "who blocks the reader": (False, Relation(blocked_by=True), set()),
    "who is followed and blocks": (True, Relation(following=True, blocked_by=True), set()),
    "whom the reader blocks": (False, Relation(blocking=True), {Surface.LOOKUP}),
    "whom the reader mutes": (False, Relation(muting=True), {Surface.LOOKUP, Surface.LISTED}),
    "a protected stranger": (True, Relation(), set()),
    "a protected one who is followed": (True, Relation(following=True), EVERYWHERE),
    "a protected follower": (True, Relation(followed_by=True, requested=True), set()),
}


def found(protected: bool, relation: Relation) -> Found:
    """A tweet of Alice's, Carol's retweet of it, and a list of Alice's."""
    return Found(
        tweets={
            TWEET: TweetRow(TWEET, ALICE, "hello"),
            RETWEET: TweetRow(RETWEET, CAROL, retweet_of_id=TWEET, retweet_of_user_id=ALICE),
        },
        users={
            ALICE: UserRow(ALICE, "alice", "Alice", "about me", protected=protected),
            CAROL: UserRow(CAROL, "carol", "Carol"),
        },
        lists={
            QUIET: ListRow(QUIET, ALICE, "open"),
            SECRET: ListRow(SECRET, ALICE, "secret", private=True),
        },
        relations={ALICE: relation, CAROL: Relation()},
        moderation={TWEET: UNSAID, RETWEET: UNSAID},
    )


@surfaces
@pytest.mark.parametrize("case", CASES)
def test_a_tweet_and_its_retweet_are_seen_where_their_author_is(
    case: str, surface: Surface
) -> None:
    protected, relation, seen = CASES[case]
    rows = visible_tweets(BOB, [TWEET, RETWEET], found(protected, relation), surface)
    assert [row.id for row in rows] == ([TWEET, RETWEET] if surface in seen else [])


@pytest.mark.parametrize("case", CASES)
def test_what_somebody_does_is_seen_by_those_who_may_look_them_up(case: str) -> None:
    protected, relation, seen = CASES[case]
    assert sees_acts_of(BOB, ALICE, found(protected, relation)) is (Surface.LOOKUP in seen)


@surfaces
def test_nobody_is_kept_from_their_own(surface: Surface) -> None:
    own = found(True, Relation())
    del own.relations[ALICE]
    assert [row.id for row in visible_tweets(ALICE, [TWEET], own, surface)] == [TWEET]
    assert visible_users(ALICE, [ALICE], own, surface)[0].description == "about me"
    assert [row.id for row in visible_lists(ALICE, [QUIET, SECRET], own)] == [QUIET, SECRET]


def test_an_outsider_sees_of_a_protected_account_who_it_is_and_no_more() -> None:
    (outside,) = visible_users(BOB, [ALICE], found(True, Relation()))
    assert (outside.username, outside.protected, outside.description) == ("alice", True, "")
    (inside,) = visible_users(BOB, [ALICE], found(True, Relation(following=True)))
    assert inside.description == "about me"


def test_a_private_list_is_its_owners_alone() -> None:
    there = found(False, Relation())
    assert [row.id for row in visible_lists(BOB, [QUIET, SECRET], there)] == [QUIET]
    assert visible_lists(BOB, [QUIET], found(False, Relation(blocked_by=True))) == []


def test_an_author_nobody_asked_about_is_an_error_and_no_leak() -> None:
    with pytest.raises(KeyError):
        visible_tweets(BOB, [TWEET], Found(tweets={TWEET: TweetRow(TWEET, ALICE, "hello")}))


@surfaces
@pytest.mark.parametrize("action", ["block", "review", "sensitive", "label", "allow"])
def test_what_is_withheld_is_its_authors_to_look_up_and_else_is_not_there(
    action: str, surface: Surface
) -> None:
    held = found(False, Relation())
    held.moderation[TWEET] = Moderation(action)
    held.relations[BOB] = Relation()
    there = action != "block"
    seen = [row.id for row in visible_tweets(BOB, [TWEET, RETWEET], held, surface)]
    assert seen == ([TWEET, RETWEET] if there else [])
    assert (is_there(TWEET, held), is_there(RETWEET, held)) == (there, there)
    own = visible_tweets(ALICE, [TWEET], held, surface)
    assert bool(own) is (there or surface is Surface.LOOKUP)


def test_a_version_is_withheld_while_the_newest_is_and_is_not_shown_beside_it() -> None:
    held = found(False, Relation())
    first = TweetRow(TWEET, ALICE, "hello", edit_ids=f"{TWEET},15")
    held.tweets |= {TWEET: first, 15: TweetRow(15, ALICE, "bad", edit_ids=f"{TWEET},15")}
    held.moderation[15] = Moderation("block")
    assert visible_tweets(BOB, [TWEET, RETWEET, 15], held) == []
    held.moderation |= {TWEET: Moderation("block"), 15: UNSAID}
    assert [row.id for row in visible_tweets(BOB, [TWEET, 15], held)] == [15]
    versions = [held.tweets[TWEET], held.tweets[15]]
    assert [row.id for row in visible_versions(BOB, versions, held)] == [15]
    assert visible_versions(ALICE, versions, held) == versions


def test_a_tweet_of_which_nobody_asked_what_holds_is_an_error_and_no_leak() -> None:
    unasked = found(False, Relation())
    unasked.moderation.clear()
    with pytest.raises(KeyError):
        visible_tweets(BOB, [TWEET], unasked)


def test_hidden_is_not_gone() -> None:
    hidden = found(True, Relation())
    assert is_there(TWEET, hidden)
    assert is_there(RETWEET, hidden)
    del hidden.tweets[TWEET]
    assert not is_there(TWEET, hidden)
    assert not is_there(RETWEET, hidden)  # gone with its source
