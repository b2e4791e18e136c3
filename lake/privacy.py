"""How much of each column does an analyst see?

A sentence in `lake/columns.py` says what a column means, a word here how it shows to the role of
an analyst, who knows nobody. Every column is in one group, or the tests fail:

    AS_IS      says nothing of a person: times, kinds, counts, tags, languages, ledgers
    PSEUDONYM  ids of people and of what they write, one or several ('3,4'): a keyed pseudonym, the
               same everywhere, so that tables join (lake/pseudonyms.py)
    REDUCED    null, beside it what is left of it (`REDUCTIONS`): a text's length and tags
    NEVER      null: names, free text, what may quote either

A pseudonym is no anonymity: who knows when somebody wrote a public tweet can find its row.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

import pyarrow as pa

from ingest.events.entities import hashtags
from ingest.events.words import folded
from views.features.tables import FEATURE_TABLES
from views.trends.places import places_of


class Role(StrEnum):
    """Who asks the lake: its owner sees it as it is."""

    OWNER = "owner"
    ANALYST = "analyst"


class Show(StrEnum):
    """How a column shows to an analyst."""

    AS_IS = "as it is"
    PSEUDONYM = "pseudonym"
    REDUCED = "reduced"
    NEVER = "never"


GROUPS: dict[Show, str] = {
    Show.AS_IS: """
        topic partition offset pos append_ms epoch day kind at_ms v
        toxicity_milli spam_milli action reasons scorer occasion decision label appeal
        held spam reporters
        lang previous_lang reply_settings poll_ends_ms choice
        place tag tags spelling window_hours rank score score_milli people hour_of_week four_hours
        days since_minute until_minute uses tag_uses expected_milli since_ms
        accepted private verified protected created_at_ms reads
        generation pulled followers reads_a_day posts_a_day
        end_offsets lake_versions parameters code_hash checksum made_at_ms previous flipped_at_ms
        measure total through like_count retweet_count reply_count quote_count bookmark_count
        followers_count following_count tweet_count listed_count member_count follower_count
        option_1 option_2 option_3 option_4
        step seconds view measured_at_ms keys differing lake_total speed_total absolute_difference
        table expectation why severity passed rows unexpected
        dag run_id task alarm
        feature_table asked_at_ms available_at_ms pointer served_values
        """,
    Show.PSEUDONYM: """
        key id author_id conversation_id reply_to_id reply_to_user_id quote_of_id first_id
        previous_id edit_ids mention_ids previous_mention_ids tagged_user_ids
        previous_tagged_user_ids media_ids previous_media_ids place_id poll_id voter_id
        tweet_id tweet_author_id user_id follower_id followee_id blocker_id blocked_id muter_id
        muted_id dismissed_id list_id member_id reader_id pinned_tweet_id reporter_id
        moderator_id request_id example_key viewer_id entity_id second_id
        candidate_id followed_by
        """,
    Show.REDUCED: "text previous_text location",
    Show.NEVER: """
        value name username description url examples reason comment text_key
        poll_option_1 poll_option_2 poll_option_3 poll_option_4
        """,
}
SHOWS: dict[str, Show] = {
    column: show for show, columns in GROUPS.items() for column in columns.split()
} | {name: Show.AS_IS for table in FEATURE_TABLES for name in table.names}


class Reduction(NamedTuple):
    """What is left of a value, as a column of its own; null where the value is."""

    column: str
    type: pa.DataType
    meaning: str
    of: Callable[[str], int | str | None]


def _tags(text: str) -> str | None:
    return ",".join(dict.fromkeys(folded(found.tag) for found in hashtags(text))) or None


def _place(location: str) -> int:
    return places_of(location)[0]


REDUCTIONS: dict[str, tuple[Reduction, ...]] = {
    "text": (
        Reduction("text_length", pa.int64(), "code points of the text", len),
        Reduction(
            "text_tags", pa.string(), "hashtags of the text, folded, 'a,b'; null: none", _tags
        ),
    ),
    "previous_text": (
        Reduction("previous_text_length", pa.int64(), "code points of that text", len),
    ),
    "location": (
        Reduction(
            "location_place", pa.int64(), "WOEID of the place in the location; 1: none", _place
        ),
    ),
}


class UnclassifiedColumn(KeyError):
    """A column of which nobody said whether it is personal: say it in lake/privacy.py."""

    def __init__(self, column: str) -> None:
        super().__init__(f"say in lake/privacy.py how much of the column {column!r} analysts see")

    def __str__(self) -> str:
        return str(self.args[0])


def show(column: str) -> Show:
    """How the column shows to an analyst. Raises `UnclassifiedColumn`."""
    if column not in SHOWS:
        raise UnclassifiedColumn(column)
    return SHOWS[column]
