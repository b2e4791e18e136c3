"""Where does mail go in development? Into a folder, through a real SMTP conversation."""

from __future__ import annotations

import smtplib

from engines import environments
from engines.server import Command, Server, python_env


class Mail(Server):
    name = "mail"

    def ports(self) -> dict[str, int]:
        return {"smtp_port": self.settings.smtp_port}

    def configure(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        self.home.chmod(0o700)  # letters carry links that open accounts

    def commands(self) -> list[Command]:
        argv = [str(environments.python("app")), "-m", "engines.mail_sink"]
        return [Command("mail", argv, python_env("app"))]

    def check(self) -> None:
        with smtplib.SMTP(self.settings.host, self.settings.smtp_port, timeout=4) as client:
            client.noop()
