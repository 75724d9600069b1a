"""The form of a post: the cells of a sheet, under the names that a browser posts them by."""

from collections.abc import Mapping, Sequence
from datetime import date

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.console.visit import Visit
from core.clock import CHINA
from db.events import Event
from db.jobs import Employer
from knowledge.job_parse import JobPlaces
from knowledge.job_why import FORMS
from knowledge.job_words import OTHER
from services import event_list, fair_lists, job_written, townships
from services.job_sheet import SHIFT_NAMES, JobSheet
from services.jobs import Full

_FIELDS = {
    "employer": "单位", "title": "岗位", "kind": "工种", "city": "市县", "township": "乡镇", "place": "地址", "pay": "月薪",
    "form": "用工形式", "shift": "班次", "age": "年龄", "places": "人数", "veterans": "退役军人名额", "closes_on": "截止日期",
    "contact": "联系人", "phone": "电话", "about": "说明",
}  # fmt: skip
_OFFERED = 500
"""Names of employers that are offered while one is typed."""


def today(visit: Visit) -> date:
    """Return the day in China."""
    return visit.now.astimezone(CHINA).date()


def kinds(visit: Visit) -> Sequence[str]:
    """Return every kind of work."""
    return [*visit.console.library.snapshot.content.jobs.kinds, OTHER]


async def places(visit: Visit, db: AsyncSession) -> JobPlaces:
    """Return the places that a post may name."""
    return JobPlaces.here(visit.console.library.snapshot, await townships.read_townships(db), today(visit))


async def read(visit: Visit, db: AsyncSession, full: Full | None = None) -> JobSheet:
    """Return what was typed for a new post, or for one that is changed, checked.

    Raises:
        Refusal: with every fault.
    """
    cells = {column: visit.form.get(name) for name, column in _FIELDS.items()}
    if full is not None and cells["市县"] == full.job.city:
        cells["市县"] += "县"  # a short name alone may be unknown, and the one on file was accepted before
    event_id = visit.form.number("event")
    if full is None or full.job.event_id != event_id:
        await fair_lists.day_of(db, event_id, today(visit))  # refuses a fair that is none, or over
    words = visit.console.library.snapshot.content.jobs
    return JobSheet.read(cells, await places(visit, db), words, today(visit), event_id)


def typed(visit: Visit) -> dict[str, str]:
    """Return what was typed, as it is."""
    return {name: visit.form.get(name) for name in (*_FIELDS, "event")}


def blank(visit: Visit) -> dict[str, str]:
    """Return an empty form, at the bureau's own place."""
    region = visit.console.library.snapshot.region
    home = region.parts[-1] if region else ""
    event = visit.request.query.get("event", "")
    return dict.fromkeys(_FIELDS, "") | {"city": home, "form": "全职", "places": "1", "event": event}


def filled(full: Full) -> dict[str, str]:
    """Return the form of a post as it stands."""
    cells = job_written.cells(full)
    return {name: cells[column] for name, column in _FIELDS.items()} | {"event": str(full.job.event_id or "")}


async def show(
    visit: Visit, cells: Mapping[str, str], refusal: str = "", *, full: Full | None = None, reference: str = ""
) -> web.Response:
    """Show the form, of a new post or of one that is changed."""
    async with visit.console.database.snapshot() as db:
        towns = await townships.read_townships(db)
        employers = (await db.scalars(select(Employer.name).order_by(Employer.id.desc()).limit(_OFFERED))).all()
        fairs = await event_list.to_come(db, visit.now, ("fair",))
        kept = full.job.event_id if full else None
        if kept is not None and kept not in {fair.id for fair in fairs}:
            fairs.append(await db.get_one(Event, kept))
    return visit.render(
        "job_form.html", status=422 if refusal else 200, refusal=refusal, cells=cells, full=full, reference=reference,
        towns=sorted(towns), employers=employers, fairs=fairs, kinds=kinds(visit), forms=FORMS, shifts=SHIFT_NAMES,
        today=today(visit),
    )  # fmt: skip
