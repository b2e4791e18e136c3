"""How does a stream become a keyed one at the least price?

PyFlink's own `key_by` puts an operator in between that does nothing but to ask Python for the key
of each row, in a thread of its own. All threads of a task manager share one interpreter, so two
that pass rows to one another spend more time on taking it from each other than on the rows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyflink.common import Row, TypeInformation, Types
from pyflink.datastream import DataStream
from pyflink.datastream.data_stream import KeyedStream
from pyflink.java_gateway import get_gateway

ONE_KEY = Types.INT()


def with_key(key: TypeInformation, value: TypeInformation) -> TypeInformation:
    """The type of rows `(key, value)`."""
    return Types.ROW([key, value])


def keyed(rows: DataStream, key: TypeInformation, value: TypeInformation) -> KeyedStream:
    """Rows `(key, value)` by their key, which Flink takes from there in Java.

    The function that comes next gets the value alone.
    """
    by_key = rows._j_data_stream.keyBy(_selector(), _type_of(key))
    return KeyedStream(by_key, value, rows)


def under_one_key(rows: DataStream, value_of: Callable[[Row], Any]) -> KeyedStream:
    """What `value_of` says of rows that leave SQL, all under one key, for one subtask: the function
    that comes next must have a parallelism of 1.

    It runs in the thread of the operator that puts the key in front, and gets values that Java
    has only seen pickled: to make rows of them once more costs several times as much.
    """
    value = Types.PICKLED_BYTE_ARRAY()
    with_it = rows.map(lambda row: Row(0, value_of(row)), output_type=with_key(ONE_KEY, value))
    with_it.set_parallelism(1).name("under-one-key")
    utils = get_gateway().jvm.org.apache.flink.streaming.api.datastream.DataStreamUtils
    java = utils.reinterpretAsKeyedStream(with_it._j_data_stream, _selector(), _type_of(ONE_KEY))
    return KeyedStream(java, value, rows)


def _selector():  # type: ignore[no-untyped-def]
    return get_gateway().jvm.KeyByKeySelector()


def _type_of(key: TypeInformation):  # type: ignore[no-untyped-def]
    return Types.ROW([key]).get_java_type_info()
