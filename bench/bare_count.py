"""How fast does Flink count tweets, if it does nothing else? The peer of `bench trends`.

    python -m bench.bare_count       submits the job, in the speed layer's environment

The same topic, read as columns by Flink itself, counted by minute and author in SQL, and written to
Redis by the sink that trends have.
"""

from __future__ import annotations

from pyflink.table import Schema
from pyflink.table.changelog_mode import ChangelogMode

import settings as settings_module
from realtime import job, trends
from realtime.log_tables import declare_log
from realtime.tag_totals import written

NAME = "bare_count"
PLACE = 2  # nobody's

SQL = f"""
SELECT COALESCE(place, 0) AS place, COALESCE(tag, '') AS tag, 'uses' AS kind,
  COALESCE(field, '') AS field, total FROM (
    SELECT CAST({PLACE} AS BIGINT) AS place, CAST(MOD(author_id, 100) AS STRING) AS tag,
      CAST(at_ms / 60000 AS STRING) AS field, COUNT(*) AS total
    FROM tweets_log GROUP BY MOD(author_id, 100), at_ms / 60000
  )
"""


def main() -> None:
    settings = settings_module.load()
    environment, tables = job.environment(settings, NAME, more=trends.options(settings))
    declare_log(tables, settings, "tweets", start_ms=0)
    key = Schema.new_builder().primary_key("place", "tag", "kind", "field").build()
    changes = tables.to_changelog_stream(tables.sql_query(SQL), key, ChangelogMode.upsert())
    written(changes, settings).sink_to(job.nothing())
    environment.execute_async(NAME)


if __name__ == "__main__":
    main()
