"""Understand words by the answer before them: its place in another county, a part of it, a neighbour, a correction."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from knowledge import decide
from knowledge.beside import Beside
from knowledge.entry import NATIONWIDE, Entry
from knowledge.follow import Field, FollowUp, names_only
from knowledge.heard import Answer, Context, Heard
from knowledge.local import Local
from knowledge.match import Hit, Matcher, Reading
from knowledge.neighbours import Neighbours
from knowledge.normalise import simplify
from knowledge.place import Place

if TYPE_CHECKING:
    from knowledge.index import Snapshot

PICKS, ANSWERS = 4, 3
BRIEF = 12
"""Characters of a text that is read with the answer before it."""
_AWAY, _SURELY_AWAY = 6.0, 3.0
"""By how much another meaning must lead to stand by itself, and when it would be answered outright."""
_MARK = "@"


class Leaning:
    """The snapshot's understanding, continued from the entry that was answered last."""

    def __init__(self, snapshot: "Snapshot", matcher: Matcher, local: Local, neighbours: Neighbours) -> None:
        self._snapshot, self._matcher, self._local, self._neighbours = snapshot, matcher, local, neighbours
        self._beside = Beside(snapshot.entries, matcher, neighbours, local, snapshot.same_key)

    def read(
        self, reading: Reading, leaning: FollowUp | None, hits: Sequence[Hit], context: Context, place: Place | None
    ) -> Heard | None:
        """Understand words by the answer before them; None when they stand by themselves."""
        text = reading.said
        if leaning is not None and leaning.kind == "correction":
            return self._correct(text, leaning.rest, context)
        last = self._snapshot.entries.get(context.entry or "")
        if last is None or (leaning is None and len(reading.repaired) > BRIEF):
            return None
        if place is not None and names_only(self._snapshot.places.without(reading.standard, _MARK), _MARK):
            return self._there(text, last, place)
        if self._neighbours.leads_away(reading.standard, last):
            return None
        field = leaning.field if leaning is not None else None
        if field == "who" or (field in ("bring", "where", "how_long") and getattr(last, field)):
            return Heard(
                self._snapshot, text, "faq", "answer", (Answer(last, 1.0),), score=1.0, part=field, place=place
            )
        return self._nearby(reading, leaning, hits, last, place)

    def _nearby(
        self, reading: Reading, leaning: FollowUp | None, hits: Sequence[Hit], last: Entry, place: Place | None
    ) -> Heard | None:
        """Answer words that say too little by themselves with the entry around the last one that they are nearest to."""
        alone = self._snapshot.choose(reading.said, hits, place)
        if alone.journey not in ("faq", "none") and (alone.journey == "smalltalk" or "cued" in hits[0].features):
            return None
        found, sure = self._beside.rank(reading, last, place)
        beside = self._snapshot.plain(found)
        if leaning is None and (sure < decide.ANSWER or _stands(alone, hits[0].score - beside[0].score)):
            return None
        near = [self._snapshot.entries[hit.key[4:]] for hit in beside]
        if leaning is not None and leaning.field is not None and (sure < decide.ANSWER or near[0] is last):
            others = tuple(entry for entry in near[:ANSWERS] if entry is not last)
            answer = Answer(last, 1.0)
            return Heard(
                self._snapshot, reading.said, "faq", "answer", (answer,), others, 1.0, part=leaning.field, place=place
            )
        if sure >= decide.ANSWER:
            return self._snapshot.faq_heard(reading.said, beside, sure, place)
        picks = once(near[: PICKS // 2], alone)
        return Heard(self._snapshot, reading.said, "faq", "pick", near=picks, score=sure, place=place, hits=tuple(hits))

    def _there(self, text: str, last: Entry, place: Place) -> Heard:
        """Answer what was answered before for another place: by its own rule, or by saying that we know of none."""
        own = self._local.own(last, place)
        if own and self._local.is_form(own[0], last):
            return Heard(
                self._snapshot, text, "faq", "answer", (Answer(own[0], 1.0),), tuple(own[1:ANSWERS]), 1.0, place=place
            )
        general = self._local.fitting([last], place)[0]
        answers, near = (Answer(general, 1.0, self._local.is_elsewhere(general, place)),), tuple(own[:ANSWERS])
        part: Field | None = "there" if general.scope == NATIONWIDE else None
        return Heard(self._snapshot, text, "faq", "answer", answers, near, 1.0, part=part, place=place)

    def _correct(self, text: str, rest: str, context: Context) -> Heard:
        """Answer what was really meant, leaving out what was answered before."""
        question = rest or context.question
        ranked = self._snapshot.plain(self._matcher.rank(self._matcher.read(question)))
        hits = [hit for hit in ranked if hit.key != f"faq:{context.entry}"]
        heard = self._snapshot.choose(text, hits, self._snapshot.places.find(simplify(question)))
        if rest or heard.journey != "faq":
            return heard if rest else Heard(self._snapshot, text, hits=tuple(hits))
        near = tuple(a.entry for a in heard.answers) + heard.near
        return Heard(
            self._snapshot,
            text,
            "faq",
            "pick",
            near=near[:PICKS],
            score=heard.score,
            place=heard.place,
            hits=heard.hits,
        )


def _stands(alone: Heard, lead: float) -> bool:
    """Tell whether words that do not look like a follow-up mean by themselves what they were heard as."""
    if alone.journey != "faq" and alone.outcome != "none":
        return True
    return lead > (_SURELY_AWAY if alone.outcome == "answer" else _AWAY)


def once(first: Sequence[Entry], heard: Heard) -> tuple[Entry, ...]:
    """Return some entries and those that were heard, each once, as many as are offered."""
    entries = (*first, *(answer.entry for answer in heard.answers), *heard.near)
    return tuple({entry.slug: entry for entry in entries}.values())[:PICKS]
