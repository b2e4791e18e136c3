"""How do reports, waiting tweets, decisions and notices look in an answer?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from ingest.events.moderation import reasons_of
from serving.moderation.appeals import answer
from serving.moderation.cases import Case
from serving.moderation.claims import Claim
from serving.moderation.reporting import Outcome
from serving.render.times import written
from serving.render.tweets import tweet
from serving.render.users import user
from serving.rows import Found
from views.moderation_history import APPEALED, DECIDED, REQUESTED, SCORED
from views.moderation_states import SCORE

Row = Mapping[str, Any]
Document = dict[str, Any]

SEVERITIES = ("urgent", "high", "normal")
TWEET_FIELDS = frozenset(
    {"author_id", "conversation_id", "created_at", "lang", "public_metrics", "attachments"}
)
USER_FIELDS = frozenset({"created_at", "description", "protected", "public_metrics", "verified"})
COMMENTS_AT_MOST = 10


def report(row: Row, came: Outcome) -> Document:
    said = {
        "tweet_id": str(row["tweet_id"]),
        "reason": row["reason"],
        "reported_at": written(row["at_ms"]),
        "status": came.status,
        "status_at": written(came.at_ms),
    }
    return said | ({"comment": row["comment"]} if row["comment"] else {})


def scores(row: Row) -> Document:
    """What the scorer said; of a row of `moderation_states`, or of the history."""
    return {
        "toxicity": (row["toxicity_milli"] or 0) / 1_000,
        "spam": (row["spam_milli"] or 0) / 1_000,
        "action": row["action"],
        "reasons": reasons_of(row["reasons"]),
        "scorer": row["scorer"],
        "scored_at": written(row["at_ms"]),
    }


def entry(row: Row) -> Document:
    """An entry of the history; of each kind what it says."""
    said: Document = {
        "kind": row["kind"],
        "tweet_id": str(row["tweet_id"]),
        "author_id": str(row["author_id"]),
        "at": written(row["at_ms"]),
    }
    match row["kind"]:
        case kind if kind == SCORED:
            said |= {"occasion": row["occasion"], "scores": scores(row)}
        case kind if kind == REQUESTED:
            said |= {"reporter_count": row["reporters"]}
        case kind if kind == DECIDED:
            said |= decision(row["who_id"], row["action"], row["reasons"], row)
        case kind if kind == APPEALED:
            said |= {"text": row["text"]}
    return said


def decision(moderator_id: int, action: str, reason: str, row: Row) -> Document:
    """What a person decided."""
    said = {
        "action": action,
        "moderator_id": str(moderator_id),
        "reason": reason or "",
        "appeal": bool(row["appeal"]),
        "spam": bool(row["spam"]),
    }
    return said | {name: row[name] for name in ("held", "label") if row[name]}


def audited(row: Row, score: Row | None) -> Document:
    """A row of the audit log, with what the scorer said of the tweet."""
    said: Document = {
        "kind": DECIDED,
        "tweet_id": str(row["tweet_id"]),
        "author_id": str(row["author_id"]),
        "at": written(row["at_ms"]),
    }
    said |= decision(row["decided_by"], row["decision"], row["reason"], row)
    return said | ({"scores": scores(score)} if score is not None else {})


def waiting(case: Case, found: Found, notices: int, claim: Claim | None) -> Document:
    """A tweet in the queue; `found` has it, and its author where there is one."""
    row, state = found.tweets[case.tweet_id], case.state
    said: Document = {
        "tweet": tweet(row, TWEET_FIELDS, found),
        "severity": SEVERITIES[case.severity or 0],
        "why": sorted(case.waits),
        "waiting_since": written(min(at_ms for _, at_ms in case.waits.values())),
        "state": {
            "action": state.action,
            "decided": state.decided,
            "reasons": list(state.reasons),
        }
        | ({"label": state.label} if state.label else {}),
        "reports": _reports(case),
        "history": [entry(each) for each in case.history],
        "author_notice_count": notices,
    }
    if (author := found.users.get(row.author_id)) is not None:
        said["author"] = user(author, USER_FIELDS, found)
    if case.score is not None:
        said[f"{SCORE}s"] = scores(case.score)
    if (appeal := case.open_appeal) is not None:
        said["appeal"] = {"text": appeal["text"], "at": written(appeal["at_ms"])}
    if claim is not None:
        said["claim"] = {
            "moderator_id": str(claim.moderator_id),
            "until": written(claim.until_ms),
        }
    return said


def _reports(case: Case) -> Document:
    """Who reported is nobody's business, not even a moderator's."""
    latest = sorted(case.standing_reports, key=lambda row: -row["at_ms"])
    comments = [row["comment"] for row in latest if row["comment"]]
    return {
        "count": len(latest),
        "by_reason": dict(Counter(row["reason"] for row in latest)),
        "comments": comments[:COMMENTS_AT_MOST],
    }


def notice(row: Row, *, can_appeal: bool) -> Document:
    by_person = bool(row["by_person"])
    said: Document = {
        "tweet_id": str(row["tweet_id"]),
        "at": written(row["at_ms"]),
        "action": row["action"],
        "decided_by": "person" if by_person else "scorer",
        "reasons": [row["reasons"]] if by_person else reasons_of(row["reasons"]),
        "can_appeal": can_appeal,
    }
    if row["label"]:
        said["label"] = row["label"]
    if (came := answer(row)) is not None:
        said["appeal"] = came
    return said


def blocked_tag(row: Row) -> Document:
    return {
        "tag": row["tag"],
        "moderator_id": str(row["moderator_id"]),
        "reason": row["reason"] or "",
        "blocked_at": written(row["at_ms"]),
    }
