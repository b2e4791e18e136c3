"""How many followers has a user, how many do they follow, how many tweets are theirs?"""

from views.contract import FoldView
from views.merges import SUM
from views.relations import FOLLOWS, RETWEETS, TWEETS, counted

USER_COUNTS = FoldView(
    name="user_counts",
    doc=__doc__,
    measures=("followers_count", "following_count", "tweet_count"),
    relations=(FOLLOWS, TWEETS, RETWEETS),
    sql=counted(
        FOLLOWS.changes("followee_id", "followers_count"),
        FOLLOWS.changes("follower_id", "following_count"),
        TWEETS.changes("author_id", "tweet_count"),
        RETWEETS.changes("author_id", "tweet_count"),
    ),
    merge=SUM,
)
