"""Which letters were sent? `python -m engines.mail_sink` takes each into `{state_dir}/mail/*.eml`.

A letter appears under its name whole or not at all. Names order by arrival.
"""

from __future__ import annotations

import asyncio
import email.message
import email.policy
import signal
import time
from pathlib import Path

from aiosmtpd.controller import UnthreadedController
from aiosmtpd.handlers import Message

from settings import load


class Folder(Message):
    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def handle_message(self, message: email.message.Message) -> None:
        path = self._folder / f"{time.time_ns()}.eml"
        draft = path.with_suffix(".new")
        draft.write_bytes(message.as_bytes(policy=email.policy.SMTP))
        draft.rename(path)


def main() -> None:
    settings = load()
    folder = settings.state_dir / "mail"
    folder.mkdir(parents=True, exist_ok=True)
    loop = asyncio.new_event_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, loop.stop)
    sink = UnthreadedController(
        Folder(folder), hostname=settings.host, port=settings.smtp_port, loop=loop
    )
    sink.begin()
    loop.run_forever()
    sink.end()


if __name__ == "__main__":
    main()
