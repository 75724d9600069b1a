"""Which certifications still wait for whoever writes from an account, whether or not a notice ever came to it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.campaigns import Campaign, Certification
from db.people import Address, Person
from db.reminders import Reminder
from services import proxies, reminded
from services.campaigns import KIND
from services.reminded import Desk


@dataclass(frozen=True, slots=True)
class Waiting:
    """A certification that nobody has done or says to have done."""

    reminder: Reminder
    person: Person
    campaign: Campaign
    own: bool
    """Not of somebody in the family."""
    desk: Desk | None


async def of_account(db: AsyncSession, address_id: int, today: date) -> list[Waiting]:
    """Return the person's own first, then those of everybody of whom the account is reminded."""
    own = await db.scalar(select(Address.person_id).where(Address.id == address_id))
    people = {proxy.person_id for proxy in await proxies.held_by(db, address_id, today, "remind")}
    if own is not None:
        people.add(own)
    if not people:
        return []
    rows = await db.execute(
        select(Reminder, Person, Campaign)
        .join(Person, Person.id == Reminder.person_id)
        .join(Campaign, Campaign.id == Reminder.about_id)
        .join(
            Certification, (Certification.campaign_id == Campaign.id) & (Certification.person_id == Reminder.person_id)
        )
        .where(
            Reminder.kind == KIND, Reminder.status == "pending", Reminder.person_id.in_(people),
            Certification.status == "open", Campaign.status == "running", Campaign.opens_on <= today,
            Person.deceased_at.is_(None), Person.erased_at.is_(None),
        )
        .order_by(Reminder.due_on, Reminder.id)
    )  # fmt: skip
    found = rows.all()
    desks = await reminded.desks(db) if found else {}
    waiting = [
        Waiting(reminder, person, campaign, person.id == own, desks.get(person.station_id or 0))
        for reminder, person, campaign in found
    ]
    return sorted(waiting, key=lambda one: not one.own)
