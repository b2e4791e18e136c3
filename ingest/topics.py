"""Which topics make up the log?

Topics use `LogAppendTime`: the broker's clock decides a record's epoch, once, for both layers.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import settings as settings_module
from settings import Settings

DEAD_LETTERS = "dead_letters"
EVENT_TOPICS = (
    *("tweets", "likes", "bookmarks", "polls", "follows", "blocks", "mutes", "lists"),
    *("accounts", "reads", "classes", "plans", "trends", "moderation"),
)
# The state that speed jobs start from, and what nobody may see: kept for ever, they are small.
KEPT_FOR_EVER = frozenset({"follows", "blocks", "mutes", "lists", "accounts", "classes", "plans"})
PARTITIONER = "murmur2_random"  # librdkafka's name for what kafka-python and Java do by default


@dataclass(frozen=True)
class Topic:
    name: str
    partitions: int
    configs: dict[str, str]


def topics(settings: Settings) -> list[Topic]:
    """The topics of a platform, with their partitions and configuration."""
    configs = {
        "message.timestamp.type": "LogAppendTime",
        "retention.ms": str(settings.log_retention_hours * 3_600_000),
    }
    forever = configs | {"retention.ms": "-1"}
    return [
        *(
            Topic(name, settings.partitions, forever if name in KEPT_FOR_EVER else configs)
            for name in EVENT_TOPICS
        ),
        Topic(DEAD_LETTERS, 1, configs),
    ]


def create(settings: Settings) -> list[str]:
    """Creates the topics that are missing and returns their names.

    Raises `RuntimeError` where a topic stands with another number of partitions: keys would move.
    """
    from kafka.admin import KafkaAdminClient, NewTopic

    admin = KafkaAdminClient(bootstrap_servers=settings.kafka, client_id="starling-topics")
    try:
        present = {t["name"]: len(t["partitions"]) for t in admin.describe_topics()}
        wanted = topics(settings)
        for topic in wanted:
            if present.get(topic.name, topic.partitions) != topic.partitions:
                raise RuntimeError(
                    f"topic {topic.name} has {present[topic.name]} partitions, not "
                    f"{topic.partitions}: set STARLING_PARTITIONS to what the log was made with"
                )
        missing = [t for t in wanted if t.name not in present]
        if missing:
            admin.create_topics(
                [NewTopic(t.name, t.partitions, 1, topic_configs=t.configs) for t in missing]
            )
        return [t.name for t in missing]
    finally:
        admin.close()


if __name__ == "__main__":
    print(*create(settings_module.load()), file=sys.stdout)
