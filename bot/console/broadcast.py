"""One broadcast: how it looks, whom it would reach, who may let it out, and how far it has come, live."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import aiohttp_jinja2
from aiohttp import web
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.console import broadcast_words, campaign_words, live
from bot.console.case_words import CHANNELS, how_long
from bot.console.message_looks import looks
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.clock import CHINA
from db.broadcasts import Broadcast
from db.places import Station, Township
from services import (
    broadcast_list,
    broadcast_outcome,
    broadcast_pace,
    broadcast_text,
    broadcast_trial,
    broadcasts,
    reach,
)
from services.audience import KIND, Audience
from services.broadcast_outcome import DELIVERED, OPEN, OUTCOMES
from services.broadcast_pace import Speed

_ONE = r"/broadcasts/{id:\d{1,18}}"
RUNNING = ("freezing", "sending", "paused")
STARTED = (*RUNNING, "cancelled", "done")

routes = Routes()


def topic(broadcast_id: int) -> str:
    """Return what a page that follows a broadcast waits on."""
    return f"broadcast:{broadcast_id}"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one has come."""

    total: int
    over: int
    delivered: int
    rows: list[tuple[str, int]]
    speed: float | None
    ends_at: datetime | None

    @property
    def share(self) -> int:
        """Return how much of it is over, of 100."""
        return self.over * 100 // self.total if self.total else 0


@routes.get(_ONE, "broadcasts")
async def one(visit: Visit) -> web.Response:
    """Show it."""
    return await show(visit)


async def show(visit: Visit, refusal: str = "") -> web.Response:
    """Show a broadcast with what may be done in its state."""
    async with visit.console.database.snapshot() as db:
        broadcast = await broadcasts.read(db, visit.id())
        drafter, approver = await broadcast_list.names(db, broadcast)
        audience = Audience.read(broadcast.audience)
        towns = dict(iter(await db.execute(select(Township.id, Township.name))))
        stations = dict(iter(await db.execute(select(Station.id, Station.name))))
        trial = await broadcast_trial.last(db, visit.staff, broadcast)
        started = broadcast.status in STARTED and broadcast.started_at is not None
        context: dict[str, Any] = await _progress(visit, db, broadcast, Speed()) if started else {}
        context["resent"] = await broadcasts.resent(db, broadcast.id)
        if broadcast.status in ("draft", "submitted", "scheduled"):
            context |= await _plan(visit, db, broadcast, audience)
    return visit.render(
        "broadcast.html", status=422 if refusal else 200, refusal=refusal, broadcast=broadcast, drafter=drafter,
        approver=approver, audience=broadcast_words.described(audience, towns, stations), started=started,
        seen=broadcast_text.preview(broadcast.title, broadcast.body), trial=trial, running=broadcast.status in RUNNING,
        looks=looks(broadcast_text.message(broadcast.title, broadcast.body)), words=broadcast_words,
        may_approve=broadcasts.may_approve(visit.staff), **context,
    )  # fmt: skip


async def _plan(visit: Visit, db: AsyncSession, broadcast: Broadcast, audience: Audience) -> dict[str, Any]:
    starts = max(broadcast.starts_at or visit.now, visit.now)
    people = audience.people(starts.astimezone(CHINA).date())
    plan = await reach.plan(db, people, KIND, visit.console.rates, audience.accounts())
    rows = [
        (CHANNELS.get(channel, "没有渠道账号"), fate, number)
        for fate in reversed(reach.FATES)
        for (channel, found), number in sorted(plan.counts.items())
        if found == fate
    ]
    ends = broadcast_pace.ends_at(starts, plan.seconds, visit.console.rules, urgent=broadcast.urgent)
    late = broadcast.expires_at is not None and ends > broadcast.expires_at
    took = how_long(visit.now - timedelta(seconds=plan.seconds), visit.now)
    return {"plan": plan, "rows": rows, "ends": ends, "late": late, "took": took, "fates": campaign_words.FATES}


async def _progress(visit: Visit, db: AsyncSession, broadcast: Broadcast, speed: Speed) -> dict[str, Any]:
    counts = await broadcast_outcome.counts(db, broadcast.id)
    total, left = sum(counts.values()), counts.get("waiting", 0)
    seen = speed.note(visit.now, sum(counts.get(name, 0) for name in DELIVERED))
    pace = seen or min(visit.console.rates.values(), default=0.0)
    ends = None
    if broadcast.status in ("freezing", "sending") and left and pace:
        ends = broadcast_pace.ends_at(visit.now, left / pace, visit.console.rules, urgent=broadcast.urgent)
    found = Progress(
        total, total - sum(counts.get(name, 0) for name in OPEN), sum(counts.get(name, 0) for name in DELIVERED),
        [(name, counts[name]) for name in OUTCOMES if name in counts], seen, ends,
    )  # fmt: skip
    return {"progress": found, "counts": counts}


@routes.get(f"{_ONE}/stream", "broadcasts", quiet=True)
async def stream(visit: Visit) -> web.StreamResponse:
    """Send the progress, drawn, whenever it has changed."""
    speed = Speed()

    async def look(db: AsyncSession) -> str:
        broadcast = await broadcasts.read(db, visit.id())
        context = {"broadcast": broadcast, "words": broadcast_words, **await _progress(visit, db, broadcast, speed)}
        return aiohttp_jinja2.render_string("broadcast_progress.html", visit.request, context)

    return await live.follow(visit, topic(visit.id()), look)
