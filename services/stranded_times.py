"""Where those can come instead whose visit cannot be any more: free times, and one for each that is not yet somebody else's."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from services.booking_rows import Visit
from services.booking_rules import BookingRules
from services.slots import Open, open_slots
from services.timetable import Timetable

_OF_A_HALF_DAY = 3
_MOST = 24
_FARTHEST = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Instead:
    """What one can have: some times of every half day, and the one that is proposed."""

    times: Sequence[Open]
    proposed: Open | None


async def instead(
    db: AsyncSession, timetable: Timetable, visits: Sequence[Visit], station_ids: Collection[int], rules: BookingRules,
    now: datetime,
) -> Mapping[int, Instead]:  # fmt: skip
    """Return by booking what is free at the same station, or at one of these where that has nothing any more."""
    wanted = {(one.station.id, one.service.id) for one in visits}
    own = await _free(db, timetable, wanted, rules, now)
    lost = {service for station, service in wanted if not own.get((station, service))}
    offering = {(one.station.id, one.service.id) for one in timetable.provisions if one.service.id in lost}
    others = {(station, service) for station, service in offering - wanted if station in station_ids}
    elsewhere = await _free(db, timetable, others, rules, now)
    given: Counter[tuple[int, int, datetime]] = Counter()
    found = {}
    for one in sorted(visits, key=lambda one: one.slot.starts_at):
        free = own.get((one.station.id, one.service.id)) or [
            time for (_, service), times in elsewhere.items() if service == one.service.id for time in times
        ]
        proposed = _proposed(free, one, given)
        found[one.booking.id] = Instead(_some(free, proposed), proposed)
    return found


async def _free(
    db: AsyncSession, timetable: Timetable, pairs: Iterable[tuple[int, int]], rules: BookingRules, now: datetime
) -> dict[tuple[int, int], list[Open]]:
    provisions = [provision for pair in sorted(pairs) if (provision := timetable.provision(*pair))]
    today = now.astimezone(CHINA).date()
    found: dict[tuple[int, int], list[Open]] = {}
    for time in await open_slots(db, timetable, provisions, today, today + _FARTHEST, rules, now):
        found.setdefault((time.station_id, time.service_id), []).append(time)
    return found


def _proposed(free: Sequence[Open], visit: Visit, given: Counter[tuple[int, int, datetime]]) -> Open | None:
    """Choose the next time from the old one on, else the first of all, of which a place is not proposed to another."""
    later = [time for time in free if time.starts_at >= visit.slot.starts_at]
    for time in sorted(later, key=lambda time: time.starts_at) + sorted(free, key=lambda time: time.starts_at):
        key = time.station_id, time.service_id, time.starts_at
        if given[key] < time.left:
            given[key] += 1
            return time
    return None


def _some(free: Sequence[Open], proposed: Open | None) -> list[Open]:
    """Return a few times of every half day, with the one that is proposed."""
    halves: Counter[tuple[int, date, bool]] = Counter()
    found: list[Open] = []
    for time in free:
        local = time.starts_at.astimezone(CHINA)
        half = time.station_id, local.date(), local.hour < 12
        halves[half] += 1
        if time == proposed or (halves[half] <= _OF_A_HALF_DAY and len(found) < _MOST):
            found.append(time)
    return found
