"""Letters leave in the background, or are missed by nobody but their reader."""

from __future__ import annotations

import time

from structlog.testing import capture_logs

from serving.auth.mail import Mailer
from settings import Settings
from tests.conftest import free_ports


def test_a_relay_that_is_away_holds_nobody_up_and_the_log_names_nobody(settings: Settings) -> None:
    mailer = Mailer(settings.model_copy(update={"smtp_port": free_ports(1)[0]}))
    with capture_logs() as lines:
        began = time.monotonic()
        mailer.send("alice@example.org", "Hello", "https://starling.example.org/i/confirm?token=x")
        assert time.monotonic() - began < 0.5
        mailer.close()
    assert [line["event"] for line in lines] == ["letter_not_sent"]
    assert "alice" not in str(lines)
    assert "token" not in str(lines)
