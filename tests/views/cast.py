"""The cast that all tests share, and short ways to say what they do."""

from __future__ import annotations

from ingest.events import (
    AccountCreated,
    AuthorClassified,
    Blocked,
    Bookmarked,
    DecisionAppealed,
    EdgePlanned,
    Followed,
    FollowRequestDeclined,
    FollowRequested,
    HomeRead,
    Liked,
    ListCreated,
    ListDeleted,
    ListFollowed,
    ListMemberAdded,
    ListMemberRemoved,
    ListPinned,
    ListUnfollowed,
    ListUnpinned,
    ListUpdated,
    Muted,
    PollVoted,
    ReplyHidden,
    ReplyUnhidden,
    Retweeted,
    ReviewDecided,
    ReviewRequested,
    SuggestionDismissed,
    TagBlocked,
    TagTrended,
    TagUnblocked,
    TweetDeleted,
    TweetEdited,
    TweetPosted,
    TweetReported,
    TweetScored,
    Unblocked,
    Unbookmarked,
    Unfollowed,
    Unliked,
    Unmuted,
    Unretweeted,
)

ALICE, BOB, CAROL, DAVE, CELEBRITY = 1, 2, 3, 4, 5
NAMES = {ALICE: "alice", BOB: "bob", CAROL: "carol", DAVE: "dave", CELEBRITY: "celebrity"}


def created(user_id: int) -> AccountCreated:
    name = NAMES[user_id]
    return AccountCreated(at_ms=0, id=user_id, username=name, name=name.title())


def posted(
    id: int,
    author_id: int,
    *,
    reply_to_id: int | None = None,
    reply_to_user_id: int | None = None,
    quote_of_id: int | None = None,
    mention_ids: str | None = None,
    text: str | None = None,
) -> TweetPosted:
    return TweetPosted(
        at_ms=0,
        id=id,
        author_id=author_id,
        text=text or f"tweet {id}",
        conversation_id=reply_to_id or id,
        reply_to_id=reply_to_id,
        reply_to_user_id=reply_to_user_id,
        quote_of_id=quote_of_id,
        mention_ids=mention_ids,
    )


def edited(
    edit_ids: str,
    author_id: int,
    *,
    reply_to_id: int | None = None,
    quote_of_id: int | None = None,
    mention_ids: str | None = None,
) -> TweetEdited:
    """The newest of these versions, `"10,15"`."""
    first, *_, previous, id = [int(edit_ids.split(",")[0]), *map(int, edit_ids.split(","))]
    return TweetEdited(
        at_ms=0,
        id=id,
        author_id=author_id,
        first_id=first,
        previous_id=previous,
        edit_ids=edit_ids,
        text=f"tweet {id}",
        previous_text=f"tweet {previous}",
        conversation_id=reply_to_id or first,
        reply_to_id=reply_to_id,
        quote_of_id=quote_of_id,
        mention_ids=mention_ids,
        previous_mention_ids=mention_ids,
    )


def deleted(
    id: int,
    author_id: int,
    *,
    reply_to_id: int | None = None,
    quote_of_id: int | None = None,
    mention_ids: str | None = None,
) -> TweetDeleted:
    return TweetDeleted(
        at_ms=0,
        id=id,
        author_id=author_id,
        conversation_id=reply_to_id or id,
        reply_to_id=reply_to_id,
        quote_of_id=quote_of_id,
        mention_ids=mention_ids,
    )


def hidden(tweet_id: int, author_id: int, conversation_id: int) -> ReplyHidden:
    return ReplyHidden(
        at_ms=0, author_id=author_id, conversation_id=conversation_id, tweet_id=tweet_id
    )


def unhidden(tweet_id: int, author_id: int, conversation_id: int) -> ReplyUnhidden:
    return ReplyUnhidden(
        at_ms=0, author_id=author_id, conversation_id=conversation_id, tweet_id=tweet_id
    )


def voted(voter_id: int, poll_id: int, choice: int) -> PollVoted:
    return PollVoted(at_ms=0, voter_id=voter_id, poll_id=poll_id, choice=choice)


def retweeted(
    id: int, author_id: int, tweet_id: int, tweet_author_id: int | None = None
) -> Retweeted:
    return Retweeted(
        at_ms=0, id=id, author_id=author_id, tweet_id=tweet_id, tweet_author_id=tweet_author_id
    )


def unretweeted(id: int, author_id: int, tweet_id: int) -> Unretweeted:
    return Unretweeted(at_ms=0, id=id, author_id=author_id, tweet_id=tweet_id)


def liked(user_id: int, tweet_id: int, tweet_author_id: int | None = None) -> Liked:
    return Liked(at_ms=0, user_id=user_id, tweet_id=tweet_id, tweet_author_id=tweet_author_id)


def unliked(user_id: int, tweet_id: int) -> Unliked:
    return Unliked(at_ms=0, user_id=user_id, tweet_id=tweet_id)


def followed(follower_id: int, followee_id: int, *, accepted: bool = False) -> Followed:
    return Followed(at_ms=0, follower_id=follower_id, followee_id=followee_id, accepted=accepted)


def accepted(follower_id: int, followee_id: int) -> Followed:
    return followed(follower_id, followee_id, accepted=True)


def unfollowed(follower_id: int, followee_id: int) -> Unfollowed:
    return Unfollowed(at_ms=0, follower_id=follower_id, followee_id=followee_id)


def requested(follower_id: int, followee_id: int) -> FollowRequested:
    return FollowRequested(at_ms=0, follower_id=follower_id, followee_id=followee_id)


def declined(follower_id: int, followee_id: int) -> FollowRequestDeclined:
    return FollowRequestDeclined(at_ms=0, follower_id=follower_id, followee_id=followee_id)


