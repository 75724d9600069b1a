"""What work accounts want to hear of: made, changed, paused, stopped and kept by whoever they belong to."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from core.errors import Refusal
from db.jobs import JobSubscription
from db.people import Address
from db.turns import Outbox
from knowledge.job_wish import Wish
from services import digest_keys, notice_hold
from services.notice_gate import CANCELLED

MOST = 5
"""Of an account: their list fits a screen."""
TOO_MANY = "您已经订了 5 样岗位提醒，最多订 5 样。\n请先停掉一样，再订新的。"
GONE = "这样岗位提醒已经没有了，可以重新订。"
SAME = "这样的岗位提醒您已经订过了。"


async def subscribe(
    db: AsyncSession, address_id: int, wish: Wish, cadence: str, hour: int, weekday: int | None, now: datetime
) -> tuple[JobSubscription, bool]:
    """Subscribe; the same wish again changes how often, and revives it. The second value tells whether it is new.

    Raises:
        Refusal: the account has as many as one may have.
    """
    found = await _with_wish(db, address_id, wish)
    if (found is None or found.status == "ended") and len(await of_account(db, address_id)) >= MOST:
        raise Refusal(TOO_MANY)
    if found is not None:
        _renew(found, now)
        _set_pace(found, cadence, hour, weekday, now)
        await db.flush()
        return found, False
    made = JobSubscription(
        address_id=address_id, wish=wish.to_json(), wish_key=wish.key, status="active", created_at=now, renewed_at=now
    )
    _set_pace(made, cadence, hour, weekday, now)
    db.add(made)
    await db.flush()
    return made, True


async def of_account(db: AsyncSession, address_id: int) -> list[JobSubscription]:
    """Return those that have not ended, oldest first."""
    mine = select(JobSubscription).where(JobSubscription.address_id == address_id, JobSubscription.status != "ended")
    return list(await db.scalars(mine.order_by(JobSubscription.id), execution_options={"populate_existing": True}))


async def change(
    db: AsyncSession, address_id: int, subscription_id: int, now: datetime,
    *, wish: Wish | None = None, cadence: str | None = None, hour: int | None = None, weekday: int | None = None,
) -> JobSubscription:  # fmt: skip
    """Change what is named, and keep the rest; what was made by the old wish and is not sent yet is taken back.

    Raises:
        Refusal: it is not this account's, has ended, or the new wish is subscribed already.
    """
    mine = await _mine(db, address_id, subscription_id)
    if wish is not None and wish.key != mine.wish_key:
        other = await _with_wish(db, address_id, wish)
        if other is not None and other.status != "ended":
            raise Refusal(SAME)
        if other is not None:  # its place in the account's list is needed, and nothing of it
            other.wish_key = f"{other.wish_key}~{other.id}"
            await db.flush()
        mine.wish, mine.wish_key = wish.to_json(), wish.key
    _renew(mine, now)
    if cadence is not None:
        _set_pace(mine, cadence, mine.hour if hour is None else hour, weekday or mine.weekday, now)
    else:
        _begin(mine, now)
    await _take_back(db, mine, now)
    return mine


async def pause(db: AsyncSession, address_id: int, subscription_id: int, now: datetime) -> JobSubscription:
    """Say nothing until it is resumed.

    Raises:
        Refusal: it is not this account's, or has ended.
    """
    mine = await _mine(db, address_id, subscription_id)
    mine.status, mine.next_at = "paused", None
    await _take_back(db, mine, now)
    return mine


async def resume(db: AsyncSession, address_id: int, subscription_id: int, now: datetime) -> JobSubscription:
    """Let a paused one run again.

    Raises:
        Refusal: it is not this account's, or has ended.
    """
    mine = await _mine(db, address_id, subscription_id)
    _renew(mine, now)
    _begin(mine, now)
    await db.flush()
    return mine


async def stop(db: AsyncSession, address_id: int, subscription_id: int, now: datetime) -> JobSubscription:
    """End one; stopped again, it stays ended.

    Raises:
        Refusal: it is not this account's.
    """
    mine = await _mine(db, address_id, subscription_id, ended=True)
    if mine.status != "ended":
        mine.status, mine.next_at, mine.ended_at = "ended", None, now
        await _take_back(db, mine, now)
    return mine


async def keep(db: AsyncSession, address_id: int, subscription_id: int, now: datetime) -> JobSubscription:
    """Let it run for another twelve months, also when it has ended meanwhile; paused, it stays so.

    Raises:
        Refusal: it is not this account's, or others have taken its place.
    """
    mine = await _mine(db, address_id, subscription_id, ended=True)
    paused, ended = mine.status == "paused", mine.status == "ended"
    if ended and len(await of_account(db, address_id)) >= MOST:
        raise Refusal(TOO_MANY)
    _renew(mine, now)
    if paused:
        mine.status = "paused"
    elif ended:
        _set_pace(mine, mine.cadence, mine.hour, mine.weekday, now)
    await db.flush()
    return mine


async def end_all(db: AsyncSession, person_id: int, now: datetime) -> None:
    """End what runs for a person who has died."""
    mine = JobSubscription.address_id.in_(select(Address.id).where(Address.person_id == person_id))
    await _set(db, mine, JobSubscription.status == "active", status="ended", next_at=None, ended_at=now)


async def undo_end(db: AsyncSession, person_id: int, ended_at: datetime, now: datetime) -> None:
    """Let run again what ended by mistake at a moment."""
    accounts = select(Address.id).where(Address.person_id == person_id)
    mine = JobSubscription.address_id.in_(accounts), JobSubscription.ended_at == ended_at
    for one in (await db.scalars(select(JobSubscription).where(*mine))).all():
        one.status, one.ended_at = "active", None
        _set_pace(one, one.cadence, one.hour, one.weekday, now)
    await db.flush()


def first_due(cadence: str, hour: int, weekday: int | None, now: datetime) -> datetime | None:
    """Return when its next digest is due after now; None for at once."""
    if cadence == "now":
        return None
    local = now.astimezone(CHINA)
    due = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    if cadence == "weekly":
        due += timedelta(days=((weekday or 1) - due.isoweekday()) % 7)
    step = timedelta(days=7 if cadence == "weekly" else 1)
    return (due if due > local else due + step).astimezone(now.tzinfo)


def _renew(one: JobSubscription, now: datetime) -> None:
    one.status, one.renewed_at, one.warned_at, one.ended_at = "active", now, None, None


def _begin(one: JobSubscription, now: datetime) -> None:
    """Set when one that was not running is due; one that runs keeps its moment, which may have come already."""
    if one.next_at is None:
        _set_pace(one, one.cadence, one.hour, one.weekday, now)


def _set_pace(one: JobSubscription, cadence: str, hour: int, weekday: int | None, now: datetime) -> None:
    one.cadence, one.hour = cadence, hour
    one.weekday = (weekday or 1) if cadence == "weekly" else None
    one.next_at = first_due(cadence, hour, weekday, now)


async def _mine(db: AsyncSession, address_id: int, subscription_id: int, *, ended: bool = False) -> JobSubscription:
    """Lock one of an account's, in the state it has now: a digest is made of the same row."""
    found = await db.get(JobSubscription, subscription_id, with_for_update=True, populate_existing=True)
    if found is None or found.address_id != address_id or (found.status == "ended" and not ended):
        raise Refusal(GONE)
    return found


async def _with_wish(db: AsyncSession, address_id: int, wish: Wish) -> JobSubscription | None:
    same = JobSubscription.address_id == address_id, JobSubscription.wish_key == wish.key
    return await db.scalar(select(JobSubscription).where(*same).with_for_update())


async def _take_back(db: AsyncSession, changed: JobSubscription, now: datetime) -> None:
    """Cancel the digest that is not on its way; the others that had a part in it get one of their own at once."""
    await db.flush()
    mine = Outbox.address_id == changed.address_id, Outbox.dedupe_key.startswith(digest_keys.PREFIX)
    gone = await notice_hold.cancel(db, CANCELLED, now, *mine)
    keys = await db.scalars(select(Outbox.dedupe_key).where(Outbox.id.in_(gone)))
    others = {id_ for key in keys if key for id_ in digest_keys.parts(key)} - {changed.id}
    if others:
        await _set(db, JobSubscription.id.in_(others), JobSubscription.status == "active", next_at=now)


async def _set(db: AsyncSession, *which: Any, **values: Any) -> None:
    await db.execute(
        update(JobSubscription).where(*which).values(**values).execution_options(synchronize_session=False)
    )
