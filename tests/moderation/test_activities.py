"""What an account did lately, counted as it goes by."""

from __future__ import annotations

from moderation.activities import DAY, HOUR, MINUTE, POSTS, Activities
from moderation.behaviour import Activity

ALICE, BOB = 1, 2
NOW = 10 * DAY


def test_of_an_account_that_nobody_was_told_of_nothing_is_known() -> None:
    assert Activities().before(ALICE, NOW, "hello", mentions=1) == Activity()


def test_posts_count_in_the_minute_the_hour_and_the_day_they_were_made_in() -> None:
    seen = Activities()
    for ago in (DAY, 2 * HOUR, 2 * MINUTE, 1):
        seen.posted(ALICE, NOW - ago, "hello http://a.example", mentions=2)
    seen.posted(BOB, NOW - 1, "hello", mentions=1)
    found = seen.before(ALICE, NOW, "HELLO http://b.example")
    assert (found.posts_minute, found.posts_hour, found.like_texts_day) == (1, 2, 3)
    assert (found.links_hour, found.mentions_hour, found.same_texts_day) == (2, 4, 3)


def test_who_names_nobody_and_links_nowhere_asks_nothing_of_strangers() -> None:
    seen = Activities()
    for _ in range(2):  # of an account that nobody was told of, and of one that was
        assert not seen.before(ALICE, NOW, "hello").reaches_out
        assert seen.before(ALICE, NOW, "hello", mentions=1).reaches_out
        assert seen.before(ALICE, NOW, "hello http://a.example").reaches_out
        seen.posted(ALICE, NOW, "hello", mentions=0)


def test_what_is_told_before_a_moment_that_is_asked_about_alone_counts() -> None:
    seen = Activities()
    seen.posted(ALICE, NOW + 1, "hello", mentions=0)
    assert seen.before(ALICE, NOW, "hello").posts_minute == 0


def test_who_is_followed_and_unfollowed_again_is_churned_once() -> None:
    seen = Activities()
    for at, (other, on) in enumerate([(3, False), (2, True), (2, False), (2, True), (2, False)]):
        seen.followed(ALICE, NOW - HOUR + at + 1, other, on)
    found = seen.before(ALICE, NOW, "")
    assert (found.follows_hour, found.unfollows_hour, found.churned_day) == (2, 3, 1)


def test_memory_is_bounded_by_account_and_by_accounts() -> None:
    seen = Activities(accounts=2)
    for n in range(POSTS + 50):
        seen.posted(ALICE, NOW - HOUR // 2 + n, str(n), mentions=0)
    assert seen.before(ALICE, NOW, "x").posts_hour == POSTS
    seen.posted(BOB, NOW, "x", mentions=0)
    seen.posted(3, NOW, "x", mentions=0)
    assert seen.before(ALICE, NOW, "x").posts_hour == 0
    assert seen.before(BOB, NOW, "x").posts_hour == 1
