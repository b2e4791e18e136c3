"""Does a program written for the X API work as it is, with another host?

tweepy has the host built in; its session is the one place where it is changed. It reads answers
strictly: a time without milliseconds or an id that is no string ends in an exception of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests
import tweepy

from settings import Settings
from tests.people import Person
from tests.serving.delivering import indexed

pytestmark = [pytest.mark.engines, pytest.mark.usefixtures("graph_server", "index_server")]
Client = tweepy.Client
EXPANSIONS = ["author_id", "referenced_tweets.id", "referenced_tweets.id.author_id"]
TWEET_FIELDS = ["author_id", "conversation_id", "created_at", "public_metrics", "referenced_tweets"]


class OurHost(requests.Session):
    def __init__(self, host: str) -> None:
        super().__init__()
        self.host = host

    def request(self, method: str, url: str, *rest: Any, **more: Any) -> requests.Response:
        ours = url.replace("https://api.twitter.com", self.host, 1)
        return super().request(method, ours, *rest, **more)


@pytest.fixture
def client(api_server: Settings) -> Callable[[Person], Client]:
    """A program that acts for a person."""

    def made(person: Person) -> Client:
        found = Client(person.token)
        found.session = OurHost(api_server.api_url)
        return found

    return made


def as_user(**more: Any) -> dict[str, Any]:
    """tweepy's way of saying that the bearer token is a user's."""
    return {"user_auth": False, **more}


def ids(response: tweepy.Response) -> list[int]:
    return [int(found.id) for found in response.data or []]  # those of lists are strings


def test_tweets_are_written_read_and_deleted(alice: Person, client) -> None:
    program = client(alice)
    me = program.get_me(user_fields=["created_at", "public_metrics"], **as_user()).data
    assert me.username == alice.username
    assert me.created_at.tzinfo is not None
    first = int(program.create_tweet(text="hello #starlings", **as_user()).data["id"])
    reply = int(
        program.create_tweet(text="to myself", in_reply_to_tweet_id=first, **as_user()).data["id"]
    )
    found = program.get_tweet(reply, expansions=EXPANSIONS, tweet_fields=TWEET_FIELDS, **as_user())
    assert found.data.conversation_id == first
    assert found.data.author_id == me.id
    assert found.includes["tweets"][0].text == "hello #starlings"
    assert found.includes["users"][0].id == me.id
    assert [t.id for t in program.get_tweets([first, reply], **as_user()).data] == [first, reply]
    assert program.delete_tweet(reply, **as_user()).data == {"deleted": True}
    gone = program.get_tweet(reply, **as_user())
    assert gone.data is None
    assert gone.errors[0]["resource_type"] == "tweet"


def test_timelines_are_paged_to_their_end(alice: Person, client) -> None:
    program = client(alice)
    made = [int(alice.tweet(f"number {i}")) for i in range(12)]
    pages = tweepy.Paginator(
        program.get_users_tweets, int(alice.id), max_results=5, tweet_fields=TWEET_FIELDS
    )
    assert [tweet.id for tweet in pages.flatten()] == made[::-1]
    home = program.get_home_timeline(max_results=5, since_id=made[-4], **as_user())
    assert ids(home) == made[:-4:-1]


def test_likes_retweets_quotes_and_bookmarks(alice: Person, bob: Person, client) -> None:
    program, tweet = client(bob), int(alice.tweet("good news"))
    assert program.like(tweet, **as_user()).data == {"liked": True}
    assert ids(program.get_liking_users(tweet)) == [int(bob.id)]
    assert ids(program.get_liked_tweets(int(bob.id), max_results=5)) == [tweet]
    assert program.unlike(tweet, **as_user()).data == {"liked": False}
    assert ids(program.get_liking_users(tweet)) == []
    assert program.retweet(tweet, **as_user()).data["retweeted"] is True
    assert ids(program.get_retweeters(tweet)) == [int(bob.id)]
    assert program.unretweet(tweet, **as_user()).data == {"retweeted": False}
    quote = int(program.create_tweet(text="look", quote_tweet_id=tweet, **as_user()).data["id"])
    assert ids(program.get_quote_tweets(tweet, max_results=10)) == [quote]
    assert program.bookmark(tweet).data == {"bookmarked": True}
    assert ids(program.get_bookmarks()) == [tweet]
    assert program.remove_bookmark(tweet).data == {"bookmarked": False}


def test_people_follow_mute_and_are_found(alice: Person, bob: Person, client) -> None:
    program, other = client(alice), int(bob.id)
    assert program.get_user(username=bob.username, **as_user()).data.id == other
    assert ids(program.get_users(ids=[alice.id, bob.id], **as_user())) == [int(alice.id), other]
    assert program.follow_user(other, **as_user()).data["following"] is True
    assert ids(program.get_users_following(int(alice.id))) == [other]
    assert ids(program.get_users_followers(other, max_results=1000)) == [int(alice.id)]
    assert program.unfollow_user(other, **as_user()).data == {"following": False}
    assert program.mute(other, **as_user()).data == {"muting": True}
    assert ids(program.get_muted(**as_user())) == [other]
    assert program.unmute(other, **as_user()).data == {"muting": False}
    assert ids(program.get_blocked(**as_user())) == []


def test_lists_are_kept_and_followed(alice: Person, bob: Person, client) -> None:
    owner, reader = client(alice), client(bob)
    made = int(owner.create_list("birds", description="who sings", **as_user()).data["id"])
    found = owner.get_list(
        made, list_fields=["member_count", "owner_id", "created_at"], expansions="owner_id"
    )
    assert (found.data.name, found.includes["users"][0].id) == ("birds", int(alice.id))
    assert owner.update_list(made, name="songbirds", **as_user()).data == {"updated": True}
    assert owner.add_list_member(made, int(bob.id), **as_user()).data == {"is_member": True}
    assert ids(owner.get_list_members(made)) == [int(bob.id)]
    assert ids(owner.get_list_memberships(int(bob.id))) == [made]
    assert ids(owner.get_owned_lists(int(alice.id))) == [made]
    assert reader.follow_list(made, **as_user()).data == {"following": True}
    assert ids(reader.get_list_followers(made)) == [int(bob.id)]
    assert ids(reader.get_followed_lists(int(bob.id))) == [made]
    assert reader.pin_list(made, **as_user()).data == {"pinned": True}
    assert ids(reader.get_pinned_lists(**as_user())) == [made]
    assert reader.unpin_list(made, **as_user()).data == {"pinned": False}
    assert reader.unfollow_list(made, **as_user()).data == {"following": False}
    assert owner.remove_list_member(made, int(bob.id), **as_user()).data == {"is_member": False}
    assert owner.delete_list(made, **as_user()).data == {"deleted": True}


def test_polls_hidden_replies_mentions_and_search(
    index_server: Settings, alice: Person, bob: Person, client
) -> None:
    program = client(alice)
    poll = program.create_tweet(
        text="which bird?", poll_options=["starling", "wren"], poll_duration_minutes=60, **as_user()
    ).data["id"]
    shown = program.get_tweet(
        poll, expansions="attachments.poll_ids", poll_fields=["voting_status", "end_datetime"]
    )
    assert [o["label"] for o in shown.includes["polls"][0].options] == ["starling", "wren"]
    assert shown.includes["polls"][0].voting_status == "open"
    reply = bob.reply(poll, f"@{alice.username} neither")
    assert ids(program.get_users_mentions(int(alice.id), max_results=5)) == [int(reply)]
    assert program.hide_reply(reply, **as_user()).data == {"hidden": True}
    assert program.unhide_reply(reply, **as_user()).data == {"hidden": False}
    indexed(index_server)
    found = program.search_recent_tweets(f"from:{alice.username} bird", max_results=10)
    assert ids(found) == [int(poll)]
    counts = program.get_recent_tweets_count(f"from:{alice.username}", granularity="day")
    assert counts.meta["total_tweet_count"] == 1


def test_what_goes_wrong_ends_in_tweepys_own_exceptions(alice: Person, client) -> None:
    program = client(alice)
    with pytest.raises(tweepy.BadRequest) as bad:
        program.create_tweet(text="x" * 281, **as_user())
    assert bad.value.api_messages
    with pytest.raises(tweepy.NotFound):
        program.delete_tweet(1, **as_user())
    program.bearer_token = "nobody's"
    with pytest.raises(tweepy.Unauthorized):
        program.get_me(**as_user())
