"""How is a topic made anew while nobody writes it?

A closed topic asks for two replicas in sync where there is one, which refuses every writer that
wants to be sure (`acks=all`, as all of ours). A record's time is what its writer says, and nothing
goes by age.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from confluent_kafka import KafkaError, TopicPartition
from confluent_kafka import admin as kafka
from tenacity import Retrying, retry_if_result, stop_after_delay, wait_fixed

from ingest.ends import Place
from ingest.topics import EVENT_TOPICS, Topic
from settings import Settings

CLOSED = {"min.insync.replicas": "2", "retention.ms": "-1"}
ANSWER_SECONDS = 60


class ClosedTopics:
    """Every method may raise `KafkaException`."""

    def __init__(self, settings: Settings) -> None:
        self._admin = kafka.AdminClient(
            {"bootstrap.servers": settings.kafka, "client.id": "starling-restorer"}
        )

    def present(self) -> set[str]:
        return set(self._admin.list_topics(timeout=ANSWER_SECONDS).topics)

    def left(self) -> set[str]:
        """Those that are closed, of all topics of events."""
        names = [name for name in EVENT_TOPICS if name in self.present()]
        asked = [kafka.ConfigResource(kafka.ResourceType.TOPIC, name) for name in names]
        found = self._admin.describe_configs(asked) if asked else {}
        return {
            resource.name
            for resource, future in found.items()
            for configs in [future.result(ANSWER_SECONDS)]
            if all(configs[name].value == value for name, value in CLOSED.items())
        }

    def close(self, topic: str) -> None:
        """From now on nobody writes it who wants to be sure."""
        self._set(topic, CLOSED)

    def make_anew(self, topic: Topic) -> None:
        """The topic, empty and closed."""
        if topic.name in self.present():
            _done(self._admin.delete_topics([topic.name]))
        Retrying(
            retry=retry_if_result(lambda made: not made),
            stop=stop_after_delay(ANSWER_SECONDS),
            wait=wait_fixed(0.2),
        )(self._made, topic)

    def drop_before(self, firsts: Mapping[Place, int]) -> None:
        """Lets each place begin at that offset."""
        places = [TopicPartition(*place, first) for place, first in firsts.items() if first]
        if places:
            _done(self._admin.delete_records(places))

    def open(self, topic: Topic) -> None:
        """It is as `ingest/topics.py` says, and can be written."""
        self._set(topic.name, topic.configs, no_longer=CLOSED.keys() - topic.configs.keys())

    def _made(self, topic: Topic) -> bool:
        """False while one that was deleted is still going."""
        configs = topic.configs | CLOSED | {"message.timestamp.type": "CreateTime"}
        new = kafka.NewTopic(topic.name, topic.partitions, 1, config=configs)
        error = self._admin.create_topics([new])[topic.name].exception()
        if error is None:
            return True
        if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
            raise error
        return False

    def _set(self, topic: str, configs: Mapping[str, str], no_longer: Iterable[str] = ()) -> None:
        put, drop = kafka.AlterConfigOpType.SET, kafka.AlterConfigOpType.DELETE
        entries = [kafka.ConfigEntry(n, v, incremental_operation=put) for n, v in configs.items()]
        entries += [kafka.ConfigEntry(n, None, incremental_operation=drop) for n in no_longer]
        resource = kafka.ConfigResource(
            kafka.ResourceType.TOPIC, topic, incremental_configs=entries
        )
        _done(self._admin.incremental_alter_configs([resource]))


def _done(futures: Mapping[Any, Any]) -> None:
    for future in futures.values():
        future.result(ANSWER_SECONDS)
