"""How many likes, retweets, replies, quotes and bookmarks has a tweet?"""

from views.contract import FoldView
from views.merges import SUM
from views.relations import BOOKMARKS, LIKES, QUOTES, REPLIES, RETWEETS, counted

TWEET_COUNTS = FoldView(
    name="tweet_counts",
    doc=__doc__,
    measures=("like_count", "retweet_count", "reply_count", "quote_count", "bookmark_count"),
    relations=(LIKES, RETWEETS, REPLIES, QUOTES, BOOKMARKS),
    sql=counted(
        LIKES.changes("tweet_id", "like_count"),
        RETWEETS.changes("tweet_id", "retweet_count"),
        REPLIES.changes("reply_to_id", "reply_count"),
        QUOTES.changes("quote_of_id", "quote_count"),
        BOOKMARKS.changes("tweet_id", "bookmark_count"),
    ),
    merge=SUM,
)
