"""What staff do to a broadcast: try it, submit, approve or return it, stop it and go on, and send it again."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.console import broadcast_words
from bot.console.broadcast import show, topic
from bot.console.routes import Routes
from bot.console.visit import Visit
from bot.wake import CONSOLE, DELIVER
from core.errors import Refusal
from db.broadcasts import Broadcast
from services import broadcast_control, broadcast_trial, broadcasts

_ONE = r"/broadcasts/{id:\d{1,18}}"
Act = Callable[[AsyncSession], Awaitable[Broadcast]]

routes = Routes()


async def _do(visit: Visit, act: Act, action: str, notice: str, reason: str = "") -> web.Response:
    """Do one thing and record it; a refusal is shown on the page of the broadcast."""
    try:
        async with visit.console.database.transaction() as db:
            done = await act(db)
            detail = {"reason": reason} if reason else {}
            await visit.record(db, action, f"broadcast:{done.id}", title=done.title, **detail)
    except Refusal as refusal:
        return await show(visit, str(refusal))
    await visit.console.wake.announce([DELIVER, CONSOLE, topic(visit.id())])
    return visit.redirect(f"/console/broadcasts/{done.id}", notice)


@routes.post(f"{_ONE}/try", "broadcasts")
async def try_out(visit: Visit) -> web.Response:
    """Send it to oneself."""

    async def send(db: AsyncSession) -> Broadcast:
        broadcast = await broadcasts.read(db, visit.id())
        await broadcast_trial.send(db, visit.staff, broadcast, visit.now)
        return broadcast

    return await _do(visit, send, "broadcast_tried", broadcast_words.TRIED)


@routes.post(f"{_ONE}/submit", "broadcasts")
async def submit(visit: Visit) -> web.Response:
    """Ask for approval."""
    return await _do(
        visit, lambda db: broadcasts.submit(db, visit.id(), visit.now), "broadcast_submitted", broadcast_words.SUBMITTED
    )


@routes.post(f"{_ONE}/approve", "broadcasts")
async def approve(visit: Visit) -> web.Response:
    """Let it out, exactly as it was when the page was shown."""
    seen = _moment(visit.form.get("seen"))
    return await _do(
        visit, lambda db: broadcasts.approve(db, visit.staff, visit.id(), seen, visit.now), "broadcast_approved",
        broadcast_words.APPROVED,
    )  # fmt: skip


@routes.post(f"{_ONE}/return", "broadcasts")
async def send_back(visit: Visit) -> web.Response:
    """Return it with a reason."""
    reason = visit.form.get("reason")
    return await _do(
        visit, lambda db: broadcasts.send_back(db, visit.staff, visit.id(), reason), "broadcast_returned",
        broadcast_words.RETURNED, reason[:200],
    )  # fmt: skip


@routes.post(f"{_ONE}/pause", "broadcasts")
async def pause(visit: Visit) -> web.Response:
    """Hold what has not gone out."""
    return await _do(
        visit, lambda db: broadcast_control.pause(db, visit.id(), visit.now), "broadcast_paused", broadcast_words.PAUSED
    )


@routes.post(f"{_ONE}/resume", "broadcasts")
async def resume(visit: Visit) -> web.Response:
    """Go on."""
    return await _do(
        visit, lambda db: broadcast_control.resume(db, visit.id(), visit.now), "broadcast_resumed",
        broadcast_words.RESUMED,
    )  # fmt: skip


@routes.post(f"{_ONE}/cancel", "broadcasts")
async def cancel(visit: Visit) -> web.Response:
    """End it for good."""
    return await _do(
        visit, lambda db: broadcast_control.cancel(db, visit.id(), visit.now), "broadcast_cancelled",
        broadcast_words.CANCELLED,
    )  # fmt: skip


@routes.post(f"{_ONE}/resend", "broadcasts")
async def resend(visit: Visit) -> web.Response:
    """Draft it again for whom it could not be delivered to."""
    return await _do(
        visit, lambda db: broadcasts.resend(db, visit.staff, visit.id(), visit.now), "broadcast_resent",
        broadcast_words.RESENT,
    )  # fmt: skip


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
