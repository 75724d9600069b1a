"""What staff see of an event: who has a place, who waits and who came, masked on the screen, in full on paper."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.events import Event, EventSignUp
from db.people import Address, Person
from services import person_cards, reach
from services.event_sign_ups import KIND, STANDING
from services.masks import mask_name, mask_phone
from services.vault import Vault

COLUMNS = ("报名号", "姓名", "电话", "谁报的名", "情况", "到没到")
HAS_PLACE, WAITS, OFF, CAME = "已报名", "候补第 {number} 位", "已取消", "到了"
PAGE = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One who signed up."""

    row: EventSignUp
    name: str
    phone: str
    position: int | None
    """In the waiting list; None for a place."""
    told: bool
    """A message reaches them by itself; whoever it does not reach is telephoned."""

    @property
    def state(self) -> str:
        """Return how it stands, in words."""
        if self.row.status == "cancelled":
            return OFF
        return HAS_PLACE if self.position is None else WAITS.format(number=self.position)


async def lines(
    db: AsyncSession, vault: Vault, event_id: int, *, full: bool = False, cancelled: bool = False
) -> list[Line]:
    """Return who has a place, then who waits, each in their order; in full only for a logged act."""
    rows = await db.execute(_rows(event_id, cancelled=cancelled))
    found: list[Line] = []
    waiting = 0
    for row, person, person_fate, account_fate in rows:
        waiting += row.status == "waiting"
        name = person_cards.open_sealed(vault, row.name or (person.name if person else None))
        phone = person_cards.open_sealed(vault, row.phone or (person.phone if person else None))
        if not full:
            name, phone = name and mask_name(name), phone and mask_phone(phone)
        told = "now" in (person_fate if person is not None else None, account_fate if row.address_id else None)
        found.append(Line(row, name, phone, waiting if row.status == "waiting" else None, told))
    return found


def _rows(event_id: int, *, cancelled: bool) -> Select[EventSignUp, Person, str, str]:
    status = EventSignUp.status == "cancelled" if cancelled else STANDING
    account = aliased(Address)  # reach.fate looks through the accounts of a person by itself
    own = select(reach.account_fate(KIND)).where(Address.id == EventSignUp.address_id).correlate(EventSignUp)
    found_later = EventSignUp.person_id.is_(None) & (Person.id == account.person_id)
    return (
        select(EventSignUp, Person, reach.fate(KIND), own.scalar_subquery())
        .outerjoin(account, account.id == EventSignUp.address_id)
        .outerjoin(Person, or_(Person.id == EventSignUp.person_id, found_later))
        .where(EventSignUp.event_id == event_id, status)
        .order_by(EventSignUp.status == "waiting", EventSignUp.id)
        .execution_options(populate_existing=True)
    )


async def overview(db: AsyncSession, *, past: bool, page: int = 0) -> list[tuple[Event, int, int]]:
    """Return events with how many wait and how many came: those to come the next first, those past the last first."""
    ended = Event.status.in_(("over", "cancelled"))
    order = (Event.starts_at.desc(), Event.id.desc()) if past else (Event.starts_at, Event.id)
    waiting = func.count().filter(EventSignUp.status == "waiting")
    came = func.count(EventSignUp.attended_at)
    rows = await db.execute(
        select(Event, waiting, came)
        .outerjoin(EventSignUp, EventSignUp.event_id == Event.id)
        .where(ended if past else ~ended)
        .group_by(Event.id)
        .order_by(*order)
        .limit(PAGE)
        .offset(page * PAGE)
    )
    return [(event, waits, there) for event, waits, there in rows]


async def waiting(db: AsyncSession, event_id: int) -> int:
    """Return how many wait for a place."""
    rows = select(func.count()).where(EventSignUp.event_id == event_id, EventSignUp.status == "waiting")
    return (await db.scalar(rows)) or 0


def table(found: Sequence[Line]) -> list[list[str]]:
    """Return the lines as a table of COLUMNS."""
    return [
        [one.row.code, one.name, one.phone, one.row.made_by, one.state, CAME if one.row.attended_at else ""]
        for one in found
    ]
