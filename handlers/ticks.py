"""Everything that the clock starts, in its order; each is repeated until a pass finds nothing to do."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession

from core.tick import Pass
from handlers import (
    account_notices,
    booking_notices,
    digest,
    event_announce,
    event_notices,
    referral_plan,
    remind,
    waiting_notices,
    watch,
)
from handlers.casework import Casework
from services import broadcast_control, broadcast_run, events, notice_gate, sent_places
from services.booking_rules import DEFAULT_BOOKING_RULES, BookingRules
from services.job_board import Shelf
from services.notice_gate import DEFAULT_RULES, Rules
from services.vault import Vault

Work = Callable[[AsyncSession, datetime], Awaitable[Pass]]


@dataclass(frozen=True, slots=True)
class Tick:
    """One piece of work, in one transaction a pass."""

    name: str
    work: Work
    ready: Callable[[AsyncSession], Awaitable[object]] | None = None
    """Gets at hand, before the transaction, what takes long to read."""


def ticks(
    casework: Casework,
    vault: Vault,
    *,
    crisis_repeat: timedelta,
    idle: timedelta,
    rules: Rules = DEFAULT_RULES,
    backlog: int = broadcast_run.BACKLOG,
    shelf: Shelf | None = None,
    booking_rules: BookingRules = DEFAULT_BOOKING_RULES,
) -> list[Tick]:
    """Return them all. The shelf is only a cache: whoever has none to share gets one of their own."""
    board = shelf or Shelf()

    async def call_staff(db: AsyncSession, now: datetime) -> Pass:
        return Pass(len(await watch.call_staff(db, now, crisis_repeat)))

    async def close_idle(db: AsyncSession, now: datetime) -> Pass:
        told = await watch.close_idle(db, casework, now, idle)
        return Pass(len(told), tuple(told))

    async def remind_people(db: AsyncSession, now: datetime) -> Pass:
        return await remind.send_due(db, now, vault)

    async def end_proxies(db: AsyncSession, now: datetime) -> Pass:
        return await account_notices.end_run_out(db, vault, now)

    async def release_notices(db: AsyncSession, now: datetime) -> Pass:
        return await notice_gate.release(db, now, rules)

    async def feed_broadcasts(db: AsyncSession, now: datetime) -> Pass:
        return await broadcast_run.feed(db, now, rules, backlog)

    return [
        Tick("call_staff", call_staff),
        Tick("close_idle", close_idle),
        Tick("remind", remind_people),
        Tick("end_proxies", end_proxies),
        Tick("ask_referrals", referral_plan.ask_due),
        Tick("finish_events", events.finish),
        Tick("tell_event_news", partial(event_notices.tell_news, vault)),
        Tick("remind_of_events", partial(event_notices.remind, vault)),
        Tick("remind_of_visits", partial(booking_notices.remind, vault)),
        Tick("tell_of_kept_places", partial(waiting_notices.tell_news, vault, booking_rules)),
        Tick("run_out_offers", partial(waiting_notices.run_out, booking_rules)),
        Tick("keep_free_places", partial(waiting_notices.refill, booking_rules)),
        Tick("end_waiting_days", waiting_notices.end_days),
        Tick("tell_waiting_news", partial(waiting_notices.tell_news, vault, booking_rules)),
        Tick("announce_events", event_announce.announce),
        Tick("tell_of_new_posts", partial(digest.send_at_once, shelf=board), board.board),
        Tick("send_digests", partial(digest.send_due, shelf=board), board.board),
        Tick("ask_whether_still", partial(digest.ask_whether_still, shelf=board)),
        Tick("end_unkept", digest.end_unkept),
        Tick("start_broadcasts", broadcast_run.start),
        Tick("freeze_recipients", broadcast_run.freeze),
        Tick("feed_broadcasts", feed_broadcasts),
        Tick("keep_broadcasts_stopped", broadcast_control.keep_stopped),
        # what decides notices stands above: what it decided then leaves in the same tick
        Tick("expire_notices", notice_gate.expire),
        Tick("release_notices", release_notices),
        Tick("finish_broadcasts", broadcast_run.finish),
        Tick("forget_places", sent_places.sweep),
    ]
