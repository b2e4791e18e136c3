"""How often was any tag used in all, as a Count-Min Sketch says it? By counter.

A key is a counter of the sketch (`views/trends/sketch.py`), not somebody's id: `contributed` says
which of them a text adds to. A tweet counts once, with the tags that it was posted with; one that
is deleted was said. Whose tweet it was, and who may read it, the sketch does not know.
"""

from views.contract import FoldView
from views.contributions import Contributions
from views.merges import SUM
from views.relations import TAGGED_TWEETS, counted
from views.trends.sketch import contributed

USES = "tag_uses"

TAG_CELLS = Contributions(
    name="tag_cells",
    relation=TAGGED_TWEETS,
    column="text",
    measure=USES,
    of=contributed,
    version=1,
)

TAG_SKETCH = FoldView(
    name="tag_sketch",
    doc="How often was any tag used in all? A Count-Min Sketch, by counter.",
    measures=(USES,),
    relations=(TAGGED_TWEETS,),
    contributions=(TAG_CELLS,),
    sql=counted("SELECT key, measure, epoch, delta FROM tag_cells"),
    merge=SUM,
)
