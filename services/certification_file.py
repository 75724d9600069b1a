"""All that is known of one person's certification: what was recorded, what comes next, and what was said to whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.campaigns import Campaign
from db.people import Address
from db.proxies import Proxy
from db.reminders import Reminder
from db.staff import Staff
from db.turns import Outbox
from services import campaign_people, certifications
from services.campaign_people import Listed
from services.campaigns import KIND
from services.vault import Vault

_MOST_SAID = 50


@dataclass(frozen=True, slots=True)
class Said:
    """One reminder that was decided: to whom, on which channel, and what became of it."""

    to: str
    """"" for the person; else the relation of whoever acts for them, or "staff"."""
    channel: str
    at: datetime
    status: str
    read_at: datetime | None
    error: str | None


@dataclass(frozen=True, slots=True)
class CertificationFile:
    """One person of a campaign."""

    listed: Listed
    campaign: Campaign
    reminder: Reminder | None
    said: Sequence[Said]
    recorded_by: str
    """Who of staff recorded it."""
    claimed_by: str
    """"" for the person, else the relation of whoever said that it is done; only where somebody did."""


async def read(db: AsyncSession, vault: Vault, staff: Staff, certification_id: int) -> CertificationFile:
    """Read it.

    Raises:
        Refusal: there is none for these eyes.
    """
    row = await certifications.find(db, staff, certification_id)
    mine = (Reminder.kind == KIND, Reminder.about_id == row.campaign_id, Reminder.person_id == row.person_id)
    reminder = await db.scalar(select(Reminder).where(*mine))
    relations = await _relations(db, row.person_id)
    recorded = None if row.staff_id is None else await db.get(Staff, row.staff_id)
    return CertificationFile(
        await campaign_people.one(db, vault, row),
        await db.get_one(Campaign, row.campaign_id),
        reminder,
        [] if reminder is None else await _said(db, reminder.id, row.person_id, relations),
        recorded.name if recorded else "",
        relations.get(row.claimed_from or 0, ""),
    )


async def _relations(db: AsyncSession, person_id: int) -> dict[int, str]:
    """Return by account as what its holder acts for a person."""
    rows = await db.execute(
        select(Proxy.address_id, Proxy.relation).where(Proxy.person_id == person_id, Proxy.address_id.is_not(None))
    )
    return {address_id: relation for address_id, relation in rows if address_id is not None}


async def _said(db: AsyncSession, reminder_id: int, person_id: int, relations: dict[int, str]) -> list[Said]:
    rows = await db.execute(
        select(Outbox, Address.person_id)
        .outerjoin(Address, Address.id == Outbox.address_id)
        .where(Outbox.reminder_id == reminder_id)
        .order_by(Outbox.id.desc())
        .limit(_MOST_SAID)
    )
    return [
        Said(
            "" if whose == person_id else relations.get(row.address_id or 0, "staff"),
            row.channel, row.at, row.status, row.read_at, row.error,
        )
        for row, whose in rows
    ]  # fmt: skip
