"""What a bureau reports of work: fairs, trainings and posts online, in the words of the yearly work reports."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from core.clock import CHINA
from db.events import Event
from services.period import Period
from services.work_material import Coming, Material, Offer

CLASSES, ACTIVITIES = ("adaptation", "skill", "degree", "startup"), ("lecture", "memorial", "other")
"""Kinds of events that are reported as trainings, and as activities."""


@dataclass(frozen=True, slots=True)
class Fairs:
    """One row of fairs: a single one, those of a month, or all."""

    label: str
    held: int
    employers: int
    """参会企业: at two fairs counted twice, as the reports do."""
    posts: int
    openings: int
    """提供岗位: how many people the posts are for."""
    applicants: int
    """求职人数 as staff counted them, or those who checked in where they are more."""
    intentions: int
    hired: int
    """签约、录用, on the spot."""
    missing: int
    """Fairs of which staff have not yet typed in what came of them."""
    event_id: int | None = None
    day: date | None = None
    """Both of a row that is a single fair."""


@dataclass(frozen=True, slots=True)
class Classes:
    """One kind of training or activity."""

    kind: str
    held: int
    signed: int
    people: int


@dataclass(frozen=True, slots=True)
class Online:
    """One row of posts that are offered here without a fair, and of what came of all referrals."""

    label: str
    employers: int
    posts: int
    openings: int
    referred: int
    hired: int
    still_there: int
    """Of those hired: who said after 30 days that they were still there."""


@dataclass(frozen=True, slots=True)
class Report:
    """The whole."""

    period: Period
    fairs: Fairs
    each_fair: Sequence[Fairs]
    fair_months: Sequence[Fairs]
    classes: Sequence[Classes]
    activities: Sequence[Classes]
    online: Online
    online_months: Sequence[Online]


def report(material: Material) -> Report:
    """Count; of many thousand posts it takes a moment, so not on the event loop."""
    whole, months = material.period, material.period.months()
    fairs = [event for event in material.events if event.kind == "fair"]
    return Report(
        whole,
        _fairs("合计", fairs, material),
        [_single(fair, material) for fair in fairs],
        [_fairs(_name(month), [fair for fair in fairs if _within(fair, month)], material) for month in months],
        [_classes(kind, material) for kind in CLASSES],
        [_classes(kind, material) for kind in ACTIVITIES],
        _online("合计", whole, material),
        [_online(_name(month), month, material) for month in months],
    )


def _fairs(label: str, fairs: Sequence[Event], material: Material) -> Fairs:
    theirs = {fair.id for fair in fairs}
    offers = [offer for offer in material.offers if offer.event_id in theirs]
    return Fairs(
        label, len(fairs), sum(len(material.at_fairs.get(fair.id, ())) for fair in fairs), len(offers), _openings(offers),
        sum(_came(fair.applicants, fair, material) for fair in fairs), _typed(fair.intentions for fair in fairs),
        _typed(fair.hired for fair in fairs), sum(None in (fair.intentions, fair.hired) for fair in fairs),
    )  # fmt: skip


def _single(fair: Event, material: Material) -> Fairs:
    row = _fairs(fair.title, [fair], material)
    return replace(row, event_id=fair.id, day=fair.starts_at.astimezone(CHINA).date())


def _classes(kind: str, material: Material) -> Classes:
    events = [event for event in material.events if event.kind == kind]
    signed = sum(_coming(event, material).signed for event in events)
    return Classes(kind, len(events), signed, sum(_came(event.attended, event, material) for event in events))


def _online(label: str, period: Period, material: Material) -> Online:
    offers = [offer for offer in material.offers if offer.event_id is None and _in(offer.day, period)]
    hired = [one for one in material.referred if one.hired_on is not None and _in(one.hired_on, period)]
    return Online(
        label, len({offer.employer_id for offer in offers}), len(offers), _openings(offers),
        sum(_in(one.day, period) for one in material.referred), len(hired), sum(one.still_there is True for one in hired),
    )  # fmt: skip


def _came(counted: int | None, event: Event, material: Material) -> int:
    """Return how many came: as counted by hand where that is more than those who checked in."""
    return max(counted or 0, _coming(event, material).came)


def _coming(event: Event, material: Material) -> Coming:
    return material.coming.get(event.id, Coming())


def _openings(offers: Collection[Offer]) -> int:
    return sum(offer.places for offer in offers)


def _typed(numbers: Iterable[int | None]) -> int:
    return sum(number or 0 for number in numbers)


def _within(event: Event, period: Period) -> bool:
    return period.starts <= event.starts_at < period.ends


def _in(day: date, period: Period) -> bool:
    return period.first <= day <= period.last


def _name(month: Period) -> str:
    return f"{month.first.year}年{month.first.month}月"
