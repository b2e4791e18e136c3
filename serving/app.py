"""How is the API put together? `create_app(settings)` gives a Flask application."""

from __future__ import annotations

from flask import Flask

from serving import http, services
from serving.api import (
    acquaintance,
    blocked_tags,
    blocks,
    bookmarks,
    conversations,
    follow_requests,
    follows,
    health,
    likes,
    list_members,
    list_readers,
    lists,
    moderation_audit,
    moderation_notices,
    mutes,
    openapi,
    polls,
    profile,
    quotes,
    reports,
    reposts,
    retweets,
    review,
    search,
    suggestions,
    timelines,
    trends,
    tweets,
    user_search,
    users,
)
from serving.auth import app_endpoints, cookies, endpoints, oauth_endpoints
from serving.web import site
from settings import Settings

NOUNS = (
    *(tweets, likes, retweets, reposts, quotes, conversations, polls, bookmarks, timelines, search),
    *(trends, users, profile, user_search, acquaintance, suggestions),
    *(follows, follow_requests, blocks, mutes, lists, list_members, list_readers),
    *(reports, review, moderation_audit, moderation_notices, blocked_tags),
)


def create_app(settings: Settings, made: services.Services | None = None) -> Flask:
    """An application over these services, or over new ones that connect on first use."""
    app = Flask("starling", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = settings.request_body_max_bytes
    app.extensions["starling"] = made or services.make(settings)
    cookies.install(app, settings)
    register(app)
    return app


def register(app: Flask) -> None:
    """All endpoints, and what happens around each."""
    http.install(app, open_paths=(*health.PATHS, openapi.DOCUMENT), open_below=(openapi.PAGE,))
    app.register_blueprint(health.blueprint)
    app.register_blueprint(openapi.blueprint)
    app.register_blueprint(openapi.page)
    for at_i in (endpoints, app_endpoints):
        app.register_blueprint(at_i.blueprint, url_prefix="/i")
    app.register_blueprint(oauth_endpoints.blueprint)
    app.register_blueprint(site.blueprint)
    for noun in NOUNS:
        app.register_blueprint(noun.blueprint, url_prefix="/2")
