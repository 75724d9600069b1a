"""How the bureau does with its cases: figures for the yearly report, on the page and as a table to take along."""

import asyncio
from dataclasses import replace

from aiohttp import web

from bot.console import texts
from bot.console.case_words import KINDS
from bot.console.download import give
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.clock import CHINA
from core.errors import Refusal
from services import case_figures, period
from services.case_figures import Figures, Report
from services.table import write_table

routes = Routes()


@routes.get("/statistics", "statistics")
async def show(visit: Visit) -> web.Response:
    """Show the figures of a period; the whole year so far unless days are chosen."""
    refusal = ""
    try:
        report = await _report(visit)
    except Refusal as refused:
        refusal = str(refused)
        report = await _report(visit, whole_year=True)
    highest = max((max(month.opened, month.closed) for month in report.months), default=0)
    return visit.render(
        "statistics.html", status=422 if refusal else 200, refusal=refusal, report=report, highest=highest or 1,
        share=_share, tidy=_tidy, groups=[("按类型", report.kinds), ("按服务站", report.stations), ("按月份", report.months)],
    )  # fmt: skip


@routes.get(r"/statistics/export.{suffix:xlsx|csv}", "statistics")
async def export(visit: Visit) -> web.Response:
    """Give the figures as a table in the words of the yearly reports."""
    report, suffix = await _report(visit), visit.request.match_info["suffix"]
    async with visit.console.database.transaction() as db:
        days = {"first": report.period.first.isoformat(), "last": report.period.last.isoformat()}
        await visit.record(db, "statistics_exported", "support_case:statistics", **days)
    rows = [_row(figures) for figures in (report.total, *report.kinds, *report.stations, *report.months)]
    content = await asyncio.to_thread(write_table, texts.REPORT_COLUMNS, rows, xlsx=suffix == "xlsx")
    return give(texts.REPORT_NAME.format(suffix=suffix, **days), content)


async def _report(visit: Visit, *, whole_year: bool = False) -> Report:
    query = {} if whole_year else visit.request.query
    today = visit.now.astimezone(CHINA).date()
    days = period.period_of(query.get("from", ""), query.get("to", ""), today)
    async with visit.console.database.snapshot() as db:
        material = await case_figures.read(db, visit.staff, days)
    report = await asyncio.to_thread(case_figures.report, material, visit.now)
    kinds = [replace(figures, label=KINDS[figures.label]) for figures in report.kinds]
    return replace(report, kinds=kinds)


def _row(figures: Figures) -> list[str]:
    return [
        figures.label, str(figures.opened), str(figures.closed), str(figures.left), str(figures.resolved),
        _share(figures.first_time), str(figures.marks), _share(figures.satisfied), _tidy(figures.mean_mark),
        _tidy(figures.median_wait), _share(figures.late), str(figures.dangers), str(figures.false_alarms),
    ]  # fmt: skip


def _share(part: float | None) -> str:
    return "—" if part is None else f"{part:.1%}"


def _tidy(number: float | None) -> str:
    return "—" if number is None else f"{number:.1f}".removesuffix(".0")
