"""Text as it comes in and as it must go out, whatever the channel."""

import re
import unicodedata

_UNSEEN = re.compile(
    r"[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ud800-\udfff"
    r"\U000e0000-\U000e01ef]"
)
_ENDS = r"。!?;\uff01\uff1f\uff1b\n"  # half and full width
_SENTENCE = re.compile(rf"[^{_ENDS}]*[{_ENDS}]+|[^{_ENDS}]+")


def clean(text: str) -> str:
    """Drop control, zero-width and direction characters, which can hide or reorder words, and outer space."""
    return _UNSEEN.sub("", text).strip()


def has_words(text: str) -> bool:
    """Tell whether any letter or digit is left, so that emoji or punctuation alone is not taken for a question."""
    return any(unicodedata.category(c)[0] in "LN" for c in text)


def split_at_sentences(text: str, limit: int) -> list[str]:
    """Cut text into parts of at most `limit` characters, between sentences where one ends in time."""
    parts, part = [], ""
    for sentence in _SENTENCE.findall(text):
        if len(part) + len(sentence) > limit and part.strip():
            parts.append(part.strip())
            part = ""
        part += sentence
        while len(part) > limit:
            parts += filter(None, [part[:limit].strip()])
            part = part[limit:]
    return [*parts, part.strip()] if part.strip() else parts
