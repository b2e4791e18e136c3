"""How does a letter leave? By SMTP, in the background: no answer waits for it or tells of it."""

from __future__ import annotations

import smtplib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from threading import BoundedSemaphore

import structlog

from settings import Settings

SENDER = "Starling <no-reply@starling.invalid>"
SECONDS = 5.0
MOST_WAITING = 1_000  # beyond that letters are dropped: a relay that is down fills no memory

logger = structlog.get_logger()


class Mailer:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._room = BoundedSemaphore(MOST_WAITING)
        self._sender = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")

    def send(self, to: str, subject: str, text: str) -> None:
        """`text` is ASCII. A letter that is not sent is told of in the log, without its reader."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = SENDER, to, subject
        message["Message-ID"] = make_msgid(domain="starling.invalid")
        message["Date"] = format_datetime(datetime.now(UTC))
        # Lines as they are: a link that is broken up cannot be copied from the letter's source.
        message.set_content(text, charset="us-ascii", cte="7bit")
        if not self._room.acquire(blocking=False):
            logger.warning("letter_not_sent", reason="too many are waiting")
            return
        self._sender.submit(self._deliver, message).add_done_callback(
            lambda _: self._room.release()
        )

    def close(self) -> None:
        """Sends what waits."""
        self._sender.shutdown(wait=True)

    def _deliver(self, message: EmailMessage) -> None:
        host, port = self._settings.smtp_host, self._settings.smtp_port
        try:
            with smtplib.SMTP(host, port, timeout=SECONDS) as relay:
                relay.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            # The exception's own text may name the reader.
            logger.warning("letter_not_sent", reason=type(error).__name__)
