"""Cut Chinese text into words."""

import logging
from functools import lru_cache

import jieba

jieba.setLogLevel(logging.CRITICAL)  # it reports its start, and a cache file of another user, as if either mattered


@lru_cache(65536)
def cut(text: str) -> tuple[str, ...]:
    """Return the words of a text by dictionary alone: guessing at unknown ones is slower, and no better here."""
    return tuple(w for w in jieba.cut(text, HMM=False) if w.strip())
