"""How does somebody join? A name, an address, a password; and a letter to see whose address it is.

Nobody hears of an account before its address is confirmed: only then is it announced to the log. A
name or address that nobody confirmed for a day is free again.
"""

from __future__ import annotations

from datetime import UTC, datetime

import psycopg
from email_validator import EmailNotValidError, validate_email

from ingest.ids import IdMaker
from serving.accounts import USERNAME, Accounts
from serving.auth import letters
from serving.auth.attempts import Attempts
from serving.auth.links import Links
from serving.auth.mail import Mailer
from serving.auth.passwords import hashed
from serving.auth.sessions import ADDRESS
from serving.errors import InvalidRequest
from serving.readable import is_readable
from serving.screening import Screening
from serving.stores.postgres import ACCOUNT, Account, PostgresStore
from settings import Settings

LETTERS = "letters"  # what one may ask for only so often
FORGET = (
    "DELETE FROM accounts WHERE (username = %s OR email = %s) AND email_verified_at IS NULL "
    "AND log_position IS NULL AND email IS NOT NULL "
    "AND created_at < now() - make_interval(hours => %s)"
)


def email_address(text: str) -> str:
    """The address in its usual form. Raises `InvalidRequest` saying what is wrong with it."""
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise InvalidRequest(f"The e-mail address is not valid: {error}", email="...") from None


def display_name(text: str) -> str:
    if len(text) > 50 or not is_readable(text):
        raise InvalidRequest("A display name has 1 to 50 readable characters.", name=text[:60])
    return text


class Registration:
    def __init__(
        self,
        settings: Settings,
        postgres: PostgresStore,
        accounts: Accounts,
        ids: IdMaker,
        attempts: Attempts,
        links: Links,
        mailer: Mailer,
        screening: Screening,
    ) -> None:
        self._settings, self._postgres, self._accounts = settings, postgres, accounts
        self._ids, self._attempts, self._links, self._mailer = ids, attempts, links, mailer
        self._screening = screening

    def register(
        self, username: str, email: str, password: str, *, name: str = "", address: str
    ) -> Account:
        """Raises `InvalidRequest` naming the parameter, `Forbidden` for a name that must not be,
        `TooManyAttempts`, `StoreUnavailable`."""
        if not USERNAME.fullmatch(username):
            raise InvalidRequest(
                "A username has 1 to 15 letters, digits or underscores.", username=username[:50]
            )
        email, name = email_address(email), display_name(name or username)
        self._screening.check(name)
        self._attempts.take(ADDRESS, address, self._settings.address_attempts)
        account = self._add(username, email, name, hashed(password))
        self._write_to(account.id, account.username, email)
        return account

    def send_again(self, email: str, *, address: str) -> None:
        """Another letter, where the address waits for one. Says nothing about whether it does."""
        self._attempts.take(ADDRESS, address, self._settings.address_attempts)
        self._attempts.take(LETTERS, email, self._settings.sign_in_attempts)
        found = self._postgres.secrets_of(email) if "@" in email else None
        if found and found.email and found.email_verified_at is None:
            self._write_to(found.id, found.username, found.email)

    def confirm(self, token: str, *, request_id: str = "") -> Account:
        """Raises `InvalidRequest` for a bad link, `LogUnavailable`, `StoreUnavailable`.

        Doing it twice changes nothing, so a confirmation that the log did not take may be repeated.
        """
        account_id, email = self._links.read(token)
        return self.confirmed(account_id, email, request_id)

    def confirmed(self, account_id: int, email: str, request_id: str) -> Account:
        """The address is the account's own: the log hears of it, then it may sign in."""
        with self._postgres.connection() as connection:
            row = connection.execute(
                f"SELECT {ACCOUNT} FROM accounts WHERE id = %s AND email = %s", [account_id, email]
            ).fetchone()
        if row is None:
            raise InvalidRequest("This link is for an account that is gone.", token="...")
        account = Account(*row)
        if account.log_position is None:
            self._accounts.announce(account, request_id)
        with self._postgres.connection() as connection:
            connection.execute(
                "UPDATE accounts SET email_verified_at = now() "
                "WHERE id = %s AND email_verified_at IS NULL",
                [account_id],
            )
        return account

    def _add(self, username: str, email: str, name: str, password_hash: str) -> Account:
        hours = self._settings.confirm_link_hours
        try:
            with self._postgres.connection() as connection:
                connection.execute(FORGET, [username, email, hours])
                row = connection.execute(
                    "INSERT INTO accounts (id, username, name, created_at, email, password_hash) "
                    f"VALUES (%s, %s, %s, %s, %s, %s) RETURNING {ACCOUNT}",
                    [self._ids.next(), username, name, datetime.now(UTC), email, password_hash],
                ).fetchone()
        except psycopg.errors.UniqueViolation as error:
            if error.diag.constraint_name == "accounts_email_key":
                raise InvalidRequest("That e-mail address has an account.", email="...") from None
            raise InvalidRequest("That username is taken.", username=username) from None
        return Account(*row)

    def _write_to(self, account_id: int, username: str, email: str) -> None:
        link = f"{self._settings.web_url}/i/confirm?token={self._links.make(account_id, email)}"
        letter = letters.confirm(username, link, self._settings.confirm_link_hours)
        self._mailer.send(email, *letter)
