"""What do our letters say?"""

from __future__ import annotations

from typing import NamedTuple


class Letter(NamedTuple):
    subject: str
    text: str


def confirm(username: str, link: str, hours: int) -> Letter:
    return Letter(
        "Confirm your e-mail address",
        f"Hello @{username},\n\n"
        f"please confirm that this address is yours by opening this link within {hours} hours:\n\n"
        f"{link}\n\n"
        "If you did not sign up at Starling, you need do nothing.\n",
    )


def reset(username: str, link: str, minutes: int) -> Letter:
    return Letter(
        "Choose a new password",
        f"Hello @{username},\n\n"
        f"this link lets you choose a new password within {minutes} minutes:\n\n"
        f"{link}\n\n"
        "If you did not ask for it, you need do nothing: your password stays as it is.\n",
    )


def changed(username: str, link: str) -> Letter:
    return Letter(
        "Your password was changed",
        f"Hello @{username},\n\n"
        "your password was changed, and everything that was signed in to your account has been "
        "signed out.\n\n"
        f"If it was not you, choose a new one now:\n\n{link}\n",
    )
