"""The employers of a fair, as its list of posts names them; a fair that is over takes no list."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from core.errors import Refusal
from db.events import Event, EventEmployer
from db.upsert import insert_all_new


async def day_of(db: AsyncSession, event_id: int | None, today: date) -> date | None:
    """Return the last day of the fair that a list is for, None for a list of no fair.

    Raises:
        Refusal: there is no such fair, or it is over or cancelled.
    """
    if event_id is None:
        return None
    event = await db.get(Event, event_id)
    if event is None or event.kind != "fair":
        raise Refusal("没有找到这场招聘会。")
    day = event.ends_at.astimezone(CHINA).date()
    if event.status == "cancelled":
        raise Refusal("这场招聘会已经取消，不能导入岗位。")
    if event.status == "over" or day < today:
        raise Refusal(f"这场招聘会 {day} 已经结束，不能导入岗位，请检查是不是选错了场次。")
    return day


async def bring(db: AsyncSession, event_id: int, booths: Mapping[int, str | None]) -> None:
    """Put employers on the list of a fair; a booth that is given holds, an empty one says nothing."""
    rows = [{"event_id": event_id, "employer_id": employer_id, "booth": booth} for employer_id, booth in booths.items()]
    await insert_all_new(db, EventEmployer, rows)
    for employer_id, booth in booths.items():
        if booth:
            theirs = (EventEmployer.event_id == event_id, EventEmployer.employer_id == employer_id)
            await db.execute(update(EventEmployer).where(*theirs).values(booth=booth))
