"""Before a campaign starts: whom its reminders would reach, how long that takes, and who must be telephoned or visited."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from aiohttp import web

from bot.console import campaign_words, texts
from bot.console.case_words import CHANNELS, how_long
from bot.console.download import give
from bot.console.routes import Routes
from bot.console.visit import Visit
from services import campaign_people, campaign_reached, campaigns, reach
from services.campaigns import KIND
from services.reach import FATES, Unreached
from services.table import write_table

_ONE = r"/campaigns/{id:\d{1,18}}"
_LIST = "{list:call|visit}"

routes = Routes()


@routes.get(f"{_ONE}/plan", "campaigns")
async def plan(visit: Visit) -> web.Response:
    """Show the plan, and offer to start."""
    return await show(visit)


async def show(visit: Visit, refusal: str = "") -> web.Response:
    """Show the plan of a campaign with the form that starts it."""
    async with visit.console.database.snapshot() as db:
        campaign = await campaigns.find(db, visit.id())
        people = campaign_people.visible_people(visit.staff, campaign.id)
        found = await reach.plan(db, people, KIND, visit.console.rates)
    rows = [
        (CHANNELS.get(channel, "没有渠道账号"), fate, number)
        for fate in reversed(FATES)
        for (channel, counted), number in sorted(found.counts.items())
        if counted == fate
    ]
    return visit.render(
        "campaign_plan.html", status=422 if refusal else 200, refusal=refusal, campaign=campaign, plan=found, rows=rows,
        duration=how_long(visit.now - timedelta(seconds=found.seconds), visit.now), fates=campaign_words.FATES,
        means=campaign_words.FATE_MEANS, unreached=found.of(*reach.UNREACHED),
    )  # fmt: skip


@routes.get(rf"{_ONE}/plan/{_LIST}.xlsx", "campaigns")
async def sheet(visit: Visit) -> web.Response:
    """Give the list of whom to telephone, or of whom to visit, by village."""
    title, rows = await _listed(visit)
    return await _give(title, [_row(row) for row in rows])


@routes.get(f"{_ONE}/plan/{_LIST}", "campaigns")
async def printed(visit: Visit) -> web.Response:
    """Show the same to be printed."""
    title, rows = await _listed(visit)
    return visit.render(
        "unreached_print.html", title=title, columns=texts.UNREACHED_COLUMNS, rows=[_row(row) for row in rows]
    )


async def _listed(visit: Visit) -> tuple[str, list[Unreached]]:
    """Return a list's title and people: who has a telephone is called, who has none is visited."""
    kind, vault = visit.request.match_info["list"], visit.console.vault
    async with visit.console.database.snapshot() as db:
        campaign = await campaigns.find(db, visit.id())
        people = campaign_people.visible_people(visit.staff, campaign.id)
        rows = await reach.remainder(db, vault, people, KIND)
    rows = [row for row in rows if bool(row.phone) == (kind == "call")]
    async with visit.console.database.transaction() as db:
        await visit.record(db, "campaign_exported", f"campaign:{campaign.id}", what=kind, rows=len(rows))
    return f"{campaign.title}_{texts.UNREACHED_LISTS[kind]}", rows


def _row(row: Unreached, why: str = "") -> list[str]:
    why = why or campaign_words.FATES[row.why]
    return [row.township, row.village, row.grid, row.name, row.phone, row.worker, row.worker_phone, why]


@routes.get(f"{_ONE}/reached", "campaigns")
async def reached(visit: Visit) -> web.Response:
    """Show how many were truly reached, and how."""
    async with visit.console.database.snapshot() as db:
        campaign = await campaigns.find(db, visit.id())
        counts = await campaign_reached.counts(db, visit.staff, campaign.id)
    return visit.render(
        "campaign_reached.html", campaign=campaign, counts=counts, outcomes=campaign_words.OUTCOMES,
        told=campaign_reached.TOLD, total=sum(counts.values()),
    )  # fmt: skip


@routes.get(rf"{_ONE}/reached.xlsx", "campaigns")
async def reached_sheet(visit: Visit) -> web.Response:
    """Give everybody by village with what became of the reminders."""
    async with visit.console.database.snapshot() as db:
        campaign = await campaigns.find(db, visit.id())
        rows = await campaign_reached.sheet(db, visit.console.vault, visit.staff, campaign.id)
    async with visit.console.database.transaction() as db:
        await visit.record(db, "campaign_exported", f"campaign:{campaign.id}", what="reached", rows=len(rows))
    return await _give(f"{campaign.title}_触达结果", [_row(row, campaign_words.OUTCOMES[row.why]) for row in rows])


async def _give(title: str, rows: Sequence[Sequence[str]]) -> web.Response:
    content = await asyncio.to_thread(write_table, texts.UNREACHED_COLUMNS, rows, xlsx=True)
    return give(f"{title}.xlsx", content)
