"""A moderator goes through the queue by forms alone; nobody else sees it."""

from __future__ import annotations

import re

import pytest

from tests.engines.waiting import until
from tests.people import NewPerson, Person
from tests.serving.auth.browsers import Browser
from tests.serving.auth.test_pages import send

pytestmark = pytest.mark.engines


def test_a_moderator_claims_and_decides_by_forms(
    dave: Browser, name: str, alice: Person, new_person: NewPerson
) -> None:
    assert dave.http.get("/i/moderation").status_code == 403
    assert "/i/moderation" not in dave.http.get("/i/settings").text
    alice.services.auth.moderators.appoint(name)
    seen = lambda: dave.http.get("/i/moderation").status_code == 200  # noqa: E731
    until(seen, 5, why="a moderator does not see the queue")
    tweet = alice.tweet("<script>alert('you fools')</script>")
    for who in ("bob", "carol", "erin"):
        said = {"reason": "violence", "comment": f"{who} says so"}
        answer = new_person(who).http.post(f"/tweets/{tweet}/report", json=said)
        assert answer.status_code == 200, answer.text

    path = f"/i/moderation/{tweet}"
    assert path in dave.http.get("/i/moderation").text
    page = dave.http.get(path).text
    assert "&lt;script&gt;" in page
    assert "<script>" not in page
    assert "erin says so" in page
    assert f"@{alice.username}" in page
    assert "Decide</button>" not in page  # it is nobody's yet
    assert send(dave, path, f"{path}/claim").headers["location"] == path
    page = dave.http.get(path).text
    assert all(f'accesskey="{key}"' in page for key in "alsbd")
    nothing = send(dave, path, f"{path}/decision", decision="label", reason="Why", label="")
    assert nothing.status_code == 400
    assert re.findall(r'aria-invalid="true"[^>]* autofocus id="(\w+)"', nothing.text) == ["label"]
    assert nothing.text.count(" autofocus ") == 1
    done = send(dave, path, f"{path}/decision", decision="block", reason="A threat", label="")
    assert done.status_code == 303
    assert "written down" in dave.http.get(done.headers["location"]).text
    assert path not in dave.http.get("/i/moderation").text
    told = alice.get(f"/users/{alice.id}/moderation_notices").json()["data"]
    assert told[0]["reasons"] == ["A threat"]
    forged = dave.http.post(f"{path}/decision", data={"decision": "allow", "reason": "x"})
    assert forged.status_code == 403
