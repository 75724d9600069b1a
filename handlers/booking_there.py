"""Whom a desk waits for today, and who is there already: how long the line before them is."""

from sqlalchemy import or_

from core.clock import start_of
from db.bookings import Booking, Slot
from handlers import texts
from handlers.booking_plan import Office, note
from handlers.booking_screens import MINE_CHOICE
from handlers.booking_whom import Errand, errand_of, people_of
from handlers.job_hearing import today_of
from handlers.turn import Turn
from services import booking_lists, tickets
from services.booking_rows import Visit, visits

AHEAD, NEXT = "已经取号了，前面还有 {count} 位，听到叫号再过去。", "已经取号了，下一位就是您，请留意叫号。"
NOT_THERE = "到了站里，把预约码给工作人员看，就取到号了。\n取了号再问我，我告诉您前面还有几位。"
CALLED = "您的号已经叫过了，请问一下窗口的工作人员。"


async def expected_of(turn: Turn, office: Office) -> list[tuple[Errand, Visit]]:
    """Return for what a desk waits today, of what the chat may act on."""
    found = await booking_lists.expected(turn.db, turn.address_id, await people_of(turn), turn.now)
    known = [(await errand_of(turn, office.vault, one.booking), one) for one in found]
    return [(errand, one) for errand, one in known if errand is not None]


async def say_ahead(turn: Turn) -> None:
    """Say how many are called before whoever is at the station already; how a number is had, to anybody else."""
    note(turn)
    count = await waiting_number(turn)
    text = ahead_words(count) if count is not None else CALLED if await _came(turn) else NOT_THERE
    turn.say(text, MINE_CHOICE, texts.PERSON_CHOICE, texts.BACK_CHOICE)


async def waiting_number(turn: Turn) -> int | None:
    """Return how many are called before whoever has a number and waits; None for whoever does not."""
    ahead = [await tickets.ahead(turn.db, one.booking.id, turn.now) for one in await _came(turn)]
    return next((count for count in ahead if count is not None), None)


async def _came(turn: Turn) -> list[Visit]:
    whose = or_(Booking.address_id == turn.address_id, Booking.person_id.in_(await people_of(turn)))
    day = start_of(today_of(turn))
    return await visits(turn.db, whose, Booking.status == "came", Slot.starts_at >= day)


def ahead_words(ahead: int) -> str:
    """Return how many are called before somebody who is there."""
    return AHEAD.format(count=ahead) if ahead else NEXT
