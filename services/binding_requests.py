"""Somebody without a code says to be on file: staff compare with the records and decide; the asker learns nothing before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.people import Address, Person
from db.places import Station
from db.proxies import BindingRequest
from db.staff import Staff
from services import bindings, person_cards
from services.masks import mask_name
from services.person_cards import Card, id_tail_key, name_key, open_sealed
from services.scope import near, visible_people
from services.vault import Vault

PER_DAY = 3
_MOST = 50
DECIDED = "这条绑定申请已经有人处理过了。"
NOT_THIS_ONE = "这份档案的姓名或身份证后四位和申请的不一样，不能绑定。"
BOUND_ELSEWHERE = "这个账号现在绑定着另一份档案，没有改动。请先在那份档案里移出账号，再来绑定。"


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says to be: the name, the last four signs of the ID number, and the station."""

    name: str
    id_tail: str
    station_id: int | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with the records it may mean, both masked."""

    request: BindingRequest
    name: str
    channel: str
    station: str
    same: Sequence[Card]
    """Records with this very name and these last four signs."""
    unproven: Sequence[Card]
    """Records with this name whose ID number nobody has entered."""


async def ask(db: AsyncSession, vault: Vault, address_id: int, said: Said, now: datetime) -> bool:
    """Write a request down in place of the one before; False when the account has asked too often today."""
    today = BindingRequest.address_id == address_id, BindingRequest.at > now - timedelta(days=1)
    if (await db.scalar(select(func.count()).where(*today)) or 0) >= PER_DAY:
        return False
    await bindings.end_requests(db, address_id, now)
    db.add(
        BindingRequest(
            address_id=address_id, name=vault.encrypt(said.name), name_key=name_key(vault, said.name),
            id_tail_key=id_tail_key(vault, said.id_tail), station_id=said.station_id, at=now,
        )
    )  # fmt: skip
    await db.flush()
    return True


async def waiting(db: AsyncSession, vault: Vault, staff: Staff) -> list[Asked]:
    """Return the requests that a person of staff may decide, the oldest first."""
    rows = await db.execute(
        select(BindingRequest, Address.channel, func.coalesce(Station.name, ""))
        .join(Address, Address.id == BindingRequest.address_id)
        .outerjoin(Station, Station.id == BindingRequest.station_id)
        .where(BindingRequest.status == "waiting", near(staff, BindingRequest.station_id))
        .order_by(BindingRequest.id)
        .limit(_MOST)
    )
    found = []
    for request, channel, station in rows.all():
        alike = (await db.scalars(select(Person).where(_candidate(request), visible_people(staff)))).all()
        same = await person_cards.cards(db, vault, [one for one in alike if one.id_tail_key is not None])
        unproven = await person_cards.cards(db, vault, [one for one in alike if one.id_tail_key is None])
        name = mask_name(open_sealed(vault, request.name))
        found.append(Asked(request, name, channel, station, same, unproven))
    return found


async def accept(db: AsyncSession, staff: Staff, request_id: int, person_id: int, now: datetime) -> BindingRequest:
    """Bind the account that asked to a record that fits.

    Raises:
        Refusal: it was decided already, the record does not fit, the account is another's, or it is not for these eyes.
    """
    request = await _waiting(db, staff, request_id)
    fits = select(Person.id).where(Person.id == person_id, _candidate(request), visible_people(staff))
    if await db.scalar(fits.with_for_update(key_share=True)) is None:  # before the account, as whoever books does
        raise Refusal(NOT_THIS_ONE)
    address = await db.get_one(Address, request.address_id, with_for_update=True, populate_existing=True)
    if address.person_id not in (None, person_id):
        raise Refusal(BOUND_ELSEWHERE)
    request.status, request.person_id, request.decided_by, request.decided_at = "accepted", person_id, staff.id, now
    await bindings.bind(db, request.address_id, person_id)
    return request


async def refuse(db: AsyncSession, staff: Staff, request_id: int, now: datetime) -> BindingRequest:
    """Say no.

    Raises:
        Refusal: it was decided already, or is not for these eyes.
    """
    request = await _waiting(db, staff, request_id)
    request.status, request.decided_by, request.decided_at = "refused", staff.id, now
    await db.flush()
    return request


async def _waiting(db: AsyncSession, staff: Staff, request_id: int) -> BindingRequest:
    """Return a request to decide, locked: of two that decide at the same time the second is refused."""
    found = await db.scalar(
        select(BindingRequest)
        .where(
            BindingRequest.id == request_id, BindingRequest.status == "waiting", near(staff, BindingRequest.station_id)
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise Refusal(DECIDED)
    return found


def _candidate(request: BindingRequest) -> ColumnElement[bool]:
    proven = or_(Person.id_tail_key == request.id_tail_key, Person.id_tail_key.is_(None))
    return (Person.name_key == request.name_key) & proven & Person.deceased_at.is_(None) & Person.erased_at.is_(None)
