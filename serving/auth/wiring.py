"""Of which parts is signing in made? Put together once a process; none connects to anything yet."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.ids import IdMaker
from serving.accounts import Accounts
from serving.auth import oauth1, oauth2
from serving.auth.apps import Apps
from serving.auth.attempts import Attempts
from serving.auth.authenticator import Authenticator
from serving.auth.box import Box
from serving.auth.endings import Endings
from serving.auth.grants import Grants
from serving.auth.known import Credentials
from serving.auth.links import Links
from serving.auth.mail import Mailer
from serving.auth.moderators import Moderators
from serving.auth.oauth1_credentials import OAuth1Credentials
from serving.auth.password_changes import PasswordChanges
from serving.auth.registration import Registration
from serving.auth.sessions import Sessions
from serving.auth.tokens import Tokens
from serving.screening import Screening
from serving.signing import signing_key
from serving.stores.postgres import PostgresStore
from serving.stores.redis import RedisStore
from settings import Settings


@dataclass(frozen=True)
class Auth:
    tokens: Tokens
    sessions: Sessions
    registration: Registration
    passwords: PasswordChanges
    mailer: Mailer
    apps: Apps
    grants: Grants
    oauth2: oauth2.Server
    app_tokens: oauth2.AppServer
    oauth1: oauth1.Server
    signed: oauth1.Requests
    authenticator: Authenticator
    moderators: Moderators


def make(
    settings: Settings,
    postgres: PostgresStore,
    redis: RedisStore,
    accounts: Accounts,
    ids: IdMaker,
    screening: Screening,
) -> Auth:
    key = signing_key(settings)
    credentials = Credentials(redis, cache_seconds=settings.token_cache_seconds)
    attempts = Attempts(redis, window_seconds=settings.attempts_window_seconds)
    endings, mailer = Endings(credentials, redis), Mailer(settings)
    tokens = Tokens(postgres, credentials)
    sessions = Sessions(settings, postgres, credentials, attempts)
    confirm = Links(key, "confirm-address", seconds=settings.confirm_link_hours * 3600)
    reset = Links(key, "reset-password", seconds=settings.reset_link_minutes * 60)
    registration = Registration(
        settings, postgres, accounts, ids, attempts, confirm, mailer, screening
    )
    passwords = PasswordChanges(
        settings, postgres, registration, sessions, endings, attempts, reset, mailer
    )
    box = Box(key, "oauth1 secrets")
    apps, grants = Apps(postgres, credentials, ids, box), Grants(settings, postgres, credentials)
    oauth1_credentials = OAuth1Credentials(postgres, credentials, box)
    signed = oauth1.Requests(settings, oauth1_credentials, redis)
    return Auth(
        tokens=tokens,
        sessions=sessions,
        registration=registration,
        passwords=passwords,
        mailer=mailer,
        apps=apps,
        grants=grants,
        oauth2=oauth2.for_people(apps, grants, seconds=settings.access_token_seconds),
        app_tokens=oauth2.for_apps(apps, grants),
        oauth1=oauth1.Server(settings, apps, oauth1_credentials, redis),
        signed=signed,
        authenticator=Authenticator(tokens, signed, sessions),
        moderators=Moderators(postgres, credentials),
    )
