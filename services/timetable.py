"""When each station is open and what can be had there, read once for all stations: their hours, the calendar, closed days."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from db.bookings import Service, StationClosure, StationService
from db.calendar import CalendarDay, OfficeHours
from db.places import Station
from services.calendar import Periods, WorkingCalendar, calendar_of, read_calendar
from services.station_hours import unpack_hours


@dataclass(frozen=True, slots=True)
class Provision:
    """A service as one station offers it."""

    station: Station
    service: Service
    minutes: int
    capacity: int


class Timetable:
    """The hours and services of stations at one moment; immutable, and without a database."""

    def __init__(
        self, calendar: WorkingCalendar, stations: Iterable[Station], provisions: Sequence[Provision],
        closures: Mapping[tuple[int, date], str], today: date | None,
    ) -> None:  # fmt: skip
        """Take what was read; a station that closes for good is still listed only if `today` is before that day."""
        self._calendar = calendar
        self._stations = {station.id: station for station in stations}
        weeks = {id_: unpack_hours(station.week) for id_, station in self._stations.items() if station.week is not None}
        self._never_open = {id_ for id_, week in weeks.items() if not week}
        self._calendars = {id_: calendar.with_week(week) for id_, week in weeks.items() if week}
        self._offered = {(one.station.id, one.service.id): one for one in provisions}
        self._closures = closures
        self._periods: dict[tuple[int, date], Periods] = {}
        self._starts: dict[tuple[date, Periods, int], tuple[datetime, ...]] = {}
        self.provisions: Sequence[Provision] = tuple(
            one for one in provisions
            if one.station.closed_on is None or (today is not None and today < one.station.closed_on)
        )  # fmt: skip

    def provision(self, station_id: int, service_id: int) -> Provision | None:
        """Return a service as a station offers it, None when it does not."""
        return self._offered.get((station_id, service_id))

    def closure(self, station_id: int, day: date) -> str | None:
        """Return why staff closed a station on a day, None when they did not."""
        return self._closures.get((station_id, day))

    def confirmed(self, day: date) -> bool:
        """Tell whether it is certain that a day is worked or free: decreed, or decided by staff."""
        return self._calendar.day(day).confirmed

    def note(self, day: date) -> str | None:
        """Return why a day is no ordinary one."""
        return self._calendar.day(day).note

    def periods(self, station_id: int, day: date) -> Periods:
        """Return the open hours of a station on a day, China time; none on a day that is free or closed."""
        known = self._periods.get((station_id, day))
        if known is None:
            known = self._periods[station_id, day] = self._read_periods(station_id, day)
        return known

    def _read_periods(self, station_id: int, day: date) -> Periods:
        station = self._stations.get(station_id)
        gone = station is None or (station.closed_on is not None and day >= station.closed_on)
        if gone or station_id in self._never_open or (station_id, day) in self._closures:
            return ()
        return self._calendars.get(station_id, self._calendar).periods(day)

    def starts(self, provision: Provision, day: date) -> tuple[datetime, ...]:
        """Return when one can come on a day: times that end before the period does, one after the other."""
        periods = self.periods(provision.station.id, day)
        key = day, periods, provision.minutes  # most stations keep the same hours
        if key not in self._starts:
            self._starts[key] = tuple(_cut(day, periods, timedelta(minutes=provision.minutes)))
        return self._starts[key]


def _cut(day: date, periods: Periods, length: timedelta) -> Iterable[datetime]:
    for opens, closes in periods:
        begins, ends = (datetime.combine(day, hour, CHINA).astimezone(UTC) for hour in (opens, closes))
        while begins + length <= ends:
            yield begins
            begins += length


async def read_timetable(
    db: AsyncSession, *, service_id: int | None = None, station_ids: Collection[int] | None = None,
    today: date | None = None,
) -> Timetable:  # fmt: skip
    """Read what is asked for with five statements, however many stations there are.

    All stations are in it with their hours; `service_id` limits what is offered, `station_ids` everything; with `today`
    it is about the days from then on, and a station that closes for good later is still listed.
    """
    calendar = await read_calendar(db)
    stations = (await db.scalars(_only(select(Station).order_by(Station.id), Station.id, station_ids))).all()
    offered = select(StationService, Service).join(Service, Service.id == StationService.service_id)
    offered = offered.order_by(StationService.station_id, Service.id)
    if service_id is not None:
        offered = offered.where(Service.id == service_id)
    by_id = {station.id: station for station in stations}
    provisions = [
        _provision(by_id[own.station_id], own, service)
        for own, service in await db.execute(_only(offered, StationService.station_id, station_ids))
        if own.station_id in by_id
    ]
    closed = select(StationClosure) if today is None else select(StationClosure).where(StationClosure.day >= today)
    rows = await db.scalars(_only(closed, StationClosure.station_id, station_ids))
    closures = {(row.station_id, row.day): row.reason for row in rows}
    return Timetable(calendar, stations, provisions, closures, today)


async def read_day(
    db: AsyncSession, station: Station, service_id: int, day: date
) -> tuple[Timetable, Provision] | None:  # fmt: skip
    """Read one day of a station that is locked, with one statement, for whoever books; None when it has no such service."""
    closed = and_(StationClosure.station_id == StationService.station_id, StationClosure.day == day)
    asked = (
        select(StationService, Service, StationClosure, CalendarDay, OfficeHours)
        .join(Service, Service.id == StationService.service_id)
        .outerjoin(StationClosure, closed)
        .outerjoin(CalendarDay, CalendarDay.day == day)
        .outerjoin(OfficeHours, true())  # one row for each period of the bureau's week
        .where(StationService.station_id == station.id, StationService.service_id == service_id)
    )
    rows = (await db.execute(asked)).all()
    if not rows:
        return None
    own, service, closure, marked, _ = rows[0]
    calendar = calendar_of([marked] if marked else [], [hours for *_, hours in rows if hours])
    closures = {(station.id, day): closure.reason} if closure else {}
    provision = _provision(station, own, service)
    return Timetable(calendar, [station], [provision], closures, None), provision


def _provision(station: Station, own: StationService, service: Service) -> Provision:
    return Provision(station, service, own.minutes or service.minutes, own.capacity or service.capacity)


def _only(rows: Select[*tuple[Any, ...]], column: Any, ids: Collection[int] | None) -> Select[*tuple[Any, ...]]:
    return rows if ids is None else rows.where(column.in_(list(ids)))
