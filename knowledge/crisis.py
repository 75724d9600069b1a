"""Recognise a person in danger before anything else is considered: recall goes before precision."""

from collections.abc import Mapping, Sequence
from typing import cast

from knowledge.cues import Cues
from knowledge.entry import Spoken
from knowledge.heard import Crisis
from knowledge.match import Hit
from knowledge.normalise import Words, bare

DANGER_ENTRY = "faq:xlyz-danger"
_ABOUT_DANGER = ("crisis:", DANGER_ENTRY)
"""The entry that tells what to do in danger is no harmless reading of a cry for help."""
_CUED_LEAD = -2.5
"""With a cue, how far likeness to danger may stay behind the best harmless reading."""
_ALIKE = ((0.0, 2.5), (-0.75, 5.5))
"""Without one: least lead over the best harmless reading, and the least score that goes with it."""
_SHORT, _SHORT_LIKENESS = 8, 0.75
"""Without a cue, a text of so few characters must be letter for letter this like a phrasing of danger."""


def _is_word_for_word(hit: Hit) -> bool:
    return not hit.key.startswith(_ABOUT_DANGER) and hit.features["ratio"] == 1.0


class Detector:
    """Cues, and the likeness to phrasings of danger against everything harmless."""

    def __init__(self, spoken: Mapping[str, Spoken], words: Words) -> None:
        self._words = words
        self._cues = {kind: Cues(s.cues, words) for kind, s in spoken.items()}

    def detect(self, text: str, hits: Sequence[Hit], *, leaning: bool = False) -> Crisis | None:
        """Return the kind of danger a simplified text speaks of, None for none; words that lean on others need a cue."""
        plain = bare(self._words.standard(text))
        cued = next((kind for kind, cues in self._cues.items() if cues.find(plain)), None)
        danger = next((hit for hit in hits if hit.key.startswith("crisis:")), None)
        if danger is None:
            return cast("Crisis | None", cued if not hits else None)
        alike = cast("Crisis", danger.key.partition(":")[2])
        lead = danger.score - max((hit.score for hit in hits if not hit.key.startswith(_ABOUT_DANGER)), default=0.0)
        if cued is not None:
            return (alike if lead > 0 else cast("Crisis", cued)) if lead > _CUED_LEAD else None
        if danger.features["ratio"] == 1.0:
            return alike
        if leaning or any(_is_word_for_word(hit) for hit in hits):
            return None
        if len(plain) <= _SHORT and danger.features["ratio"] < _SHORT_LIKENESS:
            return None
        return alike if any(lead > least and danger.score > score for least, score in _ALIKE) else None
