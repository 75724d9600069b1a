"""What work somebody wants, from their own words; what was not understood is kept to be shown."""

from dataclasses import dataclass

from knowledge import job_age, job_hours, job_pay, job_rest, job_told_kinds, job_where
from knowledge.job_corrected import TAKES_BACK
from knowledge.job_mend import mend
from knowledge.job_places import JobPlaces
from knowledge.job_said import Said
from knowledge.job_wish import Wish
from knowledge.job_words import JobWords
from knowledge.normalise import simplify

__all__ = ["JobPlaces", "Understood", "understand"]


@dataclass(frozen=True, slots=True)
class Understood:
    """What was made of somebody's words."""

    wish: Wish
    unparsed: tuple[str, ...] = ()
    """Pieces of what was said that mean nothing to us, as they were said."""
    unknown_place: str | None = None
    """A township or place that was named and is none of ours; the wish then says nothing of it."""
    near_names: tuple[str, ...] = ()
    """Names of townships that sound or look like it."""
    subscribes: bool = False
    """The words ask to be told later, as 有了告诉我 does."""


def understand(text: str, words: JobWords, places: JobPlaces) -> Understood:
    """Read a wish from free text: each reader takes its own words, and what is left was not understood."""
    plain = simplify(text)
    said = Said(mend(plain, words), plain)
    subscribes = job_rest.subscribes(said)
    where = job_where.where(said, places, words)
    shift, form = job_hours.shift(said), job_hours.form(said)
    pay_from = job_pay.pay_from(said)
    birth_year = job_age.birth_year(said, places.year)
    perks = words.take_perks(said)
    kinds = job_told_kinds.kinds(said, words)
    said.take_all(TAKES_BACK)
    unparsed = job_rest.unparsed(said, words)
    wish = Wish(
        cities=where.cities,
        townships=where.townships,
        kinds=kinds.wanted,
        not_kinds=kinds.refused,
        pay_from=pay_from,
        shift=shift,
        form=form,
        birth_year=birth_year,
        perks=perks,
        words=" ".join((*kinds.said, *unparsed)),
    )
    return Understood(wish, unparsed, where.unknown, where.near, subscribes)
