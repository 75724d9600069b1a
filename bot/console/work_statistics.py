"""How the bureau does with work and training: figures for the yearly report, on the page and as a table to take along."""

import asyncio
from collections.abc import Callable

from aiohttp import web

from bot.console import work_charts, work_words
from bot.console.download import give
from bot.console.routes import Routes
from bot.console.visit import Visit
from bot.console.work_charts import Chart
from core.clock import CHINA
from core.errors import Refusal
from services import event_list, period, work_figures, work_material
from services.table import write_table
from services.work_figures import Fairs, Report

routes = Routes()


@routes.get("/work-statistics", "statistics")
async def show(visit: Visit) -> web.Response:
    """Show the figures of a period; the whole year so far unless days are chosen."""
    refusal = ""
    try:
        report = await _report(visit)
    except Refusal as refused:
        refusal = str(refused)
        report = await _report(visit, whole_year=True)
    return visit.render(
        "work_statistics.html", status=422 if refusal else 200, refusal=refusal, report=report, kinds=event_list.KINDS,
        fair_chart=_fair_chart(report), online_chart=_online_chart(report),
        most=max((row.people for row in (*report.classes, *report.activities)), default=0) or 1,
    )  # fmt: skip


@routes.get(r"/work-statistics/{table:fairs|classes|online}.{suffix:xlsx|csv}", "statistics")
async def export(visit: Visit) -> web.Response:
    """Give one part of the figures as a table in the words of the yearly reports."""
    report, table, suffix = await _report(visit), visit.request.match_info["table"], visit.request.match_info["suffix"]
    days = {"first": report.period.first.isoformat(), "last": report.period.last.isoformat()}
    async with visit.console.database.transaction() as db:
        await visit.record(db, "statistics_exported", f"work:{table}", **days)
    rows = _ROWS[table](report)
    content = await asyncio.to_thread(write_table, work_words.COLUMNS[table], rows, xlsx=suffix == "xlsx")
    return give(work_words.FILE_NAME.format(name=work_words.NAMES[table], suffix=suffix, **days), content)


async def _report(visit: Visit, *, whole_year: bool = False) -> Report:
    query = {} if whole_year else visit.request.query
    today = visit.now.astimezone(CHINA).date()
    days = period.period_of(query.get("from", ""), query.get("to", ""), today)
    async with visit.console.database.snapshot() as db:
        material = await work_material.read(db, days, visit.now)
    return await asyncio.to_thread(work_figures.report, material)


def _fair_chart(report: Report) -> Chart:
    months = [(row.label, (row.applicants, row.intentions, row.hired)) for row in report.fair_months]
    return work_charts.draw(work_words.FAIR_SERIES, months)


def _online_chart(report: Report) -> Chart:
    months = [(row.label, (row.referred, row.hired, row.still_there)) for row in report.online_months]
    return work_charts.draw(work_words.ONLINE_SERIES, months)


def _fairs(report: Report) -> list[list[str]]:
    return [_fair(row) for row in (report.fairs, *report.each_fair, *report.fair_months)]


def _fair(row: Fairs) -> list[str]:
    numbers = (
        row.held, row.employers, row.posts, row.openings, row.applicants, row.intentions, row.hired, row.missing,
    )  # fmt: skip
    return [row.label, row.day.isoformat() if row.day else "", *map(str, numbers)]


def _classes(report: Report) -> list[list[str]]:
    return [
        [event_list.KINDS[row.kind], str(row.held), str(row.signed), str(row.people)]
        for row in (*report.classes, *report.activities)
    ]


def _online(report: Report) -> list[list[str]]:
    return [
        [row.label, *map(str, (row.employers, row.posts, row.openings, row.referred, row.hired, row.still_there))]
        for row in (report.online, *report.online_months)
    ]


_ROWS: dict[str, Callable[[Report], list[list[str]]]] = {"fairs": _fairs, "classes": _classes, "online": _online}
