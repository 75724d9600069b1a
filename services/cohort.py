"""Whom a campaign is for: added by category and station, and which of them a person of staff may see."""

import json
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, String, cast, false, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.campaigns import Campaign, Certification
from db.people import Person
from db.staff import Staff
from db.upsert import insert_selected
from services import campaigns
from services.person_cards import CATEGORIES
from services.scope import visible_people

_ADDED = ("campaign_id", "person_id", "status")


async def add_by_category(
    db: AsyncSession, campaign_id: int, categories: Sequence[str], station_ids: Sequence[int] = ()
) -> int:
    """Put the people on file of some categories, of some stations or of all, on the list; return how many are new.

    Raises:
        Refusal: no category was chosen, or the campaign is closed.
    """
    if not categories or any(one not in CATEGORIES for one in categories):
        raise Refusal("请至少选一个人员类别。")
    campaign = await open_list(db, campaign_id)
    written = [json.dumps(one) for one in categories]  # as it stands in the column on both databases
    wanted = [cast(Person.categories, String).contains(one, autoescape=True) for one in written]
    rows = select(literal(campaign.id), Person.id, literal("open")).where(
        or_(*wanted), Person.deceased_at.is_(None), Person.erased_at.is_(None)
    )
    if station_ids:
        rows = rows.where(Person.station_id.in_(station_ids))
    added = await insert_selected(db, Certification, _ADDED, rows)
    await campaigns.schedule(db, campaign)
    return added


async def open_list(db: AsyncSession, campaign_id: int) -> Campaign:
    """Return a campaign, locked, whose list may still grow.

    Raises:
        Refusal: there is none, or it is closed.
    """
    campaign = await campaigns.locked(db, campaign_id)
    if campaign.status == "closed":
        raise Refusal(campaigns.CLOSED)
    return campaign


def people(campaign_id: int) -> Select[int]:
    """Return the ids of all on the list, for the reach planner."""
    return select(Certification.person_id).where(
        Certification.campaign_id == campaign_id, Certification.status != "removed"
    )


def visible(staff: Staff) -> ColumnElement[bool]:
    """Return the condition on Person that holds for those whose certification a person of staff may see."""
    if staff.role == "grid":
        return false() if staff.grid_id is None else Person.grid_id == staff.grid_id
    return visible_people(staff)
