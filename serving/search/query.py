"""What does a search query mean? Reads the language of X's recent search (`query.lark`).

>>> parse('storm OR "high water" -is:retweet')
Any(parts=(Term(kind='word', value='storm'), All(parts=(Term(kind='phrase', value='high water'), \
Not(part=Term(kind='is', value='retweet'))))))
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, VisitError

from ingest.events.entities import cashtags, hashtags
from serving.errors import InvalidRequest
from serving.query import LARGEST_ID
from serving.search.dsl import MOST_CLAUSES, clauses
from serving.search.terms import HAS, IS, All, Any, Node, Not, Term, depth, names_enough, terms

LONGEST = 512  # characters, as in X's recent search
DEEPEST = 12  # of groups in groups; OpenSearch takes twenty, and a word is some of them
_NAME = re.compile(r"[A-Za-z0-9_]{1,15}")
_ID = re.compile(r"[0-9]{1,19}")
_LANG = re.compile(r"[A-Za-z]{2,3}")
_TIMES = ("%Y-%m-%d", "%Y-%m-%d_%H:%M:%S_UTC", "%Y-%m-%dT%H:%M:%SZ")
KINDS = (
    *("from", "to", "url", "lang", "conversation_id", "retweets_of"),
    *("has", "is", "since", "until"),
)


class BadQuery(InvalidRequest):
    """The query is no query; `at` is where the trouble stands, from 0."""

    def __init__(self, query: str, at: int, why: str) -> None:
        super().__init__(f"{why} (at position {at + 1})", query=query[:200])
        self.at = at


class _Wrong(Exception):
    """What is wrong with a token."""

    def __init__(self, token: Token, why: str) -> None:
        self.at, self.why = token.start_pos or 0, why


def parse(query: str) -> Node:
    """Raises `BadQuery`, which says at which character (from 1) the trouble stands, and why."""
    if len(query) > LONGEST:
        raise BadQuery(query, LONGEST, f"a query has at most {LONGEST} characters")
    if not query.strip():
        raise BadQuery(query, 0, "there is nothing to search for")
    try:
        found: Node = _Reader().transform(_parser().parse(query))
    except UnexpectedInput as error:
        raise _misplaced(query, error) from None
    except VisitError as error:
        wrong = error.orig_exc
        if not isinstance(wrong, _Wrong):
            raise
        raise BadQuery(query, wrong.at, wrong.why) from None
    if depth(found) > DEEPEST:
        raise BadQuery(query, 0, "groups stand in each other too deep")
    _require_few(query, found)
    _require_a_name(query, found)
    return found


@cache
def _parser() -> Lark:
    grammar = Path(__file__).with_name("query.lark").read_text()
    return Lark(grammar, parser="lalr", lexer="basic", maybe_placeholders=False)


@v_args(inline=True)
class _Reader(Transformer[Token, Node]):
    """Tokens to terms, rules to nodes."""

    def any(self, *parts: Node) -> Node:
        return Any(parts)

    def all(self, *parts: Node) -> Node:
        return All(parts)

    def not_(self, part: Node) -> Node:
        return Not(part)

    def WORD(self, token: Token) -> Term:
        if token == "AND":
            raise _Wrong(token, "[AND] is no operator: a space means it")
        if token.startswith("--"):
            raise _Wrong(token, "one minus says it")
        return _term(token, "word", _said(token, token))

    def PHRASE(self, token: Token) -> Term:
        return _term(token, "phrase", _said(token, token[1:-1]))

    def TAG(self, token: Token) -> Term:
        found = hashtags(token)
        if len(found) != 1 or found[0].end != len(token):
            raise _Wrong(token, f"[{token}] is no hashtag")
        return _term(token, "tag", found[0].tag)

    def MENTION(self, token: Token) -> Term:
        return _term(token, "mention", _name(token, token[1:]))

    def CASHTAG(self, token: Token) -> Term:
        if len(found := cashtags(token)) != 1 or found[0].end != len(token):
            raise _Wrong(token, f"[{token}] is no cashtag")
        return _term(token, "cashtag", found[0].tag)

    def OPERATOR(self, token: Token) -> Term:
        kind, _, value = token.partition(":")
        kind, value = kind.lower(), value.strip('"')
        if value.startswith("//"):
            raise _Wrong(token, f'a link is looked for as url:"{token}"')
        if kind not in KINDS:
            raise _Wrong(token, f"[{kind}:] is no operator; there are {', '.join(KINDS)}")
        if not value:
            raise _Wrong(token, f"[{kind}:] says nothing to look for")
        return _term(token, kind, _value(token, kind, value))


def _term(token: Token, kind: str, value: str) -> Term:
    return Term(kind, str(value), token.start_pos or 0)


def _value(token: Token, kind: str, value: str) -> str:
    match kind:
        case "from" | "to" | "retweets_of":
            return _name(token, value.removeprefix("@"))
        case "has" | "is":
            return _one_of(token, HAS if kind == "has" else IS, value)
        case "lang":
            return _like(token, _LANG, value, "the code of a language").lower()
        case "conversation_id":
            if int(_like(token, _ID, value, "an id")) > LARGEST_ID:
                raise _Wrong(token, f"[{value}] is not an id")
            return value
        case "since" | "until":
            return str(_time_ms(token, value))
        case _:
            return _said(token, value)


def _said(token: Token, text: str) -> str:
    """The text, where there is a letter, a digit or a picture in it to look for."""
    if not any(c.isalnum() or unicodedata.category(c) == "So" for c in text):
        raise _Wrong(token, f"[{token}] has no word to search for")
    return text


def _name(token: Token, value: str) -> str:
    return _like(token, _NAME, value, "a username").lower()


def _like(token: Token, form: re.Pattern[str], value: str, what: str) -> str:
    if not form.fullmatch(value):
        raise _Wrong(token, f"[{value}] is not {what}")
    return value


def _one_of(token: Token, allowed: tuple[str, ...], value: str) -> str:
    if value.lower() not in allowed:
        raise _Wrong(token, f"[{token}] is no operator; there are {', '.join(allowed)}")
    return value.lower()


def _time_ms(token: Token, value: str) -> int:
    for form in _TIMES:
        try:
            return int(datetime.strptime(value, form).replace(tzinfo=UTC).timestamp() * 1000)
        except ValueError:
            continue
    raise _Wrong(token, f"[{value}] is no day like 2026-01-31, and no time like {_TIMES[1]}")


def _misplaced(query: str, error: UnexpectedInput) -> BadQuery:
    at = error.pos_in_stream if error.pos_in_stream is not None else len(query)
    if isinstance(error, UnexpectedCharacters):
        return BadQuery(query, at, "a quotation mark is not closed")
    token = getattr(error, "token", None)
    if token is None or token.type == "$END":
        left_open = _left_open(query)
        if left_open is None or query.rstrip().endswith("OR"):
            return BadQuery(query, len(query.rstrip()) - 2, "nothing follows [OR]")
        return BadQuery(query, left_open, "a group is not closed")
    at = token.start_pos
    if token.type == "_OR":
        return BadQuery(query, at, "[OR] stands between two things to search for")
    if _left_open(query[:at]) is None:
        return BadQuery(query, at, "no group is open here")
    return BadQuery(query, at, "something to search for is missing before this bracket")


def _left_open(query: str) -> int | None:
    """Where the innermost group begins that is not closed."""
    opened = []
    for at, sign in enumerate(re.sub('"[^"]*"', lambda phrase: " " * len(phrase[0]), query)):
        if sign == "(":
            opened.append(at)
        elif sign == ")" and opened:
            opened.pop()
    return opened[-1] if opened else None


def _require_few(query: str, found: Node) -> None:
    """OpenSearch refuses what has too many clauses; a word, in all its forms, is several."""
    so_far = 0
    for term in terms(found):
        so_far += clauses(term)
        if so_far > MOST_CLAUSES:
            raise BadQuery(query, term.at, "that is more than can be looked for at once")


def _require_a_name(query: str, found: Node) -> None:
    """As X does: what finds nearly everything is not looked for."""
    if names_enough(found):
        return
    vague = found
    while isinstance(vague, Any):
        vague = next(part for part in vague.parts if not names_enough(part))
    first = _first(vague)
    raise BadQuery(
        query,
        first.at,
        "beside what has:, is:, lang:, since:, until: and - say, there must be a word, a #tag, "
        "a user or another thing to look for",
    )


def _first(node: Node) -> Term:
    while not isinstance(node, Term):
        node = node.part if isinstance(node, Not) else node.parts[0]
    return node
