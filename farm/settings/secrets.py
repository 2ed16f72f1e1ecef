"""Keeping passwords out of everything a person or a log may see."""

from __future__ import annotations

import re
from typing import overload

#: The password part of any URL inside a text: what stands between `scheme://user:` and the last `@`
#: before the path. Greedy on purpose: a password with an unescaped `@` is masked whole.
_URL_PASSWORD = re.compile(r"(?P<before>[a-zA-Z][a-zA-Z0-9+.-]*://[^\s:/?#@]*:)[^\s/?#]+(?=@)")
_NAMED_PASSWORD = re.compile(r"(?P<before>\bpassword\s*=\s*)[^\s&;,'\"]+", re.IGNORECASE)
_SHOWN = r"\g<before>***"


@overload
def mask(text: str) -> str: ...
@overload
def mask(text: None) -> None: ...
def mask(text: str | None) -> str | None:
    """Return a text with the passwords of every URL (and `password=…`) in it replaced by ***."""
    if text is None:
        return None
    if "://" in text:
        text = _URL_PASSWORD.sub(_SHOWN, text)
    if "=" in text:
        text = _NAMED_PASSWORD.sub(_SHOWN, text)
    return text
