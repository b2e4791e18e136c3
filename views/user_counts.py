"""How many followers, followees, tweets and lists that name them has a user?"""

from views.contract import FoldView
from views.merges import SUM
from views.relations import FOLLOWS, LISTED, RETWEETS, TWEETS, counted

USER_COUNTS = FoldView(
    name="user_counts",
    doc=__doc__,
    measures=("followers_count", "following_count", "tweet_count", "listed_count"),
    relations=(FOLLOWS, TWEETS, RETWEETS, LISTED),
    sql=counted(
        FOLLOWS.changes("followee_id", "followers_count"),
        FOLLOWS.changes("follower_id", "following_count"),
        TWEETS.changes("author_id", "tweet_count"),
        RETWEETS.changes("author_id", "tweet_count"),
        LISTED.changes("member_id", "listed_count"),
    ),
    merge=SUM,
)
