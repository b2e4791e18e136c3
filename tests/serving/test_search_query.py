"""What a search query says, and what is said about one that is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.search.query import DEEPEST, LONGEST, BadQuery, parse
from serving.search.terms import All, Any, Node, Not, Term


def word(value: str) -> Term:
    return Term("word", value)


A, B, C = word("a"), word("b"), word("c")


@pytest.mark.parametrize(
    ("query", "means"),
    [
        ("a", A),
        ("a b", All((A, B))),
        ("a OR b", Any((A, B))),
        ("a OR b c", Any((A, All((B, C))))),
        ("a b OR c", Any((All((A, B)), C))),
        ("(a OR b) c", All((Any((A, B)), C))),
        ("a (b (c))", All((A, All((B, C))))),
        ("a -b", All((A, Not(B)))),
        ("-b a", All((Not(B), A))),
        ("a -(b OR c)", All((A, Not(Any((B, C)))))),
        ("a or b", All((A, word("or"), B))),
        ("ORANGE", word("ORANGE")),
        ("well-known 10:30", All((word("well-known"), word("10:30")))),
        ('"high water" a', All((Term("phrase", "high water"), A))),
        ('"a OR (b"', Term("phrase", "a OR (b")),
        ("東京タワー", word("東京タワー")),
        ("🌊", word("🌊")),
        ("a\u3000b", All((A, B))),
        ("#Café", Term("tag", "Café")),
        ("@Bob", Term("mention", "bob")),
        ("$TWTR", Term("cashtag", "TWTR")),
        ("from:@Alice to:bob", All((Term("from", "alice"), Term("to", "bob")))),
        ("FROM:alice", Term("from", "alice")),
        ("retweets_of:alice", Term("retweets_of", "alice")),
        ("conversation_id:12", Term("conversation_id", "12")),
        ('url:"https://example.com/a"', Term("url", "https://example.com/a")),
        ("url:example.com", Term("url", "example.com")),
        ("a lang:EN", All((A, Term("lang", "en")))),
        ("a has:links", All((A, Term("has", "links")))),
        ("a -is:retweet", All((A, Not(Term("is", "retweet"))))),
        ("a (has:media OR is:reply)", All((A, Any((Term("has", "media"), Term("is", "reply")))))),
        ("a since:2026-01-31", All((A, Term("since", "1769817600000")))),
        ("a until:2026-01-31_00:00:01_UTC", All((A, Term("until", "1769817601000")))),
    ],
)
def test_it_is_understood(query: str, means: Node) -> None:
    assert parse(query) == means


@pytest.mark.parametrize(
    ("query", "position", "why"),
    [
        (" ", 1, "nothing to search for"),
        ("!!", 1, "has no word"),
        ("a -", 3, "has no word"),
        ('a ""', 3, "has no word"),
        ("OR a", 1, "stands between"),
        ("a OR", 3, "nothing follows"),
        ("a OR OR b", 6, "stands between"),
        ("a AND b", 3, "a space means it"),
        ("(a (b)", 1, "not closed"),
        ("a (b", 3, "not closed"),
        ('a ("(" b', 3, "not closed"),
        ("a) b", 2, "no group is open"),
        ("a ()", 4, "missing before this bracket"),
        ('a "b', 3, "quotation mark is not closed"),
        ("a --b", 3, "one minus"),
        ("a foo:b", 3, r"\[foo:\] is no operator"),
        ("a has:", 3, "says nothing"),
        ("a has:wings", 3, "no operator"),
        ("a is:here", 3, "no operator"),
        ("a lang:english", 3, "code of a language"),
        ("a conversation_id:x", 3, "not an id"),
        ("a conversation_id:9223372036854775808", 3, "not an id"),
        ("from:al-ice", 1, "not a username"),
        ("a @b!", 3, "not a username"),
        ("a #1", 3, "no hashtag"),
        ("a $five-00", 3, "no cashtag"),
        ("a since:yesterday", 3, "no day"),
        ("a https://example.com", 3, 'url:"https://example.com"'),
        ("-a", 2, "there must be a word"),
        ("is:retweet has:media", 1, "there must be a word"),
        ("lang:en -a", 1, "there must be a word"),
        ("a OR -b", 7, "there must be a word"),
        ("a OR (is:quote has:links)", 7, "there must be a word"),
        (f"a {'(b ' * (DEEPEST + 1)}c{')' * (DEEPEST + 1)}", 1, "too deep"),
        ("a" * (LONGEST + 1), LONGEST + 1, "at most 512 characters"),
        ("a " * 250, 2 * 55 + 1, "more than can be looked for at once"),
    ],
)
def test_what_is_no_query_is_refused_where_the_trouble_stands(
    query: str, position: int, why: str
) -> None:
    with pytest.raises(BadQuery, match=rf"{why}.* \(at position {position}\)"):
        parse(query)


@given(st.text(st.sampled_from('ab ()"-#@$:OR.has:é東\u3000\n\x00🌊'), max_size=30))
def test_any_text_is_a_query_or_refused_at_a_place_in_it(text: str) -> None:
    found, trouble = None, None
    try:
        found = parse(text)
    except BadQuery as error:
        trouble = error.at
    assert found is not None or 0 <= trouble <= len(text)
