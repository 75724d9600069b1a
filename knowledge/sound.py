"""How Chinese sounds: pinyin without tones, and what southern speakers and voice input mix up."""

import re
from functools import lru_cache

from pypinyin import lazy_pinyin, pinyin_dict

from knowledge.cutting import cut

_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("f", "h"))
_FINALS = (("ang", "an"), ("eng", "en"), ("ing", "in"))
_FIRST_HAN, _LAST_HAN = 0x4E00, 0x9FA5
_LATIN = re.compile(r"[a-z' ]{4,120}")
_VOWEL = re.compile("[aeiouv]")
_LONGEST_SYLLABLE = 6


@lru_cache(8192)
def syllables(text: str) -> tuple[str, ...]:
    """Return one toneless syllable for each Chinese character; other runs stay whole."""
    return tuple(syllable for word in cut(text) for syllable in _word_syllables(word))


@lru_cache(32768)
def _word_syllables(word: str) -> tuple[str, ...]:
    return tuple(lazy_pinyin(word))


@lru_cache(2048)
def blur(syllable: str) -> str:
    """Merge the sounds that many speakers do not tell apart (zh/z, n/l, f/h, ang/an …)."""
    for long, short in _INITIALS:
        if syllable.startswith(long):
            syllable = short + syllable[len(long) :]
            break
    for long, short in _FINALS:
        if syllable.endswith(long):
            return syllable[: -len(long)] + short
    return syllable


@lru_cache(8192)
def blurred(text: str) -> tuple[str, ...]:
    """Return the syllables with mixed-up sounds merged."""
    return tuple(map(blur, syllables(text)))


@lru_cache(1)
def _known_syllables() -> frozenset[str]:
    common = (chr(code) for code in pinyin_dict.pinyin_dict if _FIRST_HAN <= code <= _LAST_HAN)
    return frozenset(filter(_VOWEL.search, lazy_pinyin("".join(common))))


def spelled(text: str) -> tuple[str, ...] | None:
    """Read Latin letters as pinyin ("youdaizheng zenme ban"); None when they are not."""
    text = text.strip()
    if not _LATIN.fullmatch(text):
        return None
    out: list[str] = []
    for run in filter(None, re.split(r"[' ]+", text)):
        read = _read_run(run)
        if not read:
            return None
        out += read
    return tuple(map(blur, out)) if len(out) > 1 else None


def _read_run(run: str) -> tuple[str, ...]:
    """Cut a run of letters into syllables, each as long as the rest allows: qu-nian, not qun-ian; () when none fit."""
    known = _known_syllables()
    readings: dict[int, tuple[str, ...]] = {len(run): ()}  # of what begins at each letter
    for start in reversed(range(len(run))):
        ends = range(min(len(run), start + _LONGEST_SYLLABLE), start, -1)
        if end := next((e for e in ends if e in readings and run[start:e] in known), None):
            readings[start] = (run[start:end], *readings[end])
    return readings.get(0, ())
