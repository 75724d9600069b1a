"""Recognise a person in danger before anything else is considered: recall goes before precision."""

import re
from collections.abc import Mapping, Sequence
from typing import cast

from knowledge import calm, weigh
from knowledge.cues import Cues
from knowledge.entry import Spoken
from knowledge.heard import Crisis
from knowledge.match import Hit
from knowledge.normalise import Words, bare

DANGER_ENTRY = "faq:xlyz-danger"
_ABOUT_DANGER = ("crisis:", DANGER_ENTRY)
"""The entry that tells what to do in danger is no harmless reading of a cry for help."""
_LEAD, _CUED_LEAD, _TOLD_LEAD = -0.3, -4.0, 3.0
"""Least lead of the likeness to danger over the best harmless reading: alone, with a cue, and when only told of."""
_FAINT, _FAINT_LEAD = 4.5, 1.0
"""Without a cue, a text less like danger than this must lead by more."""
_SHORT, _SHORT_LIKENESS, _SHORT_LEAD = 8, 0.6, 2.0
"""Without a cue, a text of so few characters must be letter for letter this like a phrasing of danger, or lead by more."""
_LAST_WORDS = re.compile("(?:想死|不想活|活不下去)了?$")
"""Whoever ends so means it, however much of the text asks for something else."""


def _is_word_for_word(hit: Hit) -> bool:
    return not hit.key.startswith(_ABOUT_DANGER) and hit.features["ratio"] == 1.0


def _likeness(hit: Hit) -> float:
    """Weigh letters and words only: sentence vectors put a cry for help near to any talk of trouble."""
    return sum(weight * hit.features.get(name, 0.0) for name, weight in weigh.LEXICAL.items())


class Detector:
    """Cues, and the likeness to phrasings of danger against everything harmless."""

    def __init__(self, spoken: Mapping[str, Spoken], words: Words) -> None:
        self._words = words
        self._cues = {cast("Crisis", kind): Cues(s.cues, words) for kind, s in spoken.items()}

    def detect(self, text: str, hits: Sequence[Hit], *, leaning: bool = False) -> Crisis | None:
        """Return the kind of danger a simplified text speaks of, None for none; words that lean on others need a cue."""
        plain = bare(self._words.standard(text))
        return None if calm.nothing_else(plain) else self._detect(plain, hits, leaning=leaning)

    def _detect(self, plain: str, hits: Sequence[Hit], *, leaning: bool) -> Crisis | None:
        literal = calm.literal(plain)
        cued = [kind for kind, cues in self._cues.items() if cues.find(literal)]
        meant = bool(cued and _LAST_WORDS.search(literal)) and not calm.told(plain)
        if meant or not hits:
            return cued[0] if cued else None
        harmless = max((_likeness(hit) for hit in hits if not hit.key.startswith(_ABOUT_DANGER)), default=0.0)
        danger = max((hit for hit in hits if hit.key.startswith("crisis:")), key=_likeness, default=None)
        if danger is None:
            return cued[0] if cued and -harmless > _CUED_LEAD and not calm.told(plain) else None
        alike = cast("Crisis", danger.key.partition(":")[2])
        if danger.features["ratio"] == 1.0:
            return alike
        lead = _likeness(danger) - harmless
        least = _TOLD_LEAD if calm.told(plain) else _CUED_LEAD if cued else _LEAD
        if lead <= least or any(map(_is_word_for_word, hits)):
            return None
        if cued:
            return alike if alike in cued or lead > 0 else cued[0]
        return alike if not leaning and self._is_plain(plain, danger, lead) else None

    def _is_plain(self, plain: str, danger: Hit, lead: float) -> bool:
        """Tell whether likeness alone is enough."""
        if _likeness(danger) < _FAINT and lead < _FAINT_LEAD:
            return False
        return len(plain) > _SHORT or lead > _SHORT_LEAD or danger.features["ratio"] >= _SHORT_LIKENESS
