"""我想去: who wants which post, masked in the list, opened one by one with a trace, and what came of it."""

import asyncio
from collections.abc import Sequence

from aiohttp import web

from bot.console import job_words
from bot.console.campaign_people import Address
from bot.console.download import give
from bot.console.form import row_id
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.clock import CHINA
from core.errors import Refusal
from db.jobs import REFERRAL_STATUSES
from services import jobs, referral_list, referrals
from services.masks import mask_name, mask_phone
from services.referral_list import Line
from services.table import write_table

_ONE = r"/referrals/{id:\d{1,18}}"
_LAST_PAGE = 10_000

routes = Routes()


@routes.get("/referrals", "people")
async def listing(visit: Visit) -> web.Response:
    """List the newest, all or those that are so far."""
    status, page = _wanted(visit)
    async with visit.console.database.transaction() as db:
        found = await referral_list.listed(db, visit.console.vault, visit.staff, status, page)
        await visit.record(db, "referrals_listed", "referral:list", status=status or "", shown=len(found.lines))
    return visit.render(
        "referrals.html", found=found, wanted=status or "", page=page, statuses=job_words.REFERRALS,
        address=Address("/console/referrals", visit.request.query),
    )  # fmt: skip


def _wanted(visit: Visit) -> tuple[str | None, int]:
    query = visit.request.query
    status = query.get("status", "")
    page = min(max(row_id(query.get("page", "")) or 1, 1), _LAST_PAGE)
    return status if status in REFERRAL_STATUSES else None, page


@routes.get(_ONE, "people")
async def one(visit: Visit) -> web.Response:
    """Show a referral, masked."""
    return await _page(visit)


@routes.post(f"{_ONE}/reveal", "people")
async def reveal(visit: Visit) -> web.Response:
    """Show name and phone in full, in this answer only."""
    return await _page(visit, full=True)


async def _page(visit: Visit, refusal: str = "", *, full: bool = False) -> web.Response:
    async with visit.console.database.transaction() as db:
        referral, name, phone = await referral_list.opened(db, visit.console.vault, visit.staff, visit.id())
        found = await jobs.find(db, referral.job_id)
        await visit.record(db, "referral_revealed" if full else "referral_viewed", f"referral:{referral.id}")
    if not full:
        name, phone = name and mask_name(name), phone and mask_phone(phone)
    return visit.render(
        "referral.html", status=422 if refusal else 200, refusal=refusal, referral=referral, name=name, phone=phone,
        full=full, found=found, statuses=job_words.REFERRALS, still_there=job_words.STILL_THERE,
    )  # fmt: skip


@routes.post(_ONE, "people")
async def keep(visit: Visit) -> web.Response:
    """Keep how far it is, and a line of one's own."""
    status, note = visit.form.get("status"), visit.form.get("note")
    try:
        async with visit.console.database.transaction() as db:
            await referral_list.opened(db, visit.console.vault, visit.staff, visit.id())  # refuses what is not theirs
            await referrals.set_outcome(db, visit.id(), status, note, visit.now)
            await visit.record(db, "referral_changed", f"referral:{visit.id()}", status=status)
    except Refusal as refusal:
        return await _page(visit, str(refusal))
    return visit.redirect(f"/console/referrals/{visit.id()}", job_words.REFERRAL_KEPT)


@routes.get("/referrals/export.xlsx", "people")
async def export(visit: Visit) -> web.Response:
    """Give the list as it is narrowed, with names and telephones in full, because it is for telephoning."""
    status, _ = _wanted(visit)
    lines: list[Line] = []
    async with visit.console.database.snapshot() as db:  # long: nobody waits for it to write
        for page in range(1, _LAST_PAGE):
            found = await referral_list.listed(db, visit.console.vault, visit.staff, status, page, full=True)
            lines += found.lines
            if not found.more:
                break
    async with visit.console.database.transaction() as db:
        await visit.record(db, "referrals_exported", "referral:list", status=status or "", rows=len(lines))
    content = await asyncio.to_thread(write_table, job_words.REFERRAL_COLUMNS, _rows(lines), xlsx=True)
    return give(job_words.REFERRALS_NAME.format(day=visit.now.astimezone(CHINA).date()), content)


def _rows(lines: Sequence[Line]) -> list[list[str]]:
    return [
        [
            f"{line.referral.created_at.astimezone(CHINA):%Y-%m-%d}", line.name, line.phone, line.job.title,
            line.employer.name, line.job.city, job_words.REFERRALS[line.referral.status],
            str(line.referral.hired_on or ""), job_words.STILL_THERE[line.referral.still_there],
            line.referral.note or "", line.case_code,
        ]
        for line in lines
    ]  # fmt: skip
