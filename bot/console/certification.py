"""One person of a campaign: how, by whom and when they were certified, or what a visit found."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import date

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.console import campaign_words, texts
from bot.console.case_words import CHANNELS, MARKS
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.clock import CHINA
from core.errors import Refusal
from services import certification_file, certifications, visit_sheet
from services.certifications import DONE_BY, EVIDENCE, Done
from services.visit_codes import code_of

_ONE = r"/campaigns/people/{id:\d{1,18}}"

routes = Routes()


@routes.get(_ONE, "campaigns")
async def one(visit: Visit) -> web.Response:
    """Show one, masked."""
    return await _page(visit)


@routes.post(f"{_ONE}/certify", "campaigns")
async def certify(visit: Visit) -> web.Response:
    """Record that somebody was certified, which ends the reminders at once."""
    form, day = visit.form, None
    with suppress(ValueError):
        day = date.fromisoformat(form.get("on"))
    done = Done(form.get("way"), form.get("done_by"), form.get("evidence"), visit.staff.id, day)

    async def act(db: AsyncSession) -> None:
        await certifications.certify(db, visit.id(), done, visit.now)

    return await _do(visit, act, "certified", texts.CERTIFIED, way=done.way, done_by=done.done_by)


@routes.post(f"{_ONE}/reject", "campaigns")
async def reject(visit: Visit) -> web.Response:
    """Say that what somebody claimed was not found."""

    async def act(db: AsyncSession) -> None:
        await certifications.reject_claim(db, visit.id(), visit.now)

    return await _do(visit, act, "certification_claim_rejected", texts.CLAIM_REJECTED)


@routes.post(f"{_ONE}/reopen", "campaigns")
async def reopen(visit: Visit) -> web.Response:
    """Take back what was recorded by mistake."""

    async def act(db: AsyncSession) -> None:
        await certifications.reopen(db, visit.id(), visit.now)

    return await _do(visit, act, "certification_reopened", texts.CERTIFICATION_REOPENED)


@routes.post(f"{_ONE}/remove", "campaigns")
async def remove(visit: Visit) -> web.Response:
    """Take somebody off the list."""

    async def act(db: AsyncSession) -> None:
        await certifications.remove(db, visit.id(), visit.now)

    return await _do(visit, act, "certification_removed", texts.CERTIFICATION_REMOVED)


@routes.post(f"{_ONE}/visited", "campaigns")
async def visited(visit: Visit) -> web.Response:
    """Record what a visit found, as if its line had been typed back."""

    async def act(db: AsyncSession) -> None:
        row = await certifications.find(db, visit.staff, visit.id())
        line = f"{code_of(row.id)} {visit.form.get('box')}"
        typed = await visit_sheet.type_back(
            db, visit.console.vault, row.campaign_id, visit.staff, (1, line), visit.now, sure=True
        )  # fmt: skip
        if typed.fault:
            raise Refusal(f"{typed.fault}。")

    return await _do(visit, act, "visit_typed", texts.VISIT_RECORDED, box=visit.form.get("box"))


async def _do(
    visit: Visit, act: Callable[[AsyncSession], Awaitable[None]], action: str, notice: str, **detail: str
) -> web.Response:
    """Do one thing to a certification that is for these eyes, and record it."""
    try:
        async with visit.console.database.transaction() as db:
            await certifications.find(db, visit.staff, visit.id())
            await act(db)
            await visit.record(db, action, f"certification:{visit.id()}", **detail)
    except Refusal as refusal:
        return await _page(visit, str(refusal))
    return visit.redirect(f"/console/campaigns/people/{visit.id()}", notice)


async def _page(visit: Visit, refusal: str = "") -> web.Response:
    async with visit.console.database.transaction() as db:
        file = await certification_file.read(db, visit.console.vault, visit.staff, visit.id())
        await visit.record(db, "certification_viewed", f"certification:{visit.id()}")
    return visit.render(
        "certification.html", status=422 if refusal else 200, refusal=refusal, file=file,
        one=file.listed.certification, card=file.listed.card, today=visit.now.astimezone(CHINA).date(),
        states=campaign_words.STATES, ways=certifications.WAYS, evidence=EVIDENCE, done_by=DONE_BY,
        boxes=visit_sheet.BOXES, found=visit_sheet.FOUND_LABELS, channels=CHANNELS, mark=_mark,
    )  # fmt: skip


def _mark(said: certification_file.Said) -> str:
    """Return what became of a reminder, in a word."""
    if said.error and said.error.startswith("merged:"):
        return texts.SAID_MERGED
    return MARKS["read" if said.read_at else said.status]