def bookmarked(user_id: int, tweet_id: int) -> Bookmarked:
    return Bookmarked(at_ms=0, user_id=user_id, tweet_id=tweet_id)


def unbookmarked(user_id: int, tweet_id: int) -> Unbookmarked:
    return Unbookmarked(at_ms=0, user_id=user_id, tweet_id=tweet_id)


def blocked(blocker_id: int, blocked_id: int) -> Blocked:
    return Blocked(at_ms=0, blocker_id=blocker_id, blocked_id=blocked_id)


def unblocked(blocker_id: int, blocked_id: int) -> Unblocked:
    return Unblocked(at_ms=0, blocker_id=blocker_id, blocked_id=blocked_id)


def muted(muter_id: int, muted_id: int) -> Muted:
    return Muted(at_ms=0, muter_id=muter_id, muted_id=muted_id)


def unmuted(muter_id: int, muted_id: int) -> Unmuted:
    return Unmuted(at_ms=0, muter_id=muter_id, muted_id=muted_id)


def dismissed(user_id: int, dismissed_id: int) -> SuggestionDismissed:
    return SuggestionDismissed(at_ms=0, user_id=user_id, dismissed_id=dismissed_id)


def list_made(id: int, owner_id: int) -> ListCreated:
    return ListCreated(at_ms=0, id=id, user_id=owner_id, name=f"list {id}")


def list_changed(id: int, owner_id: int, *, private: bool = False) -> ListUpdated:
    return ListUpdated(at_ms=0, id=id, user_id=owner_id, name=f"list {id}", private=private)


def list_gone(id: int, owner_id: int) -> ListDeleted:
    return ListDeleted(at_ms=0, id=id, user_id=owner_id)


def listed(
    list_id: int, owner_id: int, member_id: int, *, private: bool = False
) -> ListMemberAdded:
    return ListMemberAdded(
        at_ms=0, list_id=list_id, user_id=owner_id, member_id=member_id, private=private
    )


def unlisted(list_id: int, owner_id: int, member_id: int) -> ListMemberRemoved:
    return ListMemberRemoved(at_ms=0, list_id=list_id, user_id=owner_id, member_id=member_id)


def list_followed(user_id: int, list_id: int) -> ListFollowed:
    return ListFollowed(at_ms=0, user_id=user_id, list_id=list_id)


def list_unfollowed(user_id: int, list_id: int) -> ListUnfollowed:
    return ListUnfollowed(at_ms=0, user_id=user_id, list_id=list_id)


def list_pinned(user_id: int, list_id: int) -> ListPinned:
    return ListPinned(at_ms=0, user_id=user_id, list_id=list_id)


def list_unpinned(user_id: int, list_id: int) -> ListUnpinned:
    return ListUnpinned(at_ms=0, user_id=user_id, list_id=list_id)


def home_read(user_id: int, reads: int) -> HomeRead:
    return HomeRead(at_ms=0, user_id=user_id, reads=reads)


def classified(
    author_id: int, *, pulled: bool, generation: int = 1, followers: int = 0
) -> AuthorClassified:
    return AuthorClassified(
        at_ms=0, author_id=author_id, generation=generation, pulled=pulled, followers=followers
    )


def trended(place: int, tag: str, *, minute: int = 0, rank: int = 1) -> TagTrended:
    return TagTrended(
        at_ms=60_000 * minute, place=place, tag=tag, spelling=tag.title(), window_hours=1,
        rank=rank, score_milli=8_000, people=40, uses=45, expected_milli=0, since_ms=0,
    )  # fmt: skip


def tag_blocked(tag: str) -> TagBlocked:
    return TagBlocked(at_ms=0, place=1, tag=tag, moderator_id=DAVE)


def tag_unblocked(tag: str) -> TagUnblocked:
    return TagUnblocked(at_ms=0, place=1, tag=tag, moderator_id=DAVE)


def planned(author_id: int, reader_id: int, *, pulled: bool, generation: int = 1) -> EdgePlanned:
    return EdgePlanned(
        at_ms=0, author_id=author_id, reader_id=reader_id, generation=generation, pulled=pulled
    )


def scored(
    tweet_id: int,
    author_id: int,
    action: str = "allow",
    reasons: str = "",
    *,
    occasion: str = "posted",
    at_ms: int = 0,
) -> TweetScored:
    return TweetScored(
        at_ms=at_ms, tweet_id=tweet_id, author_id=author_id, toxicity_milli=100, spam_milli=50,
        action=action, reasons=reasons, scorer="v1", occasion=occasion,
    )  # fmt: skip


def reported(tweet_id: int, author_id: int, reporter_id: int) -> TweetReported:
    return TweetReported(
        at_ms=0, tweet_id=tweet_id, author_id=author_id, reporter_id=reporter_id, reason="abuse"
    )


def review_requested(tweet_id: int, author_id: int, *, severity: int = 1) -> ReviewRequested:
    return ReviewRequested(
        at_ms=0, tweet_id=tweet_id, author_id=author_id, reporters=3, severity=severity
    )


def decided(
    tweet_id: int,
    author_id: int,
    decision: str,
    *,
    label: str | None = None,
    at_ms: int = 0,
    spam: bool = False,
) -> ReviewDecided:
    return ReviewDecided(
        at_ms=at_ms, tweet_id=tweet_id, author_id=author_id, moderator_id=DAVE,
        decision=decision, label=label, spam=spam, text_key=f"{tweet_id % 2:016x}",
    )  # fmt: skip


def appealed(tweet_id: int, author_id: int) -> DecisionAppealed:
    return DecisionAppealed(at_ms=0, tweet_id=tweet_id, author_id=author_id, text="It is no such")
