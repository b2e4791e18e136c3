"""Does Neo4j keep each user once, and know its questions? `python -m engines.graph_schema`.

Without the constraint two writers that MERGE the same user at once would both make it, and every
MERGE would look at all users. Making it again changes nothing. A server that has just started plans
the API's questions for the first time in seconds; here, before anybody waits for the answer.
"""

from __future__ import annotations

from neo4j import GraphDatabase

from serving.stores.neo4j import plan
from settings import Settings, load

CONSTRAINTS = (
    "CREATE CONSTRAINT user_id IF NOT EXISTS FOR (u:User) REQUIRE u.id IS UNIQUE",
    "CREATE CONSTRAINT progress_topic IF NOT EXISTS FOR (p:Progress) REQUIRE p.topic IS UNIQUE",
)


def apply(settings: Settings) -> None:
    with (
        GraphDatabase.driver(
            settings.neo4j_url, auth=settings.neo4j_auth, telemetry_disabled=True
        ) as driver,
        driver.session() as session,
    ):
        for constraint in CONSTRAINTS:
            session.run(constraint).consume()
        plan(session)


if __name__ == "__main__":
    apply(load())
