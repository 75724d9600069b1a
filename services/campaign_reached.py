"""Who of a campaign was truly reached: exactly one outcome for each on the list, so that the sum is the list."""

from datetime import datetime

from sqlalchemy import BigInteger, Case, ColumnElement, Select, and_, case, cast, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.campaigns import Certification
from db.people import Address, Person
from db.proxies import Proxy
from db.reminders import Reminder
from db.staff import Staff
from db.turns import Inbox, Outbox
from services import cohort, reach
from services.campaigns import KIND
from services.reach import Unreached
from services.vault import Vault

OUTCOMES = (
    "answered", "read", "sent", "family", "waiting", "stranger", "failed", "none", "never", "blocked", "stopped", "deceased",
    "erased",
)  # fmt: skip
"""Answered: wrote to us after a reminder; family: only a proxy was told; none: nothing has been due yet.

Stranger: what was sent went to an account that is the person's no more, and never was a proxy's.
"""
TOLD = ("answered", "read", "sent", "family")
_MERGED = "merged:"
_READ, _SENT, _FAMILY, _WAITING, _STRANGER, _FAILED = 6, 5, 4, 3, 2, 1


async def counts(db: AsyncSession, staff: Staff, campaign_id: int) -> dict[str, int]:
    """Count the people whom a person of staff may see by outcome; their sum is all of them."""
    chosen = _outcomes(staff, campaign_id).subquery()
    rows = await db.execute(select(chosen.c.why, func.count()).group_by(chosen.c.why))
    found = {name: number for name, number in rows}  # noqa: C416 - mypy knows the pairs only so
    return {outcome: found[outcome] for outcome in OUTCOMES if outcome in found}


async def sheet(db: AsyncSession, vault: Vault, staff: Staff, campaign_id: int) -> list[Unreached]:
    """Return everybody by village with their outcome. Call it in a snapshot: opening takes a while."""
    return await reach.listed(db, vault, _outcomes(staff, campaign_id))


def _outcomes(staff: Staff, campaign_id: int) -> Select[int, str]:
    told = _told(campaign_id).subquery()
    return (
        select(Person.id, _outcome(told.c.rank, told.c.first_at).label("why"))
        .join(Certification, Certification.person_id == Person.id)
        .outerjoin(told, told.c.person_id == Person.id)
        .where(Certification.campaign_id == campaign_id, Certification.status != "removed", cohort.visible(staff))
    )


def _told(campaign_id: int) -> Select[int, int, object]:
    """Return for each person how far the best of the messages came, and when the first was sent to them."""
    carrier = aliased(Outbox)  # what a message was merged into, else the message itself
    merged = Outbox.error.startswith(_MERGED)
    carries = case((merged, cast(func.substr(Outbox.error, len(_MERGED) + 1), BigInteger)), else_=Outbox.id)
    own, sent = Address.person_id == Reminder.person_id, carrier.status == "sent"
    proxy = exists().where(Proxy.person_id == Reminder.person_id, Proxy.address_id == Address.id)
    rank = case(
        (own & sent & carrier.read_at.is_not(None), _READ),
        (own & sent, _SENT),
        (sent & proxy, _FAMILY),
        (sent, _STRANGER),
        (carrier.status.in_(("ready", "held")), _WAITING),
        (carrier.status == "dead", _FAILED),
        else_=0,
    )
    return (
        select(
            Reminder.person_id, func.max(rank).label("rank"), func.min(case((own & sent, carrier.at))).label("first_at")
        )
        .join(Outbox, Outbox.reminder_id == Reminder.id)
        .join(carrier, carrier.id == carries)
        .join(Address, Address.id == Outbox.address_id)
        .where(Reminder.kind == KIND, Reminder.about_id == campaign_id)
        .group_by(Reminder.person_id)
    )  # fmt: skip


def _outcome(rank: ColumnElement[int], first_at: ColumnElement[datetime]) -> Case[str]:
    accounts = select(Address.id).where(Address.person_id == Person.id).correlate(Person)
    wrote = exists().where(Inbox.address_id.in_(accounts), Inbox.at > first_at)
    fate = reach.fate(KIND)
    return case(
        (or_(Person.deceased_at.is_not(None), Certification.status == "deceased"), "deceased"),
        (Person.erased_at.is_not(None), "erased"),
        (and_(first_at.is_not(None), or_(wrote, Certification.claimed_at.is_not(None))), "answered"),
        (rank == _READ, "read"),
        (rank == _SENT, "sent"),
        (rank == _FAMILY, "family"),
        (rank == _WAITING, "waiting"),
        (rank == _STRANGER, "stranger"),
        (rank == _FAILED, "failed"),
        (fate.in_(("never", "blocked", "stopped")), fate),
        else_="none",
    )
