"""What people are told unasked of their places in a waiting list: one is kept for them, it went to the next, nothing came."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA, start_of
from core.reply import Choice
from core.tick import Pass
from handlers import texts
from handlers.booking_letters import Letter, facts, letters
from handlers.booking_wait import AGAIN_CHOICE, LET_PASS, TAKE, wait_when
from handlers.event_screens import moment, wrapped
from services import booking_rows, closures, event_contacts, notices, wait_lists, wait_vain, waits
from services.booking_rows import Visit
from services.booking_rules import BookingRules
from services.vault import Vault
from services.wait_rows import Wait, key
from services.wait_told import offer_key, urgent

_AT_ONCE = 200

OFFERED = (
    "{who}候补的号空出来了。\n{facts}\n\n给{who}留到{until}。\n{instead}要不要，回复数字就行。过了时间就让给下一位。"
)
INSTEAD = "要了这个号，原来约的{when}就不用来了。\n"
PASSED = "给{who}留的号，留到时间了，让给下一位了。\n{what}\n还想约的话，可以再约一个时间。"
CLOSED = "{who}候补的那天，服务站办不了这件事了，候补取消了。\n{what}\n可以约别的时间，或者去别的服务站。"
ENDED = "{who}候补的那天过去了，没有等到空号，让您久等了。\n{what}\n可以约别的时间。"
WHAT = "{when}到{station}办{service}"
WHY = "\n原因：{reason}"


async def tell_news(vault: Vault, rules: BookingRules, db: AsyncSession, now: datetime) -> Pass:
    """Tell who was offered a place, who let it run out, and of which days nothing came."""
    found = await waits.untold(db, _AT_ONCE)
    to = await event_contacts.accounts(db, [one.row for one in found], now)
    posted = [
        notice
        for one in found
        for notice in letters(vault, one.row, to[one.row.id], await _letter(db, rules, one, now))
    ]
    await notices.post(db, posted, now)
    ended = [one for one in found if one.row.news != "offered"]
    await waits.told(db, found, await wait_lists.to_telephone(db, ended, now))
    return Pass(len(found))


async def run_out(rules: BookingRules, db: AsyncSession, now: datetime) -> Pass:
    """Pass on the places that were not taken in time."""
    return Pass(len(await waits.run_out(db, rules, now, _AT_ONCE)))


async def refill(rules: BookingRules, db: AsyncSession, now: datetime) -> Pass:
    """Keep for who waits what became free otherwise, as by hours that were added; end what can be had no more."""
    ended = await wait_vain.end_vain(db, now)
    return Pass(ended + await waits.refill_all(db, rules, now))


async def end_days(db: AsyncSession, now: datetime) -> Pass:
    """End what was waited for on days that are over."""
    return Pass(await waits.end_days(db, now))


async def _letter(db: AsyncSession, rules: BookingRules, one: Wait, now: datetime) -> Letter:
    if one.slot is not None and one.row.offer_until is not None:
        own = await booking_rows.open_of(db, one.row.service_id, one.row.who_key)
        return _offer(one, own, wakes=urgent(rules, one.slot.starts_at, now))
    words = {"closed": CLOSED, "ended": ENDED}.get(one.row.news or "", PASSED)
    what = WHAT.format(when=wait_when(one), station=one.station.name, service=one.service.name)
    if one.row.news == "closed" and (reason := await closures.reason_of(db, one.station.id, one.row.day)):
        what += WHY.format(reason=reason)
    choices = AGAIN_CHOICE, texts.PERSON_CHOICE
    ends = start_of(max(one.row.day, now.astimezone(CHINA).date()) + timedelta(days=2))
    return Letter(f"{key(one.row)}{one.row.news}", lambda who: words.format(who=who, what=wrapped(what)), choices, ends)


def _offer(one: Wait, own: Visit | None, *, wakes: bool) -> Letter:
    assert one.slot is not None
    assert one.row.offer_until is not None
    slot, until = one.slot, one.row.offer_until
    instead = INSTEAD.format(when=moment(own.slot.starts_at)) if own else ""

    def words(who: str) -> str:
        told = facts(one.station, one.service, slot.starts_at)
        return OFFERED.format(who=who, facts=told, until=moment(until), instead=instead)

    choices = Choice(TAKE, f"wait-yes:{one.row.id}"), Choice(LET_PASS, f"wait-no:{one.row.id}")
    return Letter(offer_key(one.row, slot.id), words, choices, until, urgent=wakes)
