"""Records of whom we serve: made from an account that wrote to us, changed, and brought together when two are one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.people import Address, Person
from db.places import Station
from db.reminders import Reminder
from db.staff import Staff
from db.turns import Outbox
from services import bindings, booking_people, exam_reminders, notice_hold, person_merge, silent_cases
from services.masks import read_name, read_phone
from services.notice_gate import CANCELLED
from services.person_cards import CATEGORIES, name_key, phone_key
from services.person_search import person_of
from services.strangers import NO_ADDRESS, stranger_address
from services.vault import Vault

_LONGEST_REGION = 60
SAME_PERSON = "已经有同名同电话的档案了。请查找这个电话，把账号归到那份档案。"
ITSELF = "这是同一份档案，不用合并。"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What staff write of a person; name and phone as typed."""

    name: str
    phone: str
    region: str = ""
    categories: Sequence[str] = ()
    station_id: int | None = None


async def create(db: AsyncSession, vault: Vault, staff: Staff, address_id: int, sheet: Sheet, now: datetime) -> Person:
    """Make the record of an account's person.

    Raises:
        Refusal: the account has one, the same person has one, or what was typed cannot be used.
    """
    address = await stranger_address(db, staff, address_id)
    person = Person(created_at=now, categories=[])
    await _fill(db, vault, person, sheet)
    if person.phone_key is not None:
        same = select(Person.id).where(Person.name_key == person.name_key, Person.phone_key == person.phone_key)
        if await db.scalar(same.limit(1)) is not None:
            raise Refusal(SAME_PERSON)
    db.add(person)
    await db.flush()
    return await bindings.bind(db, address.id, person.id)


async def change(
    db: AsyncSession, vault: Vault, staff: Staff, person_id: int, sheet: Sheet, *, drop_phone: bool = False
) -> list[str]:
    """Change a record; return the names of the fields that differ. A name or phone left empty stays as it is.

    Raises:
        Refusal: no such record, or what was typed cannot be used.
    """
    person = await person_of(db, staff, person_id, lock=True)
    before = _comparable(person)
    await _fill(db, vault, person, sheet)
    if drop_phone:
        person.phone = person.phone_key = None
    await db.flush()
    after = _comparable(person)
    return [field for field, value in after.items() if before[field] != value]


async def link(db: AsyncSession, staff: Staff, address_id: int, person_id: int) -> Person:
    """Say that an account without a record belongs to a person who has one.

    Raises:
        Refusal: the account has a record, or either is not for these eyes.
    """
    person = await person_of(db, staff, person_id, lock=True)  # before the account, as whoever books or binds does
    address = await stranger_address(db, staff, address_id)
    return await bindings.bind(db, address.id, person.id)


async def unlink(db: AsyncSession, staff: Staff, person_id: int, address_id: int, now: datetime) -> None:
    """Take an account off a record that it does not belong to, with what was to be said to it of that person.

    Raises:
        Refusal: no such record, or it has no such account.
    """
    person = await person_of(db, staff, person_id)
    address = await db.get(Address, address_id, with_for_update=True)
    if address is None or address.person_id != person.id:
        raise Refusal(NO_ADDRESS)
    address.person_id = None
    await db.flush()
    await call_off(db, person_id, address_id, now)


async def call_off(db: AsyncSession, person_id: int, address_id: int, now: datetime) -> None:
    """Take back what was to be said of a person to an account that is not to hear of them any more."""
    about = Outbox.reminder_id.in_(select(Reminder.id).where(Reminder.person_id == person_id))
    of_them = or_(about, exam_reminders.told_of(person_id), booking_people.told_of(person_id))
    await notice_hold.cancel(db, CANCELLED, now, Outbox.address_id == address_id, of_them)


async def join(db: AsyncSession, staff: Staff, keep_id: int, other_id: int, now: datetime) -> list[str]:
    """Make one record of two: what hangs on the other moves, its facts fill gaps; return the fields that were filled.

    Raises:
        Refusal: one of them is not there, or they are the same.
    """
    if keep_id == other_id:
        raise Refusal(ITSELF)
    await silent_cases.lock(db, [keep_id, other_id])  # talks before the records, as everywhere: a death closes them
    locked = {one: await person_of(db, staff, one, lock=True) for one in sorted((keep_id, other_id))}
    keep, other = locked[keep_id], locked[other_id]
    before = _comparable(keep)
    if keep.name is None:
        keep.name, keep.name_key = other.name, other.name_key
    if keep.phone is None:
        keep.phone, keep.phone_key = other.phone, other.phone_key
    keep.region, keep.station_id = keep.region or other.region, keep.station_id or other.station_id
    keep.categories = [one for one in CATEGORIES if one in (*keep.categories, *other.categories)]
    await person_merge.move_all(db, keep, other, now)
    await db.delete(other)
    await db.flush()
    after = _comparable(keep)
    return [field for field, value in after.items() if before[field] != value]


async def _fill(db: AsyncSession, vault: Vault, person: Person, sheet: Sheet) -> None:
    if sheet.name.strip() or person.name is None:
        _set_name(vault, person, read_name(sheet.name))
    if phone := read_phone(sheet.phone):
        _set_phone(vault, person, phone)
    region = " ".join(sheet.region.split())
    if len(region) > _LONGEST_REGION:
        raise Refusal(f"乡镇和村社写得太长，最多 {_LONGEST_REGION} 个字。")
    if unknown := [one for one in sheet.categories if one not in CATEGORIES]:
        raise Refusal(f"没有“{unknown[0]}”这一类，请重新选择。")
    if sheet.station_id is not None and await db.get(Station, sheet.station_id) is None:
        raise Refusal("选的服务站已经不在了，请重新选择。")
    person.region, person.station_id = region or None, sheet.station_id
    person.categories = [one for one in CATEGORIES if one in sheet.categories]


def _set_name(vault: Vault, person: Person, name: str) -> None:
    key = name_key(vault, name)
    if person.name_key != key:  # the same words sealed again would look like a change
        person.name, person.name_key = vault.encrypt(name), key


def _set_phone(vault: Vault, person: Person, phone: str) -> None:
    key = phone_key(vault, phone)
    if person.phone_key != key:
        person.phone, person.phone_key = vault.encrypt(phone), key


def _comparable(person: Person) -> dict[str, object]:
    return {
        "name": person.name_key, "phone": person.phone_key, "region": person.region,
        "categories": list(person.categories), "station": person.station_id,
    }  # fmt: skip
