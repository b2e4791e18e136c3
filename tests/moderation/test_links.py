"""A forbidden link is found however it is spelt, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.links import BadEntry, LinkList

LIST = LinkList(["evil.example", "bücher.example", "host.example/bad", "203.0.113.0/24", "# none"])


@pytest.mark.parametrize(
    "written",
    [
        "evil.example",
        "EVIL.Example.",
        "deep.down.evil.example/page",
        "http://evil.example:8080/",
        "http://good.example@evil.example/",
        "http://good.example%40evil.example/",
        "http:\\\\evil.example",
        "http:/evil.example",
        "hxxps://evil[.]example",
        "evil (dot) example",
        "evil dot example",
        "http://%65vil.example",
        "http://%2565vil.example",
        "evil。example",
        "ｅｖｉｌ．ｅｘａｍｐｌｅ",
        "ev\u200bil.example",
        "http://\u0435vil.example",  # looks like it
        "http://xn--vil-qdd.example",  # the same in punycode
        "http://go.example/?to=http%3A%2F%2Fevil.example%2Fx",
        "http://go.example/?to=http%253A%252F%252Fevil.example",
        "http://go.example/r?url=evil.example&x=1",
        "http://a.example/?u=http%3A%2F%2Fb.example%2F%3Fu%3Dhttp%253A%252F%252Fevil.example",
        "(http://evil.example)",
        "see http://evil.example, now",
    ],
)
def test_an_entry_is_found(written: str) -> None:
    assert LIST.find(f"look {written} there") == "evil.example"


@pytest.mark.parametrize(
    "written", ["203.0.113.7", "http://3405803783/", "http://0xcb.0x0.0x71.7/", "http://[::ffff:203.0.113.7]/"]
)  # fmt: skip
def test_an_address_is_found_in_every_notation(written: str) -> None:
    assert LIST.find(f"http://{written.removeprefix('http://')}") == "203.0.113.0/24"


def test_a_name_in_another_script_is_its_punycode() -> None:
    assert LIST.find("http://BÜCHER.example") == LIST.find("xn--bcher-kva.example/x")
    assert LIST.find("http://bücher.example") == "bücher.example"


def test_an_entry_with_a_path_covers_what_is_below_it_alone() -> None:
    assert LIST.find("http://host.example/a/../BAD/x") == "host.example/bad"
    assert LIST.find("http://host.example/good?not=/bad") is None


@pytest.mark.parametrize(
    "written",
    [
        "notevil.example",
        "evil.example.org",
        "http://good.example/evil.example/page",
        "mail evil@good.example",
        "evil, example",
        "http://198.51.100.7",
        "nothing at all",
    ],
)
def test_what_is_not_on_the_list_is_not_found(written: str) -> None:
    assert LIST.find(written) is None


@pytest.mark.parametrize("entry", ["co.uk", "github.io", "http://", "word"])
def test_an_entry_that_would_do_harm_is_refused(entry: str) -> None:
    with pytest.raises(BadEntry, match="list of links"):
        LinkList([entry])


@given(st.text())
def test_any_text_can_be_searched(text: str) -> None:
    assert LIST.find(text) in (None, "evil.example", "host.example/bad", "203.0.113.0/24")
