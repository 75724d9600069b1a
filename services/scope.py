"""Decide what a person of staff may do, and which cases they may see."""

from typing import Literal

from sqlalchemy import CTE, ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from db.cases import SupportCase
from db.people import Address, Person
from db.places import Station
from db.staff import Staff

Right = Literal[
    "cases", "people", "campaigns", "campaign_plans", "visits", "exams", "exam_plans", "broadcasts", "staff", "calendar",
    "places", "audit", "drafts", "statistics", "jobs", "events", "event_plans", "bookings",
]  # fmt: skip
_StationId = InstrumentedAttribute[int] | InstrumentedAttribute[int | None]
_NOTICES: frozenset[Right] = frozenset({"campaigns", "campaign_plans", "visits", "exams", "exam_plans", "broadcasts"})
_WORK: frozenset[Right] = frozenset({"jobs", "events", "event_plans"})

_RIGHTS: dict[str, frozenset[Right]] = {
    "admin": frozenset(
        {
            "cases",
            "people",
            "bookings",
            "staff",
            "calendar",
            "places",
            "audit",
            "drafts",
            "statistics",
            *_NOTICES,
            *_WORK,
        }
    ),
    "lead": frozenset(
        {"cases", "people", "bookings", "calendar", "places", "audit", "drafts", "statistics", *_NOTICES, *_WORK}
    ),
    "agent": frozenset({"cases", "people", "bookings", "drafts", *_NOTICES, *_WORK}),
    "editor": frozenset({"drafts", "broadcasts", *_WORK}),
    "grid": frozenset({"cases", "visits"}),
}
_WHOLE_BUREAU: frozenset[Right] = frozenset(
    {"calendar", "places", "audit", "campaign_plans", "exam_plans", "event_plans"}
)
"""What concerns every station, and so is not for the staff of one."""


def may(staff: Staff, right: Right) -> bool:
    """Tell whether a person of staff has a right."""
    if staff.role != "admin" and staff.station_id is not None and right in _WHOLE_BUREAU:
        return False
    return right in _RIGHTS[staff.role]


def visible_cases(staff: Staff) -> ColumnElement[bool]:
    """Return the condition on SupportCase that holds for the cases a person of staff may see."""
    if staff.role == "editor" or (staff.role == "grid" and staff.station_id is None):
        return false()
    if staff.role == "grid":
        return and_(SupportCase.kind == "errand", SupportCase.station_id == staff.station_id)
    if staff.role == "admin" or staff.station_id is None:
        return true()
    return _near(staff, SupportCase.station_id, staff.station_id)


def visible_people(staff: Staff) -> ColumnElement[bool]:
    """Return the condition on Person that holds for those of the stations, and those whose cases they may see."""
    if not may(staff, "people"):
        return false()
    if staff.role == "admin" or staff.station_id is None:
        return true()
    theirs = select(Address.person_id).join(SupportCase, SupportCase.address_id == Address.id)
    return or_(
        _near(staff, Person.station_id, staff.station_id),
        Person.id.in_(theirs.where(Address.person_id.is_not(None), visible_cases(staff))),
    )


def near(staff: Staff, column: _StationId) -> ColumnElement[bool]:
    """Return the condition that holds for what belongs to the stations of a person of staff, or to none."""
    return true() if staff.role == "admin" or staff.station_id is None else _near(staff, column, staff.station_id)


def _near(staff: Staff, column: _StationId, station_id: int) -> ColumnElement[bool]:
    own = column == station_id
    if staff.role == "lead":
        own = column.in_(select(_below(station_id).c.id))
    return or_(own, column.is_(None))


def _below(station_id: int) -> CTE:
    """Return the ids of a station and of all stations under it; UNION, so that even a circle of parents ends."""
    tree = select(Station.id).where(Station.id == station_id).cte(recursive=True)
    return tree.union(select(Station.id).where(Station.parent_id == tree.c.id))
