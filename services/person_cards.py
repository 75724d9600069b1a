"""Whom we serve, as staff see them: a card that is masked, and opened by a logged act only."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.people import Address, Person
from db.places import Station
from services.masks import mask_name, mask_phone, surname
from services.vault import BrokenSealError, Vault

CATEGORIES = ("退役军人", "三属", "伤残军人", "现役军人家属", "军休人员", "其他优抚对象")
_UNREADABLE = "（读不出）"
"""Sealed with another key: the key of the data folder was lost."""


@dataclass(frozen=True, slots=True)
class Card:
    """A person without what identifies them."""

    id: int
    name: str
    phone: str
    region: str
    categories: tuple[str, ...]
    station_id: int | None
    station: str
    channels: tuple[str, ...]
    created_at: datetime


async def card(db: AsyncSession, vault: Vault, person: Person) -> Card:
    """Return the card of one."""
    return (await cards(db, vault, [person]))[0]


def opened(vault: Vault, person: Person) -> tuple[str, str]:
    """Return name and phone in full; the edge audits that it showed them."""
    return open_sealed(vault, person.name), open_sealed(vault, person.phone)


def called(vault: Vault, person: Person | None) -> str:
    """Return how a reply may address somebody, such as 王同志: no more than the mask shows; "" for a stranger."""
    name = open_sealed(vault, person.name) if person is not None else ""
    return f"{surname(name)}同志" if name and name != _UNREADABLE else ""


def name_key(vault: Vault, name: str) -> str:
    """Return the mark by which a name is found."""
    return vault.fingerprint(f"name:{name}")


def phone_key(vault: Vault, phone: str | None) -> str | None:
    """Return the mark by which a phone is found."""
    return None if phone is None else vault.fingerprint(f"phone:{phone}")


def id_tail_key(vault: Vault, tail: str) -> str:
    """Return the mark of the last four signs of an ID number, by which a person proves to be on file."""
    return vault.fingerprint(f"id_tail:{tail.upper()}")


def open_sealed(vault: Vault, sealed: str | None) -> str:
    """Return what is sealed, "" for nothing, and a word that says so where the key does not fit."""
    try:
        return vault.decrypt(sealed) if sealed else ""
    except BrokenSealError:
        return _UNREADABLE


async def cards(db: AsyncSession, vault: Vault, people: Sequence[Person]) -> list[Card]:
    """Return the cards of several, with a number of statements that does not grow with them."""
    channels = await _channels(db, [person.id for person in people])
    wanted = {person.station_id for person in people if person.station_id is not None}
    names = await db.execute(select(Station.id, Station.name).where(Station.id.in_(wanted)))
    stations = dict(iter(names))
    found = []
    for person in people:
        name, phone = _masked(vault, person.name, mask_name), _masked(vault, person.phone, mask_phone)
        categories, reached_by = tuple(person.categories), tuple(channels.get(person.id, ()))
        region, station = person.region or "", stations.get(person.station_id or 0, "")
        found.append(
            Card(person.id, name, phone, region, categories, person.station_id, station, reached_by, person.created_at)
        )
    return found


def _masked(vault: Vault, sealed: str | None, mask: Callable[[str], str]) -> str:
    text = open_sealed(vault, sealed)
    return mask(text) if text and text != _UNREADABLE else text


async def _channels(db: AsyncSession, ids: Iterable[int]) -> dict[int, list[str]]:
    rows = await db.execute(
        select(Address.person_id, Address.channel).where(Address.person_id.in_(list(ids))).order_by(Address.id)
    )
    found: dict[int, list[str]] = {}
    for person_id, channel in rows:
        known = found.setdefault(person_id or 0, [])
        if channel not in known:
            known.append(channel)
    return found
