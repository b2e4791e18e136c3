"""What should a search find? The meaning of a query once more, over documents in plain Python.

It shares no code with what asks OpenSearch, nor with its analysers. It knows as much of how texts
are cut as the words of the tests need.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any as Anything

from serving.search.terms import All, Any, Node, Not, Term

STEMS = {"storms": "storm", "flooding": "flood", "floods": "flood", "flooded": "flood"}
Row = Mapping[str, Anything]
_SIGNS = "[\u3040-\u30ff\u4e00-\u9fff]"


def holds(node: Node, row: Row, named: Mapping[str, int | None]) -> bool:
    """Whether the document has what the query says."""
    match node:
        case Not():
            return not holds(node.part, row, named)
        case All():
            return all(holds(part, row, named) for part in node.parts)
        case Any():
            return any(holds(part, row, named) for part in node.parts)
        case Term():
            return _has(node.kind, node.value, row, named)


def _has(kind: str, value: str, row: Row, named: Mapping[str, int | None]) -> bool:
    id = named.get(value)
    match kind:
        case "word":
            return _says(row, value) or _says_otherwise(row, value)
        case "phrase":
            return _says(row, value)
        case "tag":
            return folded(value) in map(folded, row["hashtags"])
        case "mention":
            return value in row["mentions"] or (id is not None and id in row["mention_ids"])
        case "cashtag":
            return value.upper() in row["cashtags"]
        case "from" | "to" | "retweets_of":
            field = {"from": "author_id", "to": "reply_to_user_id"}
            return id is not None and row[field.get(kind, "retweet_of_user_id")] == id
        case "url":
            parts = [re.findall(r"[a-z0-9]+", link.lower()) for link in row["links"]]
            asked = re.findall(r"[a-z0-9]+", value.lower())
            return any(_side_by_side(asked, [{p} for p in link]) for link in parts)
        case "lang":
            return bool(row["lang"] == value)
        case "conversation_id":
            return bool(row["conversation_id"] == int(value))
        case "since":
            return bool(row["created_at"] >= int(value))
        case "until":
            return bool(row["created_at"] < int(value))
        case "is" if value == "verified":
            return bool(row["verified"])
        case _:
            return f"{kind}:{value}" in row["kinds"]


def folded(text: str) -> str:
    wide = unicodedata.normalize("NFKD", text.lower().replace("\u2019", "'"))
    return unicodedata.normalize("NFC", "".join(c for c in wide if unicodedata.category(c) != "Mn"))


def _says(row: Row, text: str) -> bool:
    asked = _asked(text)
    tags = [[{word} for word in _tag_words(tag)] for tag in row["hashtags"]]
    return any(_side_by_side(asked, each) for each in [_cut(row["text"]), *tags])


def _says_otherwise(row: Row, word: str) -> bool:
    if row["lang"] != "en" or not word.isalpha():
        return False
    text = row["text"]
    for link in row["links"]:
        text = text.replace(link, " ")
    said = {STEMS.get(w, w) for w in re.findall(r"\w+", text.lower())}
    return STEMS.get(word.lower(), word.lower()) in said


def _cut(text: str) -> list[set[str]]:
    """The tokens at each position of a text: of signs that stand together each, and each pair."""
    text = folded(re.sub(r"https?://\S+", " ", text))
    found: list[set[str]] = []
    for run in _runs(text):
        if re.match(_SIGNS, run):
            found += [{sign, run[at : at + 2]} for at, sign in enumerate(run)]
        else:
            found.append({run})
    return found


def _asked(text: str) -> list[str]:
    found = []
    for run in _runs(folded(text)):
        if re.match(_SIGNS, run) and len(run) > 1:
            found += [run[at : at + 2] for at in range(len(run) - 1)]
        else:
            found.append(run)
    return found


def _runs(text: str) -> list[str]:
    return re.findall(rf"{_SIGNS}+|[a-z0-9_']+(?:\.[a-z0-9_']+)*|🌊|🔥", text)


def _tag_words(tag: str) -> list[str]:
    """Cut where a small letter meets a capital, a letter a digit, and at an underscore."""
    apart = re.sub(r"(?<=[a-zé])(?=[A-Z])|(?<=[A-Za-zé])(?=\d)|(?<=\d)(?=[A-Za-z])|_", " ", tag)
    return folded(apart).split()


def _side_by_side(asked: list[str], said: list[set[str]]) -> bool:
    return bool(asked) and any(
        all(word in said[at + n] for n, word in enumerate(asked))
        for at in range(len(said) - len(asked) + 1)
    )
