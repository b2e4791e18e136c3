"""What must not be said is refused before it is in the log, however its link is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from moderation.links import BadEntry
from serving.errors import Forbidden
from serving.screening import Screening
from settings import Settings
from tests.people import Person

LINKS = [
    "http://forbidden.example/x",
    "https://a.FORBIDDEN.example.",
    "http://me@forbidden.example",
]


@pytest.mark.engines
@pytest.mark.parametrize("link", LINKS)
def test_a_tweet_with_a_forbidden_link_is_refused_and_nothing_of_it_is_there(
    alice: Person, link: str
) -> None:
    answer = alice.post(f"look at {link}")
    assert answer.status_code == 403, answer.text
    assert answer.json()["detail"] == "This links to forbidden.example, which is not allowed here."
    assert "data" not in alice.get(f"/users/{alice.id}/tweets").json()


@pytest.mark.engines
def test_no_other_way_to_say_it_gets_around_it(alice: Person) -> None:
    tweet = alice.tweet("good morning")
    edit = alice.post(f"now {LINKS[0]}", edit_options={"previous_post_id": tweet})
    poll = alice.post("which?", poll={"options": ["a", "forbidden.example"], "duration_minutes": 9})
    profile = alice.http.patch("/users/me", json={"url": LINKS[0]})
    a_list = alice.http.post("/lists", json={"name": "mine", "description": LINKS[1]})
    sign_up = alice.http.post(
        str(alice.http.base_url.join("/i/accounts")),
        json={
            "username": f"x{alice.username}"[:15],
            "email": f"{alice.username}@example.com",
            "password": "a long enough password",
            "name": "see forbidden.example",
        },
    )
    refused = (edit, poll, profile, a_list, sign_up)
    assert [answer.status_code for answer in refused] == [403] * 5, [a.text for a in refused]


def screening(folder: Path, *entries: str) -> Screening:
    (folder / "links.txt").write_text("\n".join(entries))
    return Screening(Settings(forbidden_links=folder / "links.txt"))


def test_the_list_is_what_the_settings_name(tmp_path: Path) -> None:
    mine = screening(tmp_path, "other.example/bad")
    mine.check("http://forbidden.example", "http://other.example/good", None)
    with pytest.raises(Forbidden, match=r"other.example/bad"):
        mine.check("fine", "http://other.example/bad/page")


def test_a_line_that_would_forbid_everybody_is_refused_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(BadEntry, match=r"co\.uk"):
        screening(tmp_path, "co.uk")
