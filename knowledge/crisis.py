"""Recognise a person in danger before anything else is considered: recall goes before precision."""

from collections.abc import Mapping, Sequence
from typing import cast

from knowledge.cues import Cues
from knowledge.entry import Spoken
from knowledge.heard import Crisis
from knowledge.match import Hit
from knowledge.normalise import Words, bare

_ABOUT_DANGER = ("crisis:", "faq:xlyz-danger")
"""The entry that tells what to do in danger is no harmless reading of a cry for help."""
_CUED_LEAD = -2.5
"""With a cue, how far likeness to danger may stay behind the best harmless reading."""
_ALIKE = ((0.0, 2.5), (-0.75, 5.5))
"""Without one: least lead over the best harmless reading, and the least score that goes with it."""


def _is_word_for_word(hit: Hit) -> bool:
    return not hit.key.startswith(_ABOUT_DANGER) and hit.features["ratio"] == 1.0


class Detector:
    """Cues, and the likeness to phrasings of danger against everything harmless."""

    def __init__(self, spoken: Mapping[str, Spoken], words: Words) -> None:
        self._words = words
        self._cues = {kind: Cues(s.cues, words) for kind, s in spoken.items()}

    def detect(self, text: str, hits: Sequence[Hit]) -> Crisis | None:
        """Return the kind of danger a simplified text speaks of, None for none."""
        plain = bare(self._words.standard(text))
        cued = next((kind for kind, cues in self._cues.items() if cues.find(plain)), None)
        danger = next((hit for hit in hits if hit.key.startswith("crisis:")), None)
        if danger is None:
            return cast("Crisis | None", cued if not hits else None)
        harmless = max((hit.score for hit in hits if not hit.key.startswith(_ABOUT_DANGER)), default=0.0)
        if cued is None and any(_is_word_for_word(hit) for hit in hits):
            return None
        lead, alike = danger.score - harmless, cast("Crisis", danger.key.partition(":")[2])
        if any(lead > least and danger.score > score for least, score in _ALIKE):
            return alike
        return cast("Crisis", cued) if cued is not None and lead > _CUED_LEAD else None
