"""What is kept of a place that somebody sent: no more of it, and for no longer, than what it was sent for needs."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.tick import Pass
from db.people import SentPlace
from db.turns import Inbox
from db.upsert import insert_new
from services.nearest import Place, read_place

_LIFE = timedelta(days=1)
_NEAR, _ROUGH = 3, 2
"""Decimals of a degree: some 100 metres, the least that a screen shows of a distance, and about a kilometre."""


def for_the_record(place: Mapping[str, float], *, in_case: bool) -> dict[str, float] | None:
    """Return what the transcript keeps of a sent place.

    In a case that is all of it: staff have to find who sent it, and may have to do so at once. Elsewhere it served to
    find the nearest stations, and that is done. A kilometre is kept, so that staff who read in a later case what was said
    before it know the village, and nobody the house.
    """
    if in_case:
        return dict(place)
    read = read_place(place)
    return _rounded(read, _ROUGH) if read else None


async def keep(db: AsyncSession, address_id: int, place: Place, now: datetime) -> None:
    """Remember for the next steps where an account is, in place of where it was before."""
    await forget(db, address_id)
    await insert_new(db, SentPlace, address_id=address_id, at=now, **_rounded(place, _NEAR))


async def last(db: AsyncSession, address_id: int, now: datetime) -> Place | None:
    """Return where an account said to be within the last day."""
    known = select(SentPlace.latitude, SentPlace.longitude)
    found = (await db.execute(known.where(SentPlace.address_id == address_id, SentPlace.at > now - _LIFE))).first()
    return Place(*found) if found else None


async def make_known(db: AsyncSession, address_id: int, now: datetime) -> Place | None:
    """Put where somebody in danger said to be within the last day back before staff, as exactly as it is still known."""
    place = await last(db, address_id, now)
    if place is not None:
        sent = Inbox.address_id == address_id, Inbox.at > now - _LIFE, Inbox.place.is_not(None), Inbox.case_id.is_(None)
        newest = select(Inbox.event_id).where(*sent).order_by(Inbox.at.desc()).limit(1).scalar_subquery()
        known = update(Inbox).where(*sent, Inbox.event_id == newest).values(place=_rounded(place, _NEAR))
        await db.execute(known.execution_options(synchronize_session=False))
    return place


async def forget(db: AsyncSession, address_id: int) -> None:
    """Drop it, as when a conversation is ended."""
    await db.execute(delete(SentPlace).where(SentPlace.address_id == address_id))


async def sweep(db: AsyncSession, now: datetime) -> Pass:
    """Drop what is older than a day, of those too who never write again."""
    await db.execute(delete(SentPlace).where(SentPlace.at <= now - _LIFE))
    return Pass(0)


def _rounded(place: Place, decimals: int) -> dict[str, float]:
    return {"latitude": round(place.latitude, decimals), "longitude": round(place.longitude, decimals)}
