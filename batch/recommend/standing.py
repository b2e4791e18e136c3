"""Who follows whom now, as silver tells it?"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from ingest.events import Followed, Unfollowed

COLUMNS = ("follower_id", "followee_id", "kind", "pos")
EDGE = ["follower_id", "followee_id"]
KINDS = (Followed.__name__, Unfollowed.__name__)


def standing(follows: pa.Table) -> pa.Table:
    """The edges `src`, `dst` whose last event lets them stand, of `COLUMNS` of silver's follows.

    All events of a follower are in one partition of the log, so `pos` orders those of an edge.
    """
    said = follows.filter(pc.is_in(follows["kind"], pa.array(KINDS))).sort_by("pos")
    last = said.group_by(EDGE, use_threads=False).aggregate([("kind", "last")])
    stands = last.filter(pc.equal(last["kind_last"], Followed.__name__))
    return stands.select(EDGE).rename_columns(["src", "dst"])
