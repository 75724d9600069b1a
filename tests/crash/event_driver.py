"""What runs in the processes that fight for places at an event: each takes its share, all at the same moment."""

from sqlalchemy.ext.asyncio import AsyncSession

from services import event_check_in, event_places, events
from services.event_list import event_of
from services.events import EventSheet
from services.who import Who
from tests.crash.crowd import Act
from tests.fakes.clock import START
from tests.fakes.sealed import VAULT


async def do(db: AsyncSession, act: Act) -> str:
    """Do one act: what, by which account or person or to which sign-up, and at which event."""
    what, whose, event_id = act
    if what == "sign_up":
        return (await event_places.sign_up(db, VAULT, event_id, Who(address_id=whose), START)).row.status
    if what == "sign_up_person":
        return (await event_places.sign_up(db, VAULT, event_id, Who(person_id=whose), START)).row.status
    if what == "cancel":
        await event_places.cancel(db, whose, START)
    elif what == "die":
        await event_places.cancel_all(db, whose, START)
    elif what == "arrive":
        event = await event_of(db, event_id)
        await event_check_in.arrive(db, VAULT, event, Who(address_id=whose), event.starts_at)
    elif what == "grow":
        await _grow(db, event_id, whose)
    else:
        await events.cancel(db, event_id, "下雪", START)
    return "done"


async def _grow(db: AsyncSession, event_id: int, capacity: int) -> None:
    one = await event_of(db, event_id)
    sheet = EventSheet(
        one.kind, one.title, one.starts_at, one.ends_at, one.closes_at, one.place, one.phone, one.about, one.bring,
        one.materials, one.categories, capacity,
    )  # fmt: skip
    await events.change(db, event_id, sheet, START)
