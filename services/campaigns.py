"""Campaigns of survival certification: drafted, changed, started once, closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from core.errors import Refusal
from db.base import UtcDateTime
from db.campaigns import Campaign, Certification
from db.people import Person
from db.reminders import Reminder
from db.staff import Staff
from db.turns import Outbox
from db.upsert import insert_selected
from services import campaign_steps, notice_hold
from services.campaign_steps import Steps
from services.notice_gate import CANCELLED

KIND = "certification"
_LONGEST_TITLE, _LONGEST_BASIS, _LONGEST_DAYS = 40, 100, 366
_SCHEDULED = ("person_id", "kind", "period", "about_id", "due_on", "step", "next_at", "status")

GONE = "没有找到这次认证活动。"
CLOSED = "这次认证活动已经结束了。"
SAME_TITLE = "已经有同名的认证活动了，请换一个名称。"
NOBODY = "名单里还没有人，请先加名单再开始。"
TOO_LATE = "截止日已经过了，请先改截止日。"
STARTED = "活动已经开始，只能改名称、依据、截止日和每一轮的内容。"


@dataclass(frozen=True, slots=True)
class CampaignSheet:
    """What staff write of a campaign; steps as `default_steps` gives them."""

    title: str
    year: int
    basis: str
    opens_on: date
    deadline: date
    steps: Steps


async def create(db: AsyncSession, staff: Staff, sheet: CampaignSheet, now: datetime) -> Campaign:
    """Draft a campaign.

    Raises:
        Refusal: what was written cannot be used.
    """
    values = _checked(sheet)
    await _refuse_title(db, values["title"], None)
    campaign = Campaign(**values, created_by=staff.id, created_at=now, status="draft")
    db.add(campaign)
    await db.flush()
    return campaign


async def change(db: AsyncSession, campaign_id: int, sheet: CampaignSheet) -> Campaign:
    """Change a draft; of a running campaign only the words and the deadline, after which the reminders move.

    Raises:
        Refusal: what was written cannot be used, or the campaign is closed.
    """
    campaign = await locked(db, campaign_id)
    values = _checked(sheet)
    await _refuse_title(db, values["title"], campaign.id)
    if campaign.status == "closed":
        raise Refusal(CLOSED)
    if campaign.status == "running" and _frame(values) != _frame({name: getattr(campaign, name) for name in values}):
        raise Refusal(STARTED)
    moved = campaign.deadline != values["deadline"]
    for name, value in values.items():
        setattr(campaign, name, value)
    await db.flush()
    if moved and campaign.status == "running":
        await _move(db, campaign)
    return campaign


def _frame(values: dict[str, Any]) -> tuple[object, ...]:
    """Return what stays once a campaign has started."""
    return values["year"], values["opens_on"], [(step["days"], step["rung"]) for step in values["steps"]]


async def start(db: AsyncSession, campaign_id: int, staff: Staff, now: datetime) -> Campaign:
    """Start a campaign: everybody still open on its list gets the reminder. Starting twice changes nothing.

    Raises:
        Refusal: it is closed, its deadline is over, or nobody is on its list.
    """
    campaign = await locked(db, campaign_id)
    if campaign.status == "closed":
        raise Refusal(CLOSED)
    if campaign.deadline < now.astimezone(CHINA).date():
        raise Refusal(TOO_LATE)
    if await count(db, campaign.id) == 0:
        raise Refusal(NOBODY)
    campaign.status = "running"
    campaign.created_by = campaign.created_by or staff.id
    await db.flush()
    await schedule(db, campaign)
    return campaign


async def schedule(db: AsyncSession, campaign: Campaign, person_ids: Sequence[int] | None = None) -> int:
    """Give everybody open on the list of a running campaign, or some of them, the reminder they lack."""
    if campaign.status != "running":
        return 0
    rows = (
        select(
            Certification.person_id, literal(KIND), literal(str(campaign.id)), literal(campaign.id),
            literal(campaign.deadline, Date()), literal(0),
            literal(campaign_steps.moments(campaign)[0], UtcDateTime()), literal("pending"),
        )
        .join(Person, Person.id == Certification.person_id)
        .where(
            Certification.campaign_id == campaign.id, Certification.status == "open",
            Person.deceased_at.is_(None), Person.erased_at.is_(None),
        )
    )  # fmt: skip
    if person_ids is not None:
        rows = rows.where(Certification.person_id.in_(person_ids))
    return await insert_selected(db, Reminder, _SCHEDULED, rows)


async def close(db: AsyncSession, campaign_id: int, now: datetime) -> Campaign:
    """End a campaign: nobody is reminded any more; what was recorded stays. Closing twice changes nothing.

    Raises:
        Refusal: there is none.
    """
    campaign = await locked(db, campaign_id)
    campaign.status = "closed"
    running = (Reminder.kind == KIND, Reminder.about_id == campaign.id)
    await db.execute(
        update(Reminder)
        .where(*running, Reminder.status == "pending")
        .values(status="stopped", next_at=None)
        .execution_options(synchronize_session=False)
    )
    await notice_hold.cancel(db, CANCELLED, now, Outbox.reminder_id.in_(select(Reminder.id).where(*running)))
    return campaign


async def find(db: AsyncSession, campaign_id: int) -> Campaign:
    """Return a campaign.

    Raises:
        Refusal: there is none.
    """
    campaign = await db.get(Campaign, campaign_id)
    if campaign is None:
        raise Refusal(GONE)
    return campaign


async def locked(db: AsyncSession, campaign_id: int) -> Campaign:
    """Return a campaign locked, as it now is.

    Raises:
        Refusal: there is none.
    """
    row = select(Campaign).where(Campaign.id == campaign_id).with_for_update(key_share=True)
    campaign = await db.scalar(row.execution_options(populate_existing=True))
    if campaign is None:
        raise Refusal(GONE)
    return campaign


async def everything(db: AsyncSession) -> Sequence[Campaign]:
    """Return all campaigns, the newest first."""
    return (await db.scalars(select(Campaign).order_by(Campaign.id.desc()))).all()


async def count(db: AsyncSession, campaign_id: int) -> int:
    """Count who is on the list."""
    listed = select(func.count()).where(Certification.campaign_id == campaign_id, Certification.status != "removed")
    return await db.scalar(listed) or 0


def _checked(sheet: CampaignSheet) -> dict[str, Any]:
    title, basis = " ".join(sheet.title.split()), " ".join(sheet.basis.split())
    if not title or len(title) > _LONGEST_TITLE:
        raise Refusal(f"请写上活动名称，最多 {_LONGEST_TITLE} 个字。")
    if not basis or len(basis) > _LONGEST_BASIS:
        raise Refusal(f"请写上依据，最多 {_LONGEST_BASIS} 个字。")
    if not sheet.opens_on < sheet.deadline or (sheet.deadline - sheet.opens_on).days > _LONGEST_DAYS:
        raise Refusal("截止日要在开始日之后，一次活动最多一年。")
    if abs(sheet.year - sheet.opens_on.year) > 1:
        raise Refusal("年度和开始日对不上，请改一下。")
    return {
        "title": title, "year": sheet.year, "basis": basis, "opens_on": sheet.opens_on, "deadline": sheet.deadline,
        "steps": campaign_steps.check(sheet.steps),
    }  # fmt: skip


async def _refuse_title(db: AsyncSession, title: str, campaign_id: int | None) -> None:
    same = select(Campaign.id).where(Campaign.title == title, Campaign.id.is_distinct_from(campaign_id))
    if await db.scalar(same) is not None:
        raise Refusal(SAME_TITLE)


async def _move(db: AsyncSession, campaign: Campaign) -> None:
    """Move every reminder to the new deadline, and its next step, where it has one, to where that puts it."""
    waiting = update(Reminder).where(
        Reminder.kind == KIND, Reminder.about_id == campaign.id, Reminder.status == "pending"
    )
    unseen = {"synchronize_session": False}
    await db.execute(waiting.values(due_on=campaign.deadline), execution_options=unseen)
    for step, moment in enumerate(campaign_steps.moments(campaign)):
        next_ = waiting.where(Reminder.step == step, Reminder.next_at.is_not(None))
        await db.execute(next_.values(next_at=moment), execution_options=unseen)
