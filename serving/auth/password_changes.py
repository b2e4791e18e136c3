"""How does somebody get a new password, and what ends with the old one? Everything."""

from __future__ import annotations

from serving.auth import letters
from serving.auth.attempts import Attempts
from serving.auth.endings import Endings
from serving.auth.links import Links
from serving.auth.mail import Mailer
from serving.auth.passwords import acceptable, hashed, matches
from serving.auth.registration import LETTERS, Registration
from serving.auth.sessions import ADDRESS, SIGN_IN, Sessions, SignedIn
from serving.errors import InvalidRequest
from serving.stores.postgres import PostgresStore, Secrets
from settings import Settings

STALE = "This link was used, or your password has changed since. Ask for a new one."


class PasswordChanges:
    def __init__(
        self,
        settings: Settings,
        postgres: PostgresStore,
        registration: Registration,
        sessions: Sessions,
        endings: Endings,
        attempts: Attempts,
        links: Links,
        mailer: Mailer,
    ) -> None:
        self._settings, self._postgres, self._registration = settings, postgres, registration
        self._sessions, self._endings, self._attempts = sessions, endings, attempts
        self._links, self._mailer = links, mailer

    def change(self, account_id: int, old: str, new: str, *, user_agent: str) -> SignedIn:
        """Ends all sessions and tokens of the account; the one who asks gets a new session.

        Raises `InvalidRequest` naming which password is wrong, `TooManyAttempts`,
        `StoreUnavailable`: then nothing has changed.
        """
        acceptable(new, parameter="new_password")
        self._attempts.take(SIGN_IN, str(account_id), self._settings.sign_in_attempts)
        found = self._postgres.secrets_of(account_id)
        if found is None or not matches(found.password_hash, old):
            raise InvalidRequest("This is not your password.", current_password="...")
        self._attempts.give_back(SIGN_IN, str(account_id))
        generation = self._set(found, new)
        return self._sessions.begin(account_id, generation, user_agent)

    def send_link(self, email: str, *, address: str) -> None:
        """A letter to whoever has the address. Says nothing about whether anybody does."""
        self._attempts.take(ADDRESS, address, self._settings.address_attempts)
        self._attempts.take(LETTERS, email, self._settings.sign_in_attempts)
        found = self._postgres.secrets_of(email) if "@" in email else None
        if found and found.email:
            minutes = self._settings.reset_link_minutes
            token = self._links.make(found.id, found.generation)
            link = f"{self._settings.web_url}/i/reset?token={token}"
            self._mailer.send(found.email, *letters.reset(found.username, link, minutes))

    def reset(self, token: str, new: str, *, request_id: str = "") -> None:
        """By a link, once. The letter has come, so the address is confirmed too.

        Raises `InvalidRequest`, `LogUnavailable`, `StoreUnavailable`.
        """
        acceptable(new, parameter="new_password")
        account_id, generation = self._links.read(token)
        found = self._postgres.secrets_of(account_id)
        if found is None or found.generation != generation:
            raise InvalidRequest(STALE, token="...")
        self._registration.confirmed(found.id, found.email or "", request_id)
        self._set(found, new)

    def sign_out_everywhere(self, account_id: int) -> None:
        """Ends all sessions and tokens, this one's too. Raises `StoreUnavailable`."""
        with self._postgres.connection() as connection:
            self._endings.of_account(connection, account_id)
        self._endings.tell(account_id)

    def _set(self, found: Secrets, new: str) -> int:
        """The generation that begins with the password; of two changes at once one is refused."""
        new_hash = hashed(new)  # takes its time, so before the transaction
        with self._postgres.connection() as connection:
            row = connection.execute(
                "UPDATE accounts SET password_hash = %s WHERE id = %s AND generation = %s "
                "RETURNING id",
                [new_hash, found.id, found.generation],
            ).fetchone()
            if row is None:
                raise InvalidRequest(STALE, token="...")
            self._endings.of_account(connection, found.id)
        self._endings.tell(found.id)
        if found.email:
            link = f"{self._settings.web_url}/i/forgot"
            self._mailer.send(found.email, *letters.changed(found.username, link))
        return found.generation + 1
