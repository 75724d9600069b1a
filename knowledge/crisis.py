"""Recognise a person in danger before anything else is considered: recall goes before precision."""

from collections.abc import Mapping, Sequence
from typing import cast

from knowledge.cues import Cues
from knowledge.entry import Spoken
from knowledge.heard import Crisis
from knowledge.match import Hit
from knowledge.normalise import Words, bare


class Detector:
    """Cues that suffice by themselves, and the likeness to phrasings of crises against all harmless ones."""

    def __init__(self, spoken: Mapping[str, Spoken], words: Words) -> None:
        self._words = words
        self._cues = {kind: Cues(s.cues, words) for kind, s in spoken.items()}

    def detect(self, text: str, hits: Sequence[Hit]) -> Crisis | None:
        """Return the kind of crisis a text speaks of, None for none."""
        plain = bare(self._words.standard(text))
        danger = next((h for h in hits if h.key.startswith("crisis:")), None)
        harmless = next((h.score for h in hits if not h.key.startswith("crisis:")), 0.0)
        lead = (danger.score if danger else 0.0) - harmless
        cued = next((kind for kind, cues in self._cues.items() if cues.find(plain)), None)
        if cued is not None and lead > -CUE_LEAD:
            return cast("Crisis", cued if danger is None else danger.key[7:] if lead > 0 else cued)
        if danger is not None and lead > WORDS_LEAD and danger.score > LEAST:
            return cast("Crisis", danger.key[7:])
        return None


CUE_LEAD, WORDS_LEAD, LEAST = 6.0, 0.0, 8.0
