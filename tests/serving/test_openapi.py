"""Can a person and a program find out what the API can do?"""

from __future__ import annotations

import re

import httpx
import pytest

from settings import Settings

pytestmark = pytest.mark.engines


def test_the_document_names_every_endpoint_and_needs_no_token(api_server: Settings) -> None:
    found = httpx.get(f"{api_server.api_url}/2/openapi.json").json()
    assert found["openapi"].startswith("3.1")
    create = found["paths"]["/2/tweets"]["post"]
    assert create["operationId"] == "createPosts"
    assert create["security"][0] == {"OAuth2UserToken": ["tweet.read", "tweet.write", "users.read"]}
    assert all(o["summary"] for path in found["paths"].values() for o in path.values())


def test_the_page_loads_nothing_from_elsewhere(api_server: Settings) -> None:
    page = httpx.get(f"{api_server.api_url}/docs/")
    assert page.status_code == 200
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", page.text)
