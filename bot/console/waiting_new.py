"""Put somebody on the waiting list, from the pages on which what they want turned out to be full."""

from datetime import date
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from bot.console import desk_words
from bot.console.desk_words import time_name
from bot.console.form import read_day
from bot.console.visit import Visit
from core.errors import Refusal
from handlers import waiting_by_staff
from services import desk_board, wait_lists, waits
from services.who import Who

_HALVES: dict[str, Literal["am", "pm", "any"]] = {"am": "am", "pm": "pm", "any": "any"}


async def join(db: AsyncSession, visit: Visit, station_id: int, service_id: int, who: Who, purpose: str) -> str:
    """Do it, for the day and half that were chosen; return what the clerk has to know.

    What is free at this very moment is kept for them at once.

    Raises:
        Refusal: no day was chosen, or they cannot wait for it.
    """
    console = visit.console
    day, half = _wanted(visit.form.get("wait"))
    await desk_board.station_of(db, visit.staff, station_id)
    one = await waits.join(
        db, console.vault, console.booking_rules, station_id, service_id, day, half, who, purpose, visit.now
    )  # fmt: skip
    silent = await wait_lists.unreached(db, [one], visit.now)
    await visit.record(db, "waiting_made", f"waiting:{one.row.id}", person=one.row.person_id)
    if one.slot is not None and one.row.offer_until is not None:
        until = time_name(one.row.offer_until)
        return desk_words.KEPT_AT_ONCE.format(when=time_name(one.slot.starts_at), until=until)
    await waiting_by_staff.tell(db, console.vault, one, "joined", visit.now)
    return desk_words.WAITS.format(number=one.position) + (desk_words.TO_CALL if silent else desk_words.TOLD)


def _wanted(text: str) -> tuple[date, Literal["am", "pm", "any"]]:
    day, half = read_day(text[:10]), _HALVES.get(text[11:])
    if day is None or half is None:
        raise Refusal(desk_words.NO_DAY_TO_WAIT)
    return day, half
