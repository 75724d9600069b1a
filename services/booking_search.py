"""Find a booking for staff: by its code, or by a whole name or phone, on file or only written down for the visit."""

import re
import unicodedata
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import day_of, start_of
from core.errors import Refusal
from db.bookings import Booking, Slot
from db.people import Person
from db.places import Station
from db.staff import Staff
from services import booking_lists, booking_rows, visitors
from services.booking_rows import CODE_PREFIX, Visit
from services.cases import CODE
from services.masks import read_name, read_phone
from services.person_cards import name_key, phone_key
from services.scope import near
from services.vault import Vault

GONE = "没有找到这个预约，或者不是您的站的。"
NOTHING_TO_FIND = "请写预约码，或者完整的姓名，或者电话（也可以只写后四位）。"
_CODE = re.compile(rf"YY\W?({CODE})|^({CODE})$")
_TAIL = re.compile(r"[0-9]{4}")
MOST = 2000
"""Bookings to come whose names are opened to look for one that is not on file."""


class Found(NamedTuple):
    """What was found, the soonest first."""

    visits: list[Visit]
    whole: bool
    """All bookings to come were looked through, not only the next ones."""


async def seen(db: AsyncSession, staff: Staff, booking_id: int) -> Visit | None:
    """Return a booking if a person of staff may see it."""
    return next(iter(await booking_rows.visits(db, Booking.id == booking_id, near(staff, Station.id))), None)


async def booking_of(db: AsyncSession, staff: Staff, booking_id: int) -> Visit:
    """Return a booking that a person of staff may see.

    Raises:
        Refusal: there is none with this id, or it is at a station of others.
    """
    found = await seen(db, staff, booking_id)
    if found is None:
        raise Refusal(GONE)
    return found


def read_code(words: str) -> str | None:
    """Return the code in what was typed or scanned, None where there is none."""
    found = _CODE.search(unicodedata.normalize("NFKC", words).upper().strip())
    return CODE_PREFIX + (found[1] or found[2]) if found else None


async def by_code(db: AsyncSession, staff: Staff, code: str) -> Visit | None:
    """Return the booking whose code this is, if a person of staff may see it."""
    found = await booking_lists.by_code(db, code)
    return await seen(db, staff, found.booking.id) if found else None


async def staff_names(db: AsyncSession, row: Booking) -> dict[int, str]:
    """Return by id who of staff made a booking, and who changed it."""
    ids = {row.staff_id, row.changed_staff_id} - {None}
    return dict((await db.execute(select(Staff.id, Staff.name).where(Staff.id.in_(ids)))).all())


async def find(db: AsyncSession, vault: Vault, staff: Staff, words: str, now: datetime) -> Found:
    """Return who comes or came today, and who comes later, by a name, a phone or its last four digits.

    Call it in a snapshot: opening names takes a while.

    Raises:
        Refusal: there is nothing to look for, or digits that are no phone.
    """
    from_today = _open_or_today(now), near(staff, Station.id)
    typed = unicodedata.normalize("NFKC", words).strip()
    if _TAIL.fullmatch(typed):
        rows, whole = await _some(db, *from_today)
        who = await visitors.read(db, vault, rows, full=True)
        return Found([one for one in rows if who[one.booking.id].phone.endswith(typed)], whole)
    if any(sign.isdigit() for sign in typed):
        phone = read_phone(typed)
        same, wanted = Person.phone_key == phone_key(vault, phone), phone
    else:
        name = read_name(typed) if typed else None
        same, wanted = Person.name_key == name_key(vault, name or ""), name
    if not wanted:  # a country's number alone leaves nothing, which everybody without a phone would match
        raise Refusal(NOTHING_TO_FIND)
    found = await booking_rows.visits(db, *from_today, Booking.person_id.in_(select(Person.id).where(same)))
    given = Booking.name.is_not(None) | Booking.phone.is_not(None)
    others, whole = await _some(db, *from_today, given)
    who = await visitors.read(db, vault, others, full=True)
    known = {visit.booking.id for visit in found}
    found += [one for one in others if wanted in who[one.booking.id] and one.booking.id not in known]
    return Found(sorted(found, key=lambda one: (one.slot.starts_at, one.booking.id)), whole)


def _open_or_today(now: datetime) -> ColumnElement[bool]:
    """Return the condition on what is still to come, and on whoever was there today, or was not."""
    midnight = start_of(day_of(now))
    return (Booking.status != "cancelled") & (Slot.starts_at >= midnight)


async def _some(db: AsyncSession, *which: ColumnElement[bool]) -> tuple[list[Visit], bool]:
    """Return as many as are opened at once, the soonest first, and whether these are all."""
    rows = await booking_rows.visits(db, *which, limit=MOST + 1)
    return rows[:MOST], len(rows) <= MOST
