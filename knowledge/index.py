"""The knowledge in use: one immutable snapshot, exchanged whole when files change."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import cast

from core.text import clean, has_words
from core.turn import Outcome
from knowledge import crisis, decide, fraud, job_heard, split, vectors
from knowledge.content import SHIPPED, Content, documents
from knowledge.cues import Cues
from knowledge.entry import NATIONWIDE, Entry, Small
from knowledge.follow import FollowUp, follow_up
from knowledge.goods import Catalogue
from knowledge.heard import Answer, Context, Heard, Journey
from knowledge.leaning import ANSWERS, BRIEF, PICKS, Leaning, once
from knowledge.local import Local
from knowledge.match import Hit, Matcher, Reading
from knowledge.neighbours import Neighbours
from knowledge.normalise import Words, bare, simplify
from knowledge.place import Gazetteer, Place

LONGEST = 1000
"""Characters of a message that are looked at; a longer one is asked to be told in a sentence or two."""
_BESIDE = 3
"""Candidates looked at for entries that may help beside a journey that does not exist yet."""
_ITS_OWN = 8.0
"""By how much an entry must lead the warnings to answer words that tell of a fraud."""
_AS_WRITTEN = 0.8
"""From what likeness a text is one of the phrasings."""
_SMALL: Mapping[str, tuple[Journey, Outcome]] = {"smalltalk": ("smalltalk", "answer"), "elsewhere": ("none", "refuse")}


class Snapshot:
    """Content with its index; safe to use from many threads."""

    def __init__(
        self, content: Content, today: date, *, region: str = "", samples: bool = True, meaning: bool | None = None
    ) -> None:
        self.content, self.day = content, today
        self.entries = {slug: e for slug, e in content.entries.items() if e.valid_on(today)}
        self.profile = content.profile
        lexicon = content.lexicon
        words = Words(lexicon.words)
        use_meaning = vectors.available() if meaning is None else meaning
        stored = vectors.read(SHIPPED / "vectors.npz") if use_meaning else None
        cues = {f"journey:{name}": Cues(spoken.cues, words) for name, spoken in lexicon.journeys.items()}
        self.matcher = Matcher(documents(content, today), words, stored, cues)
        self.catalogue = Catalogue(list(content.offers.values()), lexicon.categories, words, samples=samples)
        self._crisis = crisis.Detector(lexicon.crisis, words)
        scopes = [e.scope for e in content.entries.values()] + [o.place for o in content.offers.values()]
        self.places = Gazetteer(content.provinces, [s for s in scopes if s != NATIONWIDE], lexicon.places)
        region = region or content.profile.region
        self.region = Place.parse(region) if region else None
        self._local = Local(self.entries, self.region)
        neighbours = Neighbours(self.entries, lambda text: bare(words.standard(simplify(text))))
        self._leaning = Leaning(self, self.matcher, self._local, neighbours)
        self._warnings = fraud.Warnings(self.matcher)
        self._asks = [(Cues(ask.cues, words), Cues(ask.told, words), ask) for ask in lexicon.ask_first]
        self._smalls: dict[str, Small] = {
            **{f"smalltalk:{s.slug}": s for s in lexicon.smalltalk},
            **{f"elsewhere:{s.slug}": s for s in lexicon.elsewhere},
        }

    def nothing_said(self) -> Heard:
        """Return the understanding of a pressed button or an event."""
        return Heard(self)

    def leans(self, text: str) -> bool:
        """Tell whether a text needs what was said before to be understood."""
        return len(text) < LONGEST and (len(bare(text)) <= BRIEF or self._follow_up(text) is not None)

    def hear(self, said: str, context: Context) -> Heard:
        """Understand a text; pure, and about 25 ms with the model."""
        text = clean(said)
        if not has_words(text):
            return Heard(self, text)
        reading = self.matcher.read(text[:LONGEST])
        hits = self.matcher.rank(reading)
        leaning = self._follow_up(text)
        beyond = self._crisis.detect(simplify(text), []) if len(text) > LONGEST else None
        wish = job_heard.strength(reading.standard, self.content.jobs)
        if kind := beyond or self._crisis.detect(simplify(text), hits, leaning=leaning is not None):
            return Heard(self, text, "crisis", "answer", crisis=kind, hits=tuple(hits))
        if len(text) > LONGEST:
            return Heard(self, text, hits=tuple(hits))
        hits = self.plain(hits)
        place = self.places.find(reading.standard)
        if heard := self._warn(reading, hits, place) or self._leaning.read(reading, leaning, hits, context, place):
            return heard
        if heard := self._ask(reading, hits, place):
            return heard
        heard = self._several(text, place) or self.choose(text, hits, place)
        return self._journey(text, "jobs", hits, 1.0, place) if _wishes(wish, heard) else heard

    def _follow_up(self, text: str) -> FollowUp | None:
        return follow_up(self.matcher.standard(simplify(text)))

    def _warn(self, reading: Reading, hits: Sequence[Hit], place: Place | None) -> Heard | None:
        """Put the warnings first where a fraud is told of; an entry that answers these very words keeps its place."""
        found, sure = self._warnings.rank(reading)
        if not found:
            return None
        alone = self.choose(reading.said, hits, place)
        if alone.outcome == "refuse" and not fraud.is_ours(reading.standard):
            return None
        warnings = [self.entries[hit.key[4:]] for hit in found[:ANSWERS]]
        if alone.answers and not fraud.warns(hits[0].key) and hits[0].score - found[0].score > _ITS_OWN:
            return replace(alone, near=tuple(warnings))
        if sure >= decide.ANSWER:
            return self.faq_heard(reading.said, found, sure, place)
        near = once(warnings, alone)
        return Heard(self, reading.said, "faq", "pick", near=near, score=sure, place=place, hits=tuple(found))

    def _ask(self, reading: Reading, hits: Sequence[Hit], place: Place | None) -> Heard | None:
        """Ask first where words fit several entries and leave out what tells these apart."""
        text = bare(reading.standard)
        ask = next((a for cues, told, a in self._asks if cues.find(text) and not told.find(text)), None)
        if ask is None:
            return None
        near = tuple(self.entries[slug] for slug in ask.choices.values())
        return Heard(self, reading.said, "faq", "pick", near=near, ask=ask, place=place, hits=tuple(hits))

    def _several(self, text: str, place: Place | None) -> Heard | None:
        """Answer several questions of one message, each in its turn; None when it holds one."""
        parts = split.parts(simplify(text))
        if len(parts) < 2:
            return None
        answers: list[Answer] = []
        for part in parts:
            heard = self.choose(part, self.plain(self.matcher.rank(self.matcher.read(part))), place)
            if heard.outcome == "answer" and heard.journey == "faq":
                answers += [a for a in heard.answers if not any(self._same(a.entry, b.entry) for b in answers)]
        if len(answers) < 2:
            return None
        offered = tuple(answer.entry for answer in answers[ANSWERS:])
        return Heard(self, text, "faq", "answer", tuple(answers[:ANSWERS]), offered, answers[0].score, place=place)

    def choose(self, text: str, hits: Sequence[Hit], place: Place | None) -> Heard:
        """Decide between the candidates by how sure the first is."""
        sure = decide.confidence(hits, self.same_key)
        if not hits or sure < decide.PICK:
            return Heard(self, text, score=sure, hits=tuple(hits))
        kind, _, name = hits[0].key.partition(":")
        if kind == "faq" and sure < decide.ANSWER and (cued := decide.cued_journey(hits)):
            kind, name = "journey", cued
        if kind == "faq" or sure < decide.OTHER:
            return self.faq_heard(text, hits, sure if kind == "faq" else decide.PICK, place)
        if kind == "journey":
            return self._journey(text, name, hits, sure, place)
        journey, outcome = _SMALL[kind]
        return Heard(self, text, journey, outcome, score=sure, small=self._smalls[hits[0].key], hits=tuple(hits))

    def _journey(self, text: str, name: str, hits: Sequence[Hit], sure: float, place: Place | None) -> Heard:
        outcome: Outcome = "answer" if name in ("goods", "handoff", "reminders", "jobs", "booking") else "refuse"
        near = tuple(self._local.fitting([self.entries[h.key[4:]] for h in self._faq(hits[:_BESIDE])], place))
        return Heard(self, text, cast("Journey", name), outcome, near=near, score=sure, place=place, hits=tuple(hits))

    def faq_heard(self, text: str, hits: Sequence[Hit], sure: float, place: Place | None) -> Heard:
        """Answer with the first entry where it is sure enough, else offer the first few."""
        found = self._local.fitting([self.entries[h.key[4:]] for h in self._faq(hits)], place)
        if not found:
            return Heard(self, text, score=sure, hits=tuple(hits))
        if sure >= decide.ANSWER and not decide.too_short(bare(simplify(text)), hits):
            answers = (Answer(found[0], sure, self.is_elsewhere(found[0], place)),)
            near = tuple(found[1:ANSWERS])
            return Heard(self, text, "faq", "answer", answers, near, sure, place=place, hits=tuple(hits))
        return Heard(self, text, "faq", "pick", near=tuple(found[:PICKS]), score=sure, place=place, hits=tuple(hits))

    def is_elsewhere(self, entry: Entry, place: Place | None = None) -> bool:
        """Tell whether a local entry holds neither at the place asked about nor at the bureau's own."""
        return self._local.is_elsewhere(entry, place)

    def _faq(self, hits: Sequence[Hit]) -> list[Hit]:
        return [hit for hit in hits if hit.key.startswith("faq:")]

    def plain(self, hits: Sequence[Hit]) -> list[Hit]:
        """Leave out danger, which is looked for first: its entry is no near miss to offer under another question."""
        harmless = [hit for hit in hits if not hit.key.startswith(("crisis:", "calm:"))]
        return [hit for n, hit in enumerate(harmless) if n == 0 or hit.key != crisis.DANGER_ENTRY]

    def same_key(self, one: str, other: str) -> bool:
        """Tell whether two candidates come to the same answer."""
        if one.startswith("faq:") and other.startswith("faq:"):
            return self._same(self.entries[one[4:]], self.entries[other[4:]])
        return one.partition(":")[0] == other.partition(":")[0] and one.startswith(("smalltalk:", "elsewhere:"))

    def _same(self, one: Entry, other: Entry) -> bool:
        """Tell whether two entries answer alike: they state a common fact, or one is the other's local form."""
        return bool(set(one.facts) & set(other.facts)) or other.slug == one.general or one.slug == other.general


def _wishes(strength: int, heard: Heard) -> bool:
    """Tell whether a text is a wish for work rather than what it was heard as; words of a known question are that question."""
    if heard.journey == "jobs" or (heard.hits and heard.hits[0].features["ratio"] > _AS_WRITTEN):
        return False
    unsure = heard.outcome in ("none", "pick")
    return strength >= (job_heard.WEAK if unsure else job_heard.STRONG)
