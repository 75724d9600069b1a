"""What people are told when staff put them on a waiting list, take them off it, or note that they let a place pass."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import start_of
from core.reply import Choice
from handlers import texts
from handlers.booking_letters import Letter, letters
from handlers.booking_wait import AGAIN_CHOICE, LEAVE, SEE_WAIT, wait_when
from handlers.event_screens import wrapped
from handlers.waiting_notices import WHAT
from services import event_contacts, notices
from services.vault import Vault
from services.wait_rows import Wait, key

News = Literal["joined", "left", "declined"]

_WORDS: Mapping[News, str] = {
    "joined": "工作人员给{who}排上了候补。\n{what}\n空出号来马上告诉您，没有通知就先别跑一趟。",
    "left": "工作人员取消了{who}的候补。\n{what}\n还想办的话，可以再约一个时间。",
    "declined": "工作人员记下{who}不要空出来的号了，让给了下一位。\n{what}\n还想办的话，可以再约一个时间。",
}


async def tell(db: AsyncSession, vault: Vault, one: Wait, what: News, now: datetime) -> None:
    """Tell whoever hears of a place in a line what staff did with it."""
    told = await event_contacts.accounts(db, [one.row], now)
    where = wrapped(WHAT.format(when=wait_when(one), station=one.station.name, service=one.service.name))
    see = Choice(SEE_WAIT, f"wait-show:{one.row.id}"), Choice(LEAVE, f"wait-leave:{one.row.id}")
    choices = see if what == "joined" else (AGAIN_CHOICE, texts.PERSON_CHOICE)
    ends = start_of(one.row.day + timedelta(days=1))
    letter = Letter(f"{key(one.row)}{what}", lambda who: _WORDS[what].format(who=who, what=where), choices, ends)
    await notices.post(db, list(letters(vault, one.row, told[one.row.id], letter)), now)
