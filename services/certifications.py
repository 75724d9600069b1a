"""One person's certification: claimed, done in one of four ways, taken back; whatever ends it stops the reminders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from core.errors import Refusal
from db.campaigns import Campaign, Certification
from db.people import Person
from db.reminders import Reminder
from db.staff import Staff
from db.turns import Outbox
from services import campaign_steps, campaigns, cohort, notice_hold, silent_cases
from services.campaigns import KIND
from services.notice_gate import CANCELLED

WAYS = {"self": "自主（到站）", "proxy": "代理", "visit": "上门", "online": "线上小程序"}
EVIDENCE = ("身份证", "优待证或残疾军人证", "现场见面", "电话或视频核对", "村（社区）证明", "小程序结果")
"""What it may have been seen from; an image of a face is none of it (个人信息保护法, arts. 28-30)."""
DONE_BY = ("本人", "配偶", "儿子", "女儿", "其他亲属", "网格员", "村（社区）干部")
_REST = timedelta(days=3)
"""After a claim that was not confirmed, so long passes before the next step."""
_NOON = time(12)

GONE = "没有找到这条认证记录，或者不在您的服务站。"
DONE_ALREADY = "{day}已经认证过了（{way}）。要改的话，请先撤回。"
DECEASED = "已登记去世，不能认证。登记错了的话，请先在档案里更正。"
REMOVED = "已移出名单，请先恢复再认证。"
NOT_CLAIMED = "没有要确认的“已办理”，可能同事已经处理了。"


@dataclass(frozen=True, slots=True)
class Done:
    """How somebody was certified, as recorded."""

    way: str
    done_by: str
    evidence: str
    staff_id: int | None
    on: date | None = None
    """The day, unless it was today."""


async def find(db: AsyncSession, staff: Staff, certification_id: int) -> Certification:
    """Return a certification that a person of staff may see.

    Raises:
        Refusal: there is none for these eyes.
    """
    found = await db.scalar(
        select(Certification).join(Person).where(Certification.id == certification_id, cohort.visible(staff))
    )
    if found is None:
        raise Refusal(GONE)
    return found


async def certify(db: AsyncSession, certification_id: int, done: Done, now: datetime) -> Certification:
    """Record that somebody was certified; nobody is reminded any more. The same again changes nothing.

    Raises:
        Refusal: it was recorded otherwise, the person died or is off the list, or what was recorded cannot be used.
    """
    check(done, now)
    found = await _locked(db, certification_id)
    if refusal := refusal_of(found, done):
        raise Refusal(refusal)
    if found.status != "done":
        await _record(db, [found], {found.id: done}, now)
    return found


def refusal_of(found: Certification, done: Done) -> str | None:
    """Return why somebody cannot be certified so, None where nothing stands against it."""
    if found.status == "done" and found.done_at and (found.way, found.done_by) != (done.way, done.done_by):
        day = found.done_at.astimezone(CHINA)
        return DONE_ALREADY.format(day=f"{day.month}月{day.day}日", way=WAYS[found.way or ""])
    return {"deceased": DECEASED, "removed": REMOVED}.get(found.status)


async def certify_all(db: AsyncSession, done: Mapping[int, Done], now: datetime) -> int:
    """Record many at once, of those that are open or claimed; return how many there were."""
    rows = [row for row in await _lock(db, list(done)) if row.status in ("open", "claimed")]
    await _record(db, rows, done, now)
    return len(rows)


async def _record(db: AsyncSession, rows: Sequence[Certification], done: Mapping[int, Done], now: datetime) -> None:
    for row in rows:
        how = done[row.id]
        row.status, row.way, row.done_by, row.evidence, row.staff_id = (
            "done", how.way, how.done_by, how.evidence, how.staff_id,
        )  # fmt: skip
        row.done_at = now if how.on is None else min(now, datetime.combine(how.on, _NOON, CHINA))
    await db.flush()
    await _stop(db, rows, "done", now)


async def claim_done(db: AsyncSession, reminder_id: int, address_id: int, now: datetime) -> Certification | None:
    """Note that somebody says it is done: no more reminders until staff have looked. None when there is no such list."""
    reminder = await db.get(Reminder, reminder_id)
    if reminder is None or reminder.kind != KIND:
        return None
    mine = (Certification.campaign_id == reminder.about_id, Certification.person_id == reminder.person_id)
    row = await db.scalar(select(Certification).where(*mine).with_for_update(), execution_options=_FRESH)
    if row is not None and row.status == "open":
        row.status, row.claimed_at, row.claimed_from = "claimed", now, address_id
        await db.flush()
        await db.execute(
            update(Reminder).where(Reminder.id == reminder_id, Reminder.status == "pending").values(next_at=None),
            execution_options=_UNSEEN,
        )
        await notice_hold.cancel(db, CANCELLED, now, Outbox.reminder_id == reminder_id)
    return row


async def reject_claim(db: AsyncSession, certification_id: int, now: datetime) -> Certification:
    """Say that a claim was not confirmed; the steps go on after a rest, in which somebody can call.

    Raises:
        Refusal: there is no claim.
    """
    row = await _locked(db, certification_id)
    if row.status != "claimed":
        raise Refusal(NOT_CLAIMED)
    row.status, row.claimed_at, row.claimed_from = "open", None, None
    await db.flush()
    await _go_on(db, row, now + _REST)
    return row


async def reopen(db: AsyncSession, certification_id: int, now: datetime) -> Certification:
    """Take back what was recorded by mistake; the steps go on.

    Raises:
        Refusal: the person is on file as deceased.
    """
    row = await _locked(db, certification_id)
    person = await db.get_one(Person, row.person_id)
    if person.deceased_at is not None:
        raise Refusal(DECEASED)
    if row.status not in ("open", "claimed"):
        row.status, row.claimed_at, row.claimed_from = "open", None, None
        row.way = row.done_by = row.evidence = row.staff_id = row.done_at = None
        await db.flush()
        await _go_on(db, row, now + _REST)
    return row


async def remove(db: AsyncSession, certification_id: int, now: datetime) -> Certification:
    """Take somebody off the list who does not belong on it; what was recorded of a certification stands.

    Raises:
        Refusal: they were certified, or there is no such record.
    """
    row = await _locked(db, certification_id)
    if row.status == "done" and row.done_at is not None:
        day = row.done_at.astimezone(CHINA)
        raise Refusal(DONE_ALREADY.format(day=f"{day.month}月{day.day}日", way=WAYS[row.way or ""]))
    row.status = "removed"
    await db.flush()
    await _stop(db, [row], "stopped", now)
    return row


def check(done: Done, now: datetime) -> None:
    """Refuse what may not be recorded.

    Raises:
        Refusal: the way, the evidence or whoever did it is none of those known, or the day is to come.
    """
    if done.way not in WAYS:
        raise Refusal("请选认证方式。")
    if done.evidence not in EVIDENCE:
        raise Refusal("请选认证依据。不收、不存人脸照片。")
    if done.done_by not in DONE_BY:
        raise Refusal("请选是谁办的。")
    if done.way in ("self", "proxy") and (done.way == "self") != (done.done_by == "本人"):
        raise Refusal("办理人和认证方式对不上：自主是本人办，代理是别人办。")
    if done.on is not None and done.on > now.astimezone(CHINA).date():
        raise Refusal("认证日期不能晚于今天。")


_FRESH = {"populate_existing": True}
_UNSEEN = {"synchronize_session": False}


async def _locked(db: AsyncSession, certification_id: int) -> Certification:
    """Return a certification, locked.

    Raises:
        Refusal: there is none.
    """
    rows = await _lock(db, [certification_id])
    if not rows:
        raise Refusal(GONE)
    return rows[0]


async def _lock(db: AsyncSession, ids: Sequence[int]) -> Sequence[Certification]:
    """Lock the talks that certifications may end first, as every turn does, then their rows."""
    await silent_cases.lock(db, select(Certification.person_id).where(Certification.id.in_(ids)))
    rows = select(Certification).where(Certification.id.in_(ids)).order_by(Certification.id).with_for_update()
    return (await db.scalars(rows, execution_options=_FRESH)).all()


async def _stop(db: AsyncSession, rows: Sequence[Certification], status: str, now: datetime) -> None:
    """End the reminders first: whoever sends just now holds them, and what was said is withdrawn after that."""
    people, about = [row.person_id for row in rows], {row.campaign_id for row in rows}
    theirs = (Reminder.kind == KIND, Reminder.about_id.in_(about), Reminder.person_id.in_(people))
    await db.execute(
        update(Reminder).where(*theirs, Reminder.status == "pending").values(status=status, next_at=None),
        execution_options=_UNSEEN,
    )
    await notice_hold.cancel(db, CANCELLED, now, Outbox.reminder_id.in_(select(Reminder.id).where(*theirs)))
    await silent_cases.close(db, people, now)


async def _go_on(db: AsyncSession, row: Certification, earliest: datetime) -> None:
    """Let the steps of a running campaign go on where they stopped."""
    campaign = await db.get_one(Campaign, row.campaign_id)
    mine = (Reminder.kind == KIND, Reminder.about_id == campaign.id, Reminder.person_id == row.person_id)
    reminder = await db.scalar(select(Reminder).where(*mine).with_for_update(), execution_options=_FRESH)
    if reminder is None:  # certified before the campaign began
        await campaigns.schedule(db, campaign, [row.person_id])
    elif campaign.status == "running":
        moments = campaign_steps.moments(campaign)
        reminder.status = "pending"
        reminder.next_at = max(moments[reminder.step], earliest) if reminder.step < len(moments) else None
        await db.flush()
