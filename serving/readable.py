"""Is a text fit to be shown where people say who they are?

>>> is_readable("山田\u3000太郎"), is_readable("👩\u200d🚀")
(True, True)
>>> is_readable("no\u202ebody"), is_readable(" ")
(False, False)
"""

from __future__ import annotations

import re
import unicodedata

# Control characters, line ends, and what turns the direction of all that follows; spaces of other
# scripts and the joiners inside emoji and Persian words are text.
HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")


def is_clean(text: str) -> bool:
    """Whether all of it is text; it may be empty."""
    return not HIDDEN.search(text)


def is_readable(text: str) -> bool:
    """Whether it is clean and there is something to see."""
    return is_clean(text) and any(unicodedata.category(sign)[0] not in "ZC" for sign in text)
