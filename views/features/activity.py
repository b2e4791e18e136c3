"""What did people do and get, epoch by epoch? The only thing that features are made of.

A thing counts in the epoch in which it came to be: a like that stands already adds nothing, one
that is taken back later has been there. So totals of epochs never shrink, and add up over any
window. Whoever likes, unlikes and likes again has liked twice.

A pair lies under its viewer, and the measure names the author: `likes 42`. So keys stay one id, and
all that a viewer did of late is read at once.
"""

from views.contract import FoldView
from views.merges import SUM
from views.relations import FOLLOWS, LIKES, QUOTES, REPLIES, RETWEETS, TWEETS, counted

USER_ACTIVITY = FoldView(
    name="user_activity",
    doc="What does a user do and get, epoch by epoch?",
    measures=(
        *("posts", "retweets_given", "likes_given", "follows_given"),
        *("likes_received", "retweets_received", "replies_received"),
        *("follows_gained", "follows_lost"),
    ),
    relations=(TWEETS, RETWEETS, LIKES, FOLLOWS, REPLIES),
    sql=counted(
        TWEETS.came("author_id", "posts"),
        RETWEETS.came("author_id", "retweets_given"),
        LIKES.came("user_id", "likes_given"),
        FOLLOWS.came("follower_id", "follows_given"),
        LIKES.came("tweet_author_id", "likes_received"),
        RETWEETS.came("tweet_author_id", "retweets_received"),
        REPLIES.came("reply_to_user_id", "replies_received"),
        FOLLOWS.came("followee_id", "follows_gained"),
        FOLLOWS.went("followee_id", "follows_lost"),
    ),
    merge=SUM,
)

TWEET_ACTIVITY = FoldView(
    name="tweet_activity",
    doc="What does a tweet get, epoch by epoch?",
    measures=("likes", "retweets", "replies", "quotes"),
    relations=(LIKES, RETWEETS, REPLIES, QUOTES),
    sql=counted(
        LIKES.came("tweet_id", "likes"),
        RETWEETS.came("tweet_id", "retweets"),
        REPLIES.came("reply_to_id", "replies"),
        QUOTES.came("quote_of_id", "quotes"),
    ),
    merge=SUM,
)

PAIR_ACTIVITY = FoldView(
    name="pair_activity",
    doc="What does a viewer do with an author, epoch by epoch?",
    measures=("likes", "replies", "retweets", "follows", "unfollows"),
    relations=(LIKES, REPLIES, RETWEETS, FOLLOWS),
    sql=counted(
        LIKES.came("user_id", "likes", "tweet_author_id"),
        REPLIES.came("author_id", "replies", "reply_to_user_id"),
        RETWEETS.came("author_id", "retweets", "tweet_author_id"),
        FOLLOWS.came("follower_id", "follows", "followee_id"),
        FOLLOWS.went("follower_id", "unfollows", "followee_id"),
    ),
    merge=SUM,
)

ACTS = ("posts", "retweets_given", "likes_given", "follows_given")
"""The measures of a user who was active."""
