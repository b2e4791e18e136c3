"""How many accounts are on a list, and how many follow it?"""

from views.contract import FoldView
from views.merges import SUM
from views.relations import LIST_FOLLOWS, LIST_MEMBERS, counted

LIST_COUNTS = FoldView(
    name="list_counts",
    doc=__doc__,
    measures=("member_count", "follower_count"),
    relations=(LIST_MEMBERS, LIST_FOLLOWS),
    sql=counted(
        LIST_MEMBERS.changes("list_id", "member_count"),
        LIST_FOLLOWS.changes("list_id", "follower_count"),
    ),
    merge=SUM,
)
