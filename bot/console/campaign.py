"""One campaign: how far it has come by station, by village and over time; it is started and closed here."""

import asyncio
from typing import Any

from aiohttp import web

from bot.console import campaign_chart, campaign_plan, campaign_words, texts
from bot.console.download import give
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.clock import CHINA
from core.errors import Refusal
from services import campaign_reached, campaigns, certifications, progress
from services.campaign_reached import TOLD
from services.progress import Progress
from services.table import write_table

_ONE = r"/campaigns/{id:\d{1,18}}"

routes = Routes()


@routes.get(_ONE, "campaigns")
async def one(visit: Visit) -> web.Response:
    """Show how far a campaign has come."""
    return await _page(visit)


@routes.post(f"{_ONE}/start", "campaign_plans")
async def start(visit: Visit) -> web.Response:
    """Start a campaign, once whoever does it has ticked that the plan was looked at."""
    try:
        _need_sure(visit)
        async with visit.console.database.transaction() as db:
            await campaigns.start(db, visit.id(), visit.staff, visit.now)
            listed = await campaigns.count(db, visit.id())
            await visit.record(db, "campaign_started", f"campaign:{visit.id()}", people=listed)
    except Refusal as refusal:
        return await campaign_plan.show(visit, str(refusal))
    return visit.redirect(f"/console/campaigns/{visit.id()}", texts.CAMPAIGN_STARTED)


@routes.post(f"{_ONE}/close", "campaign_plans")
async def close(visit: Visit) -> web.Response:
    """End a campaign; what was recorded stays."""
    try:
        _need_sure(visit)
        async with visit.console.database.transaction() as db:
            await campaigns.close(db, visit.id(), visit.now)
            await visit.record(db, "campaign_closed", f"campaign:{visit.id()}")
    except Refusal as refusal:
        return await _page(visit, str(refusal))
    return visit.redirect(f"/console/campaigns/{visit.id()}", texts.CAMPAIGN_CLOSED)


def _need_sure(visit: Visit) -> None:
    if visit.form.get("sure") != "yes":
        raise Refusal(texts.CAMPAIGN_NOT_SURE)


@routes.get(rf"{_ONE}/progress.xlsx", "campaigns")
async def export(visit: Visit) -> web.Response:
    """Give the progress of stations and villages as a table; figures only, nobody is named."""
    async with visit.console.database.transaction() as db:
        campaign = await campaigns.find(db, visit.id())
        whole = await progress.overall(db, campaign.id, visit.staff)
        stations = await progress.by_station(db, campaign.id, visit.staff)
        villages = await progress.by_village(db, campaign.id, visit.staff)
        await visit.record(db, "campaign_exported", f"campaign:{campaign.id}", what="progress")
    rows = [
        ["合计", "全部", *_figures(whole)],
        *(["服务站", row.name or texts.NO_STATION, *_figures(row)] for row in stations),
        *(["村社", row.name or texts.NO_VILLAGE, *_figures(row)] for row in villages),
    ]
    content = await asyncio.to_thread(write_table, texts.PROGRESS_COLUMNS, rows, xlsx=True)
    return give(f"{campaign.title}_进度.xlsx", content)


def _figures(row: Progress) -> list[str]:
    figures = (row.total, row.done, row.claimed, row.open, row.deceased)
    return [*map(str, figures), f"{row.done / row.total:.1%}" if row.total else "—"]


async def _page(visit: Visit, refusal: str = "") -> web.Response:
    staff = visit.staff
    async with visit.console.database.snapshot() as db:
        campaign = await campaigns.find(db, visit.id())
        whole = await progress.overall(db, campaign.id, staff)
        days = await progress.by_day(db, campaign.id, staff)
        context: dict[str, Any] = {
            "stations": await progress.by_station(db, campaign.id, staff),
            "villages": await progress.by_village(db, campaign.id, staff),
            "ways": await progress.by_way(db, campaign.id, staff),
            "reached": await campaign_reached.counts(db, staff, campaign.id),
        }
    today = visit.now.astimezone(CHINA).date()
    chart = campaign_chart.draw(campaign, days, whole.total, today) if days else None
    return visit.render(
        "campaign.html", status=422 if refusal else 200, refusal=refusal, campaign=campaign, whole=whole, days=days,
        chart=chart, width=campaign_chart.WIDTH, height=campaign_chart.HEIGHT, left=(campaign.deadline - today).days,
        statuses=campaign_words.STATUSES, way_names=certifications.WAYS, outcomes=campaign_words.OUTCOMES, told=TOLD,
        when_of=campaign_words.when_of, **context,
    )  # fmt: skip
