"""The list of a campaign: looked through by state and place, searched by a whole name or phone, taken out as a table."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from bot.console import campaign_words, texts
from bot.console.download import give
from bot.console.form import row_id
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.clock import CHINA
from core.errors import Refusal
from services import campaign_people, campaigns, certifications, cohort, person_file, progress, visit_sheet
from services.campaign_people import Listed, Row, Wanted
from services.person_cards import CATEGORIES, open_sealed
from services.table import write_table
from services.vault import Vault

_ONE = r"/campaigns/{id:\d{1,18}}"
_LAST_PAGE = 10_000

routes = Routes()


@dataclass(frozen=True, slots=True)
class Address:
    """The page's address, to be changed in one thing at a time."""

    path: str
    query: Mapping[str, str]

    def __call__(self, **changes: object) -> str:
        """Return the address with something else asked for."""
        wanted = {name: value for name, value in self.query.items() if name != "page"} | changes
        return f"{self.path}?{urlencode({name: value for name, value in wanted.items() if value != ''})}"


@routes.get(f"{_ONE}/people", "campaigns")
async def listing(visit: Visit) -> web.Response:
    """Show a page of the list."""
    wanted = _wanted(visit)
    async with visit.console.database.transaction() as db:
        campaign = await campaigns.find(db, visit.id())
        rows, more = await campaign_people.page(db, visit.console.vault, visit.staff, campaign.id, wanted)
        by = [name for name in ("state", "station", "village") if visit.request.query.get(name)]
        await visit.record(db, "campaign_people_listed", f"campaign:{campaign.id}", by=by, shown=len(rows))
    return await _page(visit, rows, wanted=wanted, more=more)


@routes.post(f"{_ONE}/people", "campaigns")
async def find(visit: Visit) -> web.Response:
    """Find by a whole name or phone, which is posted so that it stands in no address and no log."""
    words, refusal, rows = visit.form.get("words"), "", list[Listed]()
    try:
        async with visit.console.database.transaction() as db:
            rows = await campaign_people.find(db, visit.console.vault, visit.staff, visit.id(), words)
            by = "phone" if any(map(str.isdigit, words)) else "name"
            await visit.record(db, "campaign_people_listed", f"campaign:{visit.id()}", by=[by], shown=len(rows))
    except Refusal as refused:
        refusal = str(refused)
    return await _page(visit, rows, refusal, wanted=Wanted(), more=False, words=words)


async def _page(visit: Visit, rows: list[Listed], refusal: str = "", **context: Any) -> web.Response:
    async with visit.console.database.snapshot() as db:
        campaign = await campaigns.find(db, visit.id())
        villages = await progress.by_village(db, campaign.id, visit.staff, context["wanted"].station_id)
        stations = await progress.by_station(db, campaign.id, visit.staff)
    return visit.render(
        "campaign_people.html", status=422 if refusal else 200, refusal=refusal, campaign=campaign, rows=rows,
        stations=stations, villages=villages, states=campaign_words.STATES, ways=certifications.WAYS,
        visits=visit_sheet.FOUND_LABELS, address=Address(visit.request.path, visit.request.query),
        **({"words": ""} | context),
    )  # fmt: skip


@routes.get(rf"{_ONE}/people.xlsx", "campaigns")
async def export(visit: Visit) -> web.Response:
    """Give the list, as it is narrowed, with names and telephones in full; the audit knows who took it."""
    async with visit.console.database.snapshot() as db:
        campaign = await campaigns.find(db, visit.id())
        found = await campaign_people.rows(db, visit.staff, campaign.id, _wanted(visit))
    rows = await asyncio.to_thread(_cells, visit.console.vault, found)
    async with visit.console.database.transaction() as db:
        await visit.record(db, "campaign_exported", f"campaign:{campaign.id}", what="people", rows=len(rows))
    content = await asyncio.to_thread(write_table, texts.CERTIFICATION_COLUMNS, rows, xlsx=True)
    return give(f"{campaign.title}_名单.xlsx", content)


def _cells(vault: Vault, rows: Sequence[Row]) -> list[list[str]]:
    return [
        [
            row.township, row.village, open_sealed(vault, row.name), open_sealed(vault, row.phone), row.station,
            campaign_words.STATES[row.status], certifications.WAYS.get(row.way or "", ""), row.done_by or "",
            row.evidence or "", "" if row.done_at is None else f"{row.done_at.astimezone(CHINA):%Y-%m-%d}",
            visit_sheet.FOUND_LABELS.get(row.visit or "", ""),
        ]
        for row in rows
    ]  # fmt: skip


@routes.get(f"{_ONE}/cohort", "campaign_plans")
async def choose(visit: Visit) -> web.Response:
    """Ask for categories and stations."""
    return await _cohort(visit)


@routes.post(f"{_ONE}/cohort", "campaign_plans")
async def add(visit: Visit) -> web.Response:
    """Put the people on file of some categories and stations on the list."""
    categories = visit.form.all("category")
    stations = [id_ for id_ in map(row_id, visit.form.all("station")) if id_ is not None]
    try:
        async with visit.console.database.transaction() as db:
            added = await cohort.add_by_category(db, visit.id(), categories, stations)
            detail = {"categories": categories, "stations": stations, "added": added}
            await visit.record(db, "campaign_cohort_added", f"campaign:{visit.id()}", **detail)
    except Refusal as refusal:
        return await _cohort(visit, str(refusal))
    return visit.redirect(f"/console/campaigns/{visit.id()}", texts.COHORT_ADDED.format(count=added))


async def _cohort(visit: Visit, refusal: str = "") -> web.Response:
    async with visit.console.database.snapshot() as db:
        campaign = await campaigns.find(db, visit.id())
        stations = await person_file.stations(db)
    return visit.render(
        "campaign_cohort.html", status=422 if refusal else 200, refusal=refusal, campaign=campaign, stations=stations,
        categories=CATEGORIES,
    )  # fmt: skip


def _wanted(visit: Visit) -> Wanted:
    query = visit.request.query
    page = min(max(row_id(query.get("page", "")) or 1, 1), _LAST_PAGE)
    return Wanted(query.get("state", ""), row_id(query.get("station", "")), row_id(query.get("village", "")), page)
