"""One scorer: texts and counts in, scores, an action and its reasons out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from moderation.actions import THRESHOLDS, Action, decide
from moderation.behaviour import Activity, behaviour, like_text, same_text, together
from moderation.disguises import undisguised
from moderation.scorer import Scorer

KIND = "Thank you all for coming, it was a lovely evening"
RUDE = "@alice you are a stupid idiot, shut up"
ADVERT = "WINNER!! Claim your £1000 prize now, call 09061234567. Cost 150ppm, txt STOP to end"


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return Scorer.load()


@pytest.mark.parametrize(
    ("toxicity", "spam", "action"),
    [
        (0.49, 0.49, Action.ALLOW),
        (0.5, 0.0, Action.SENSITIVE),
        (0.7, 0.0, Action.SENSITIVE),
        (0.71, 0.0, Action.REVIEW),
        (0.9, 0.0, Action.REVIEW),
        (0.91, 0.0, Action.BLOCK),
        (0.0, 0.5, Action.LABEL),
        (0.0, 0.8, Action.LABEL),
        (0.0, 0.81, Action.REVIEW),
        (0.6, 0.6, Action.SENSITIVE),
    ],
)
def test_the_weightiest_row_decides(toxicity: float, spam: float, action: Action) -> None:
    assert decide(toxicity, spam)[0] is action


def test_each_kind_of_text_gets_its_score(scorer: Scorer) -> None:
    kind, rude, advert = scorer.score([KIND, RUDE, ADVERT])
    assert (kind.action, kind.reasons) == (Action.ALLOW, ())
    assert rude.toxicity > 0.7
    assert "toxicity" in rude.reasons
    assert advert.spam > 0.8
    assert advert.action is Action.REVIEW


def test_a_text_scores_the_same_alone_and_among_others(scorer: Scorer) -> None:
    together = scorer.score([KIND, RUDE, ADVERT])
    assert [scorer.score([text])[0] for text in (KIND, RUDE, ADVERT)] == together
    assert Scorer.load(threads=2).score([KIND, RUDE, ADVERT]) == together


@pytest.mark.parametrize("text", ["", " ", "😂", "\u200b", "word " * 5_000, "\ud800", "\x00"])
def test_whatever_is_written_can_be_scored(scorer: Scorer, text: str) -> None:
    (scores,) = scorer.score([text])
    assert 0 <= scores.toxicity <= 1
    assert 0 <= scores.spam <= 1


@pytest.mark.parametrize(
    "disguised", ["@alice you are a stup1d 1d10t", "@alice you are a s.t.u.p.i.d i d i o t"]
)
def test_a_disguise_does_not_help(scorer: Scorer, disguised: str) -> None:
    assert scorer.score([disguised])[0].toxicity > 0.5


def test_numbers_and_names_are_no_disguise() -> None:
    text = "b4 5pm at gate a1, 4x4 for $100, call u2, a b c"
    assert undisguised(text, {"idiot", "all"}.__contains__) == text


def test_a_forbidden_link_blocks_at_once_and_when_scored(scorer: Scorer) -> None:
    text = f"{KIND} http://FORBIDDEN.example./x"
    screened = scorer.screen(text)
    assert screened is not None
    assert screened.action is scorer.score([text])[0].action is Action.BLOCK
    assert screened.reasons == ("forbidden_link:forbidden.example",)
    assert scorer.screen(KIND) is None


def test_known_spam_blocks_however_it_is_dressed(scorer: Scorer) -> None:
    knowing = Scorer(
        scorer.toxicity, scorer.spam, scorer.forbidden, scorer.misleading,
        known_spam=frozenset({same_text(ADVERT)}),
    )  # fmt: skip
    screened = knowing.screen(ADVERT.lower())
    assert screened is not None
    assert screened.reasons[0] == "known_spam"
    assert knowing.score([ADVERT])[0].action is Action.BLOCK


def test_what_people_do_weighs_nothing_and_what_machines_do_weighs_much() -> None:
    assert behaviour(Activity(posts_hour=10, follows_hour=20, links_hour=5)) == 0
    assert behaviour(Activity(same_texts_day=30)) > 0.8
    assert behaviour(Activity(follows_hour=250, churned_day=80)) > 0.8
    assert behaviour(Activity(posts_minute=10**9, posts_hour=10**9)) < 1


def test_repeating_oneself_to_followers_alone_sends_nothing_to_review() -> None:
    often = Activity(same_texts_day=100, like_texts_day=100, account_hours=1, reaches_out=False)
    assert THRESHOLDS.label_spam < behaviour(often) < THRESHOLDS.review_spam
    assert behaviour(replace(often, reaches_out=True)) > THRESHOLDS.review_spam
    hasty = replace(often, posts_minute=30)
    assert behaviour(hasty) > THRESHOLDS.review_spam


def test_a_new_account_may_do_half_as_much() -> None:
    assert behaviour(Activity(follows_hour=60)) == 0
    assert behaviour(Activity(follows_hour=60, account_hours=1)) > 0


def test_the_same_activity_adds_to_what_the_text_says(scorer: Scorer) -> None:
    quiet, busy = scorer.score([KIND] * 2, [Activity(), Activity(like_texts_day=25)])
    assert quiet.action is Action.ALLOW
    assert busy.action is Action.REVIEW
    assert together(0.5, 0.5) == 0.75


def test_texts_from_one_template_are_alike() -> None:
    first, second = "@alice buy 3 now https://a.example", "@bob @carol BUY 77 now!! b"
    assert like_text(first) != like_text(second)
    assert like_text(first) == like_text("@bob @carol BUY 77 now!! https://b.example/x")
    assert same_text(first) != same_text("@bob buy 4 now https://a.example")
