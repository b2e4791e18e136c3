"""How are several Redis servers asked at once, and before the last answers are there?

Every server is sent its commands before the first reply is read. What is under way may stay so
while more is sent behind it: each server takes the commands of one sender in their order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import redis
from redis.exceptions import MovedError

Command = tuple[Any, ...]
"""A command of Redis and its arguments."""

Call = tuple[int, Command]
"""The bucket whose server must answer, and what it is asked."""

SENT_AT_ONCE = 16 * 1024  # bytes; less is not worth a system call of its own
MOVES = 5  # of a bucket that is followed before giving up: a slot moves once, rarely twice


class Servers(Protocol):
    """Knows which server has which bucket."""

    def client(self, bucket: int) -> redis.Redis: ...

    def all(self) -> Sequence[redis.Redis]: ...

    def look_again(self) -> None:
        """A server said that it has the bucket no more."""


class UnderWay:
    """Calls that were sent, and whose replies are read later: after those of `after`."""

    def __init__(
        self, servers: Servers, calls: Iterable[Call], after: UnderWay | None = None
    ) -> None:
        self._servers, self._after = servers, after
        self._calls: list[Call] = []
        self._asked: dict[int, Asked] = {}
        self._heard: list[Any] | None = None
        before = after._asked if after else {}
        try:
            for bucket, command in calls:
                client = servers.client(bucket)
                if (which := id(client)) not in self._asked:
                    self._asked[which] = Asked(client, before.get(which))
                self._asked[which].add(len(self._calls), command)
                self._calls.append((bucket, command))
        except BaseException:
            for one in self._asked.values():
                one.drop()
            raise
        for one in self._asked.values():
            one.send()

    def replies(self) -> list[Any]:
        """In the order of the calls. Raises an error that a server answered with."""
        replies = self._hear()
        for _ in range(MOVES):
            moved = [at for at, reply in enumerate(replies) if isinstance(reply, MovedError)]
            if not moved:
                break
            self._servers.look_again()
            again = UnderWay(self._servers, [self._calls[at] for at in moved])
            for at, reply in zip(moved, again._hear(), strict=True):
                replies[at] = reply
        for reply in replies:
            if isinstance(reply, Exception):
                raise reply
        return replies

    def _hear(self) -> list[Any]:
        """The replies, among them errors."""
        if self._heard is None:
            if self._after is not None:
                self._after._hear()
                self._after = None
            self._heard = [None] * len(self._calls)
            # Each is heard to its end, or its connection is of no more use.
            for one in self._asked.values():
                for place, reply in one.replies():
                    self._heard[place] = reply
        return self._heard


class Line:
    """A connection, and how many still have replies to read on it, one after the other."""

    def __init__(self, pool: Any) -> None:
        self._pool, self._users = pool, 0
        self.connection, self.broken = pool.get_connection(), False

    def join(self) -> Line:
        self._users += 1
        return self

    def leave(self) -> None:
        self._users -= 1
        if not self._users:
            self._pool.release(self.connection)

    def give_up(self) -> None:
        """There may be replies on it that nobody reads."""
        self.broken = True
        self.connection.disconnect()


class Asked:
    """Commands for one server, sent as soon as they are worth it, whose replies are read later.

    Nothing that a server did is raised, so that whoever asks several reads what each says.
    """

    def __init__(self, client: redis.Redis, after: Asked | None = None) -> None:
        self._pool = client.connection_pool
        self._commands: list[Command] = []
        self._places: list[int] = []
        self._sent = self._waiting = 0  # commands that are gone, bytes of those that are not
        line = after._line if after is not None else None
        self._line: Line | None = line.join() if line is not None else None
        self._error: Exception | None = None

    def add(self, place: int, command: Command) -> None:
        """`place` comes back with the reply."""
        self._places.append(place)
        self._commands.append(command)
        self._waiting += sum(len(part) for part in command if isinstance(part, str | bytes))
        if self._waiting >= SENT_AT_ONCE:
            self.send()

    def send(self) -> None:
        """Sends what is not sent yet."""
        if self._error is not None or self._sent == len(self._commands):
            return
        try:
            connection = self._usable().connection
            commands = self._commands[self._sent :]
            connection.send_packed_command(connection.pack_commands(commands))
            self._sent, self._waiting = len(self._commands), 0
        except (redis.RedisError, OSError) as error:
            self._error = error
            self.drop()
        except BaseException:
            self.drop()
            raise

    def replies(self) -> list[tuple[int, Any]]:
        """Places and replies, or the error that there are none."""
        try:
            try:
                return self._read()
            except redis.ConnectionError:
                self._sent, self._error = 0, None  # the server was restarted since the last time
                self.send()
                return self._read()
        except (redis.RedisError, OSError) as error:
            return [(place, error) for place in self._places]

    def drop(self) -> None:
        """Gives the connection up."""
        if self._line is not None:
            self._line.give_up()
            self._leave()

    def _read(self) -> list[tuple[int, Any]]:
        if self._error is not None:
            raise self._error
        try:
            line = self._usable()
            found = [_reply(line.connection) for _ in self._commands]
        except BaseException:
            self.drop()
            raise
        self._leave()
        return list(zip(self._places, found, strict=True))

    def _usable(self) -> Line:
        if self._line is None:
            self._line = Line(self._pool).join()
        elif self._line.broken:
            raise redis.ConnectionError("it broke while something else was under way on it")
        return self._line

    def _leave(self) -> None:
        if self._line is not None:
            self._line.leave()
            self._line = None


def _reply(connection: Any) -> Any:
    try:
        return connection.read_response()
    except redis.ResponseError as error:
        return error
