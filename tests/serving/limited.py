"""An API in this process, with other settings than the one that all tests share, on its stores."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask.testing import FlaskClient

from serving import services
from serving.app import create_app
from settings import Settings


@contextmanager
def api(settings: Settings, **others: object) -> Iterator[FlaskClient]:
    chosen = settings.model_copy(update=others)
    made = services.make(chosen)
    try:
        yield create_app(chosen, made).test_client()
    finally:
        made.close()
