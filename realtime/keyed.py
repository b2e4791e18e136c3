"""How does a stream of rows `(key, value)` become a keyed one without a way through Python?

PyFlink's own `key_by` puts an operator in between that does nothing but to ask Python for the key
of each row, which costs as much as a small function of ours. Where the operator before, or SQL, has
put the key in front already, Flink's Java side takes it from there.
"""

from __future__ import annotations

from pyflink.common import TypeInformation, Types
from pyflink.datastream import DataStream
from pyflink.datastream.data_stream import KeyedStream
from pyflink.java_gateway import get_gateway


def with_key(key: TypeInformation, value: TypeInformation) -> TypeInformation:
    """The type of rows `(key, value)`."""
    return Types.ROW([key, value])


def keyed(rows: DataStream, key: TypeInformation, value: TypeInformation) -> KeyedStream:
    """Rows `(key, value)` by their key. The function that comes next gets the value alone."""
    selector = get_gateway().jvm.KeyByKeySelector()
    by_key = rows._j_data_stream.keyBy(selector, Types.ROW([key]).get_java_type_info())
    return KeyedStream(by_key, value, rows)
