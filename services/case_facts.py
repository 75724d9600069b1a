"""What a colleague must know of a case at a glance, whoever draws it and wherever."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.cases import SupportCase
from db.people import Address, Person
from db.places import Station
from db.staff import Staff
from db.turns import Inbox, Outbox

_LINES = 10
"""Lines of the talk before the handoff that are shown."""
_HEARD = ("text", "action")


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """A case as it stands, with what was said and found before staff were asked; nothing in it tells who the person is."""

    case: SupportCase
    channel: str
    reachable: bool
    region: str | None
    categories: list[str]
    station: str | None
    holder: str | None
    """The name of the colleague who has it."""
    before: list[tuple[bool, str]] = field(default_factory=list)
    """What was said before: whether by the person, and the words; oldest first."""
    found: list[tuple[str, float | None]] = field(default_factory=list)
    """Slugs of the entries that were answered with or offered, and how sure the match was; latest first."""


async def read_facts(db: AsyncSession, case_id: int) -> CaseFacts:
    """Read what a card of the case shows."""
    case = await db.get_one(SupportCase, case_id)
    address = await db.get_one(Address, case.address_id)
    person = await db.get(Person, address.person_id) if address.person_id else None
    heard = list(await db.scalars(_heard_before(case)))
    said = list(await db.scalars(_said_before(case)))
    return CaseFacts(
        case=case,
        channel=address.channel,
        reachable=address.reachable,
        region=person.region if person else None,
        categories=list(person.categories) if person else [],
        station=await db.scalar(select(Station.name).where(Station.id == case.station_id)),
        holder=await db.scalar(select(Staff.name).where(Staff.id == case.claimed_by)),
        before=_in_order([row for row in heard if row.at < case.opened_at], said),
        found=_found(heard),
    )


def _heard_before(case: SupportCase) -> Select[Inbox]:
    mine = select(Inbox).where(Inbox.address_id == case.address_id, Inbox.kind.in_(_HEARD), Inbox.at <= case.opened_at)
    return mine.order_by(Inbox.at.desc()).limit(_LINES)


def _said_before(case: SupportCase) -> Select[Outbox]:
    mine = select(Outbox).where(Outbox.address_id == case.address_id, Outbox.at < case.opened_at)
    return mine.order_by(Outbox.id.desc()).limit(_LINES)


def _in_order(heard: list[Inbox], said: list[Outbox]) -> list[tuple[bool, str]]:
    lines: list[tuple[datetime, bool, str]] = [(row.at, True, row.text) for row in heard if row.kind == "text"]
    lines += [(row.at, False, row.payload["text"]) for row in reversed(said)]
    lines.sort(key=lambda line: (line[0], not line[1]))  # what was asked stands before what answered it
    return [(ours, text) for _, ours, text in lines[-_LINES:]]


def _found(heard: list[Inbox]) -> list[tuple[str, float | None]]:
    found: dict[str, float | None] = {}
    for row in heard:
        result: dict[str, Any] = row.result or {}
        if result.get("entry"):
            found.setdefault(result["entry"], result.get("score"))
        for near in result.get("near") or ():
            found.setdefault(near["entry"], near.get("score"))
    return list(found.items())
