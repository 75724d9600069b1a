"""What staff see of an event: who has a place, who waits and who came, masked on the screen, in full on paper."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core.errors import Refusal
from db.events import Event, EventSignUp
from db.people import Address, Person
from db.staff import Staff
from services import person_cards, reach
from services.event_sign_ups import KIND, NO_PLACE, STANDING
from services.masks import mask_name, mask_phone
from services.scope import visible_people
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
    db: AsyncSession, vault: Vault, staff: Staff, event_id: int, *, full: bool = False, cancelled: bool = False
) -> list[Line]:
    """Return who has a place, then who waits, of the people for these eyes; in full only for a logged act."""
    rows = await db.execute(_rows(event_id, cancelled=cancelled).add_columns(_for_eyes(staff)))
    found: list[Line] = []
    waiting = 0
    for row, person, person_fate, account_fate, seen in rows:
        waiting += row.status == "waiting"
        if not seen:
            continue
        name = person_cards.open_sealed(vault, row.name or (person.name if person else None))
        phone = person_cards.open_sealed(vault, row.phone or (person.phone if person else None))
        if not full:
            name, phone = name and mask_name(name), phone and mask_phone(phone)
        told = _told(row, person, person_fate, account_fate)
        found.append(Line(row, name, phone, waiting if row.status == "waiting" else None, told))
    return found


async def silent(db: AsyncSession, event_id: int) -> int:
    """Return how many of those who signed up no message reaches by itself, whoever may see them."""
    rows = await db.execute(_rows(event_id, cancelled=False))
    return sum(not _told(*row) for row in rows)


async def check_seen(db: AsyncSession, staff: Staff, event_id: int, sign_up_id: int) -> None:
    """Check that a sign-up is one of this event, and of somebody for these eyes.

    Raises:
        Refusal: it is not, or it was cancelled.
    """
    one = _rows(event_id, cancelled=False).where(EventSignUp.id == sign_up_id, _for_eyes(staff))
    if (await db.execute(one)).first() is None:
        raise Refusal(NO_PLACE)


async def coded(db: AsyncSession, event_id: int, signs: str) -> list[int]:
    """Return the sign-ups whose code was shown at the door, with its letters or without; no name is opened for it."""
    code = or_(EventSignUp.code == f"{signs[:2]}-{signs[2:]}", EventSignUp.code.endswith(f"-{signs}", autoescape=True))
    rows = await db.scalars(select(EventSignUp.id).where(EventSignUp.event_id == event_id, STANDING, code))
    return list(rows) if signs else []


def _for_eyes(staff: Staff) -> ColumnElement[bool]:
    """Return the condition that holds for people of the staff's stations, and for whoever is not on file."""
    return or_(Person.id.is_(None), visible_people(staff))


def _told(row: EventSignUp, person: Person | None, person_fate: str, account_fate: str) -> bool:
    return "now" in (person_fate if person is not None else None, account_fate if row.address_id else None)


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
