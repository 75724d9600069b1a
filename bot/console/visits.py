"""Home visits: the sheet of who is left, to be printed by village, and what was ticked on it, typed back in."""

from collections.abc import Sequence
from itertools import groupby

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.console import texts
from bot.console.form import row_id
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.errors import Refusal
from db.campaigns import Campaign
from services import campaigns, progress, visit_sheet
from services.visit_sheet import BOXES, SheetLine, Typed

_MOST_LINES = 300
"""Lines of one go: each is a transaction."""
_LONGEST = 1000
"""People on one sheet: more are printed village by village."""

routes = Routes()


@routes.get("/visits", "visits")
async def listing(visit: Visit) -> web.Response:
    """Show where somebody is still left: one's own people to a grid worker, the villages to others."""
    async with visit.console.database.snapshot() as db:
        running, campaign = await _chosen(visit, db)
        villages = await progress.by_village(db, campaign.id, visit.staff) if campaign else []
    left = sum(row.open for row in villages)
    return visit.render(
        "visits.html", campaigns=running, campaign=campaign, villages=[row for row in villages if row.open], left=left,
        longest=_LONGEST, mine=visit.staff.role == "grid",
    )  # fmt: skip


@routes.get("/visits/sheet", "visits")
async def sheet(visit: Visit) -> web.Response:
    """Show the sheet, to be printed; names and telephones stand in it in full, so the look is recorded."""
    village = row_id(visit.request.query.get("village", ""))
    async with visit.console.database.snapshot() as db:
        _, campaign = await _chosen(visit, db)
        if campaign is None:
            raise Refusal(texts.NO_CAMPAIGN)
        if village is None and (await progress.overall(db, campaign.id, visit.staff)).open > _LONGEST:
            raise Refusal(texts.SHEET_TOO_LONG.format(most=_LONGEST))
        rows = await visit_sheet.rows(db, visit.console.vault, campaign.id, visit.staff, village)
    async with visit.console.database.transaction() as db:
        await visit.record(db, "visits_viewed", f"campaign:{campaign.id}", village=village, rows=len(rows))
    return visit.render(
        "visit_sheet.html", campaign=campaign, villages=_by_village(rows), boxes=BOXES, count=len(rows),
        found=visit_sheet.FOUND_LABELS,
    )  # fmt: skip


@routes.get("/visits/type", "visits")
async def ask(visit: Visit) -> web.Response:
    """Ask for what was ticked."""
    return await _type(visit)


@routes.post("/visits/type", "visits")
async def type_back(visit: Visit) -> web.Response:
    """Record each line by itself; those that cannot be, or tell of a death, stay in the field, with why."""
    async with visit.console.database.snapshot() as db:
        _, campaign = await _chosen(visit, db, visit.form.get("campaign"))
    if campaign is None:
        return await _type(visit, texts.NO_CAMPAIGN, rest=visit.form.get("lines"))
    typed = visit_sheet.read_typed(visit.form.get("lines"))
    done = [await _record(visit, campaign.id, line) for line in typed[:_MOST_LINES]]
    rest = [one.text for one in done if one.fault or one.name] + [line for _, line in typed[_MOST_LINES:]]
    refusal = texts.TOO_MANY_LINES.format(most=_MOST_LINES) if len(typed) > _MOST_LINES else ""
    return await _type(visit, refusal, rest="\n".join(rest), done=done)


async def _record(visit: Visit, campaign_id: int, line: tuple[int, str]) -> Typed:
    sure = line[1] in visit.form.all("sure")
    async with visit.console.database.transaction() as db:
        typed = await visit_sheet.type_back(
            db, visit.console.vault, campaign_id, visit.staff, line, visit.now, sure=sure
        )  # fmt: skip
        if typed.name:
            await visit.record(db, "visits_viewed", f"campaign:{campaign_id}", line=typed.text)
        elif not typed.fault:
            await visit.record(db, "visit_typed", f"campaign:{campaign_id}", line=typed.text, box=typed.box)
    return typed


async def _type(visit: Visit, refusal: str = "", *, rest: str = "", done: Sequence[Typed] = ()) -> web.Response:
    async with visit.console.database.snapshot() as db:
        running, campaign = await _chosen(visit, db, visit.form.get("campaign"))
    faults, died = [one for one in done if one.fault], [one for one in done if one.name]
    return visit.render(
        "visit_type.html", status=422 if refusal or faults else 200, refusal=refusal, campaigns=running,
        campaign=campaign, rest=rest, good=[one for one in done if not one.fault and not one.name], faults=faults, died=died, boxes=BOXES,
    )  # fmt: skip


async def _chosen(visit: Visit, db: AsyncSession, posted: str = "") -> tuple[list[Campaign], Campaign | None]:
    """Return the campaigns that are not drafts, and the one asked for, else the newest that runs."""
    started = [one for one in await campaigns.everything(db) if one.status != "draft"]
    wanted = row_id(posted or visit.request.query.get("campaign", ""))
    if wanted is not None:
        return started, next((one for one in started if one.id == wanted), None)
    return started, next((one for one in started if one.status == "running"), None)


def _by_village(rows: Sequence[SheetLine]) -> list[tuple[str, list[SheetLine]]]:
    places = groupby(rows, key=lambda row: row.township + row.village)
    return [(place or texts.NO_VILLAGE, list(lines)) for place, lines in places]
