"""The queue: what waits for staff, most urgent first."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args
from urllib.parse import urlencode

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.console import case_words
from bot.console.routes import Routes
from bot.console.visit import Visit
from db.cases import KINDS
from db.places import Station
from handlers.when import day_and_time
from services import case_queue
from services.case_queue import Asked, Tab

_LONGEST_SEARCH = 60
_LAST_PAGE = 10_000
_MANY_DIGITS = re.compile(r"\d{4,}")

routes = Routes()


@dataclass(frozen=True, slots=True)
class Address:
    """The page's address as the person of staff has it, to be changed in one thing at a time."""

    query: Mapping[str, str]

    def __call__(self, **changes: object) -> str:
        """Return the address with something else asked for; the page number starts anew."""
        wanted = {name: value for name, value in self.query.items() if name != "page"} | changes
        return "/console/?" + urlencode({name: value for name, value in wanted.items() if value})


@routes.get("/", "cases")
async def show(visit: Visit) -> web.Response:
    """Show a page of the queue; a search is recorded, for it digs in what people said."""
    asked = _asked(visit)
    if asked.words:
        async with visit.console.database.transaction() as db:
            await visit.record(db, "cases_searched", "case:all", words=_MANY_DIGITS.sub("****", asked.words))
    async with visit.console.database.snapshot() as db:
        named = await db.execute(select(Station.id, Station.name).order_by(Station.name))
        shown = await _shown(visit, db, asked)
    return visit.render("queue.html", stations=named.all(), **shown)


@routes.get("/queue", "cases", quiet=True)
async def rows(visit: Visit) -> web.Response:
    """Give the rows anew to a page that is open."""
    async with visit.console.database.snapshot() as db:
        shown = await _shown(visit, db, _asked(visit))
    return visit.render("queue_rows.html", **shown)


async def _shown(visit: Visit, db: AsyncSession, asked: Asked) -> dict[str, Any]:
    counts = await case_queue.count(db, visit.staff, visit.now)
    found, more = await case_queue.read_page(db, visit.staff, asked, visit.now)
    return case_words.shared() | {
        "asked": asked, "counts": counts, "rows": found, "more": more, "now": visit.now, "due": day_and_time,
        "address": Address(visit.request.query), "most": case_queue.MOST_COUNTED,
    }  # fmt: skip


def _asked(visit: Visit) -> Asked:
    query = visit.request.query
    tabs: tuple[Tab, ...] = get_args(Tab)
    return Asked(
        tab=next((tab for tab in tabs if tab == query.get("tab")), "waiting"),
        kind=query.get("kind", "") if query.get("kind") in KINDS else "",
        station=_number(query.get("station", "")),
        overdue=bool(query.get("overdue")),
        crisis=bool(query.get("crisis")),
        words=query.get("q", "").strip()[:_LONGEST_SEARCH],
        page=min(max(_number(query.get("page", "")) or 1, 1), _LAST_PAGE),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
