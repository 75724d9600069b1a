"""What a bureau reports of its cases: how many, how soon, how well, in the words of the yearly work reports."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean, median

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import load_only

from db.cases import KINDS, SupportCase
from db.places import Station
from db.staff import Staff
from services.calendar import WorkingCalendar, read_calendar
from services.deadlines import Target, read_targets
from services.period import Period
from services.scope import visible_cases

NO_STATION = "没有分到站"
_GOOD_MARK = 4
_COUNTED = (
    SupportCase.kind, SupportCase.station_id, SupportCase.opened_at, SupportCase.closed_at, SupportCase.outcome,
    SupportCase.reopened, SupportCase.rating, SupportCase.first_answer_at,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """A case as far as it is counted."""

    kind: str
    station_id: int | None
    opened_at: datetime
    closed_at: datetime | None
    outcome: str | None
    reopened: int
    rating: int | None
    waited: int | None
    """Minutes to the first answer; None while there is none. Working minutes, but clock minutes in a crisis."""
    late: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """One row of the report."""

    label: str
    """The row's name; of a kind the kind itself, for the edge to name."""
    opened: int
    closed: int
    left: int
    """Not closed at the end of the period."""
    resolved: int
    first_time: float | None
    """一次性化解率: of those closed as resolved, the share never opened again."""
    marks: int
    satisfied: float | None
    """满意率: the share of marks 4 and 5."""
    mean_mark: float | None
    median_wait: float | None
    late: float | None
    """Of those opened, the share whose first answer came, or is, too late."""
    dangers: int
    false_alarms: int


@dataclass(frozen=True, slots=True)
class Report:
    """The whole, and the same by kind, by station and by month."""

    period: Period
    total: Figures
    kinds: Sequence[Figures]
    stations: Sequence[Figures]
    months: Sequence[Figures]


@dataclass(frozen=True, slots=True)
class Material:
    """What a report is made of, read in one go so that counting needs no database."""

    period: Period
    cases: Sequence[SupportCase]
    calendar: WorkingCalendar
    targets: dict[str, Target]
    stations: dict[int, str]


async def read(db: AsyncSession, staff: Staff, period: Period) -> Material:
    """Read every case that a member of staff may see and that was not closed before the period."""
    cases = await db.scalars(
        select(SupportCase)
        .options(load_only(*_COUNTED, raiseload=True))
        .where(
            visible_cases(staff),
            SupportCase.opened_at < period.ends,
            or_(SupportCase.closed_at.is_(None), SupportCase.closed_at >= period.starts),
        )
    )
    names = await db.execute(select(Station.id, Station.name).order_by(Station.name))
    return Material(period, cases.all(), await read_calendar(db), await read_targets(db), dict(iter(names)))


def report(material: Material, now: datetime) -> Report:
    """Count; takes the time of a few microseconds a case, so not on the event loop."""
    seen = [_look(case, material, now) for case in material.cases]
    period = material.period
    at_stations: dict[int | None, list[Seen]] = {}
    for case in seen:
        at_stations.setdefault(case.station_id, []).append(case)
    stations = [*material.stations.items(), (None, NO_STATION)]
    return Report(
        period,
        count("全部", seen, period),
        [count(kind, [case for case in seen if case.kind == kind], period) for kind in KINDS],
        [count(name, at_stations[id_], period) for id_, name in stations if id_ in at_stations],
        [count(f"{month.first.year}年{month.first.month}月", seen, month) for month in period.months()],
    )


def count(label: str, cases: Iterable[Seen], period: Period) -> Figures:
    """Count the cases of one row in one period."""
    starts, ends = period.starts, period.ends
    begun = [case for case in cases if case.opened_at < ends]
    opened = [case for case in begun if case.opened_at >= starts]
    left = [case for case in begun if case.closed_at is None or case.closed_at >= ends]
    closed = [case for case in begun if case.closed_at is not None and starts <= case.closed_at < ends]
    resolved = [case for case in closed if case.outcome == "resolved"]
    marks = [case.rating for case in closed if case.rating is not None]
    waits = [case.waited for case in opened if case.waited is not None]
    return Figures(
        label, len(opened), len(closed), len(left), len(resolved),
        _share(sum(case.reopened == 0 for case in resolved), len(resolved)),
        len(marks), _share(sum(mark >= _GOOD_MARK for mark in marks), len(marks)), fmean(marks) if marks else None,
        median(waits) if waits else None, _share(sum(case.late for case in opened), len(opened)),
        sum(case.kind == "crisis" for case in opened), sum(case.outcome == "false_alarm" for case in closed),
    )  # fmt: skip


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _look(case: SupportCase, material: Material, now: datetime) -> Seen:
    target = material.targets[case.kind].first
    waited = _minutes(case, case.first_answer_at, material.calendar) if case.first_answer_at else None
    until = case.first_answer_at or case.closed_at or now
    late = (waited if waited is not None else _minutes(case, until, material.calendar)) > target
    return Seen(
        case.kind, case.station_id, case.opened_at, case.closed_at, case.outcome, case.reopened, case.rating, waited,
        late,
    )  # fmt: skip


def _minutes(case: SupportCase, until: datetime, calendar: WorkingCalendar) -> int:
    if case.kind == "crisis":
        return max(until - case.opened_at, timedelta()) // timedelta(minutes=1)
    return calendar.minutes_between(case.opened_at, until)
