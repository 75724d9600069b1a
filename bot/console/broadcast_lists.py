"""The lists of a broadcast: who is to be telephoned or visited, before and after, and every recipient with the result."""

import asyncio
from collections.abc import Sequence

from aiohttp import web
from sqlalchemy import select

from bot.console import broadcast_words, campaign_words, texts
from bot.console.case_words import CHANNELS
from bot.console.download import give
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.clock import CHINA
from core.errors import Refusal
from db.people import Person
from services import broadcast_outcome, broadcast_results, broadcasts, reach
from services.audience import KIND, Audience
from services.broadcast_results import Line
from services.reach import Unreached
from services.scope import visible_people
from services.table import write_table

_ONE = r"/broadcasts/{id:\d{1,18}}"
_LIST = "{list:call|visit}"
_MOST_XLSX = 200_000
_NOT_REACHED = ("never", "blocked", "first")
"""Who stopped these notices does not wish to be telephoned about them either."""

routes = Routes()


@routes.get(rf"{_ONE}/{_LIST}.xlsx", "people")
async def sheet(visit: Visit) -> web.Response:
    """Give the list of whom to telephone, or of whom to visit, by village."""
    title, rows = await _listed(visit)
    content = await asyncio.to_thread(write_table, texts.UNREACHED_COLUMNS, rows, xlsx=True)
    return give(f"{title}.xlsx", content)


@routes.get(rf"{_ONE}/{_LIST}", "people")
async def printed(visit: Visit) -> web.Response:
    """Show the same to be printed."""
    title, rows = await _listed(visit)
    return visit.render("unreached_print.html", title=title, columns=texts.UNREACHED_COLUMNS, rows=rows)


async def _listed(visit: Visit) -> tuple[str, list[list[str]]]:
    """Return a list's title and rows: before it began, of whom it will not reach, then of whom it has not reached."""
    kind, vault = visit.request.match_info["list"], visit.console.vault
    async with visit.console.database.snapshot() as db:
        broadcast = await broadcasts.read(db, visit.id())
        if broadcast.started_at is not None:
            found = await broadcast_results.to_call(db, vault, visit.staff, broadcast.id)
        else:
            starts = max(broadcast.starts_at or visit.now, visit.now)
            people = Audience.read(broadcast.audience).people(starts.astimezone(CHINA).date())
            seen = select(Person.id).where(Person.id.in_(people), visible_people(visit.staff))
            found = await reach.remainder(db, vault, seen, KIND, _NOT_REACHED)
    rows = [_row(one) for one in found if bool(one.phone) == (kind == "call")]
    async with visit.console.database.transaction() as db:
        await visit.record(db, "broadcast_exported", f"broadcast:{broadcast.id}", what=kind, rows=len(rows))
    return f"{broadcast.title}_{texts.UNREACHED_LISTS[kind]}", rows


def _row(one: Unreached) -> list[str]:
    why = broadcast_words.OUTCOMES.get(one.why) or campaign_words.FATES[one.why]
    return [one.township, one.village, one.grid, one.name, one.phone, one.worker, one.worker_phone, why]


@routes.get(f"{_ONE}/recipients", "broadcasts")
async def recipients(visit: Visit) -> web.Response:
    """List the recipients, masked, of one outcome or all."""
    wanted, after = visit.request.query.get("outcome", ""), _number(visit.request.query.get("after", ""))
    async with visit.console.database.snapshot() as db:
        broadcast = await broadcasts.read(db, visit.id())
        counts = await broadcast_outcome.counts(db, broadcast.id)
        lines, more = await broadcast_results.page(
            db, visit.console.vault, visit.staff, broadcast.id, wanted, after
        )  # fmt: skip
    async with visit.console.database.transaction() as db:
        await visit.record(db, "broadcast_viewed", f"broadcast:{broadcast.id}", outcome=wanted, shown=len(lines))
    following = visit.request.rel_url.update_query(after=str(more)).query_string if more is not None else ""
    return visit.render(
        "broadcast_recipients.html", broadcast=broadcast, counts=counts, lines=lines, following=following,
        wanted=wanted, words=broadcast_words, channels=CHANNELS,
    )  # fmt: skip


@routes.get(rf"{_ONE}/results.{{suffix:xlsx|csv}}", "people")
async def export(visit: Visit) -> web.Response:
    """Give every recipient with the result."""
    suffix = visit.request.match_info["suffix"]
    async with visit.console.database.snapshot() as db:
        broadcast = await broadcasts.read(db, visit.id())
        sealed = await broadcast_results.whole(db, visit.staff, broadcast.id)
    if suffix == "xlsx" and len(sealed) > _MOST_XLSX:
        raise Refusal(broadcast_words.TOO_MANY)
    async with visit.console.database.transaction() as db:
        await visit.record(db, "broadcast_exported", f"broadcast:{broadcast.id}", what="results", rows=len(sealed))

    def written() -> bytes:
        lines = broadcast_results.opened(visit.console.vault, sealed)
        return write_table(broadcast_words.RESULT_COLUMNS, map(_cells, lines), xlsx=suffix == "xlsx")

    content = await asyncio.to_thread(written)
    return give(broadcast_words.RESULT_NAME.format(title=broadcast.title, suffix=suffix), content)


def _cells(line: Line) -> Sequence[str]:
    name = line.name if line.person_id is not None else broadcast_words.STRANGER
    channel, result = CHANNELS.get(line.channel, ""), broadcast_words.OUTCOMES[line.outcome]
    return [line.township, line.village, name, channel, result, line.error if line.outcome == "failed" else ""]


def _number(text: str) -> int | None:
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None
