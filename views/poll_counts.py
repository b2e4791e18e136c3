"""How many votes has each option of a poll?"""

from views.contract import FoldView
from views.merges import SUM
from views.relations import POLL_VOTES, counted

MEASURES = ("option_1", "option_2", "option_3", "option_4")

POLL_COUNTS = FoldView(
    name="poll_counts",
    doc=__doc__,
    measures=MEASURES,
    relations=POLL_VOTES,
    sql=counted(
        *(
            votes.changes("poll_id", measure)
            for votes, measure in zip(POLL_VOTES, MEASURES, strict=True)
        )
    ),
    merge=SUM,
)
