"""Staff bring stations, services and grids in from a file: first shown row by row, then, once confirmed, written."""

import asyncio
from typing import Any

from aiohttp import web

from bot.console import texts
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.errors import Refusal
from services import places
from services.import_basis import Basis, basis_of
from services.imports import Report
from services.places import EXCHANGES
from services.table import Table, pack_table, read_table, unpack_table
from services.vault import BrokenSealError

routes = Routes()

_KIND = r"{kind:stations|services|grids}"
_PAGES = {"stations": "", "services": "/services", "grids": "/grids"}
_FIRST = 6
"""Columns that the page shows one by one; what else a row says stands together."""
LONGEST_SEAL = 240 * 1024
"""Characters; a field of a form may hold a little more."""
_SHOWN = 200
"""Good rows that are shown; bad ones are shown all."""


@routes.get(f"/places/{_KIND}/import", "places")
async def ask(visit: Visit) -> web.Response:
    """Ask for a file."""
    return _page(visit)


def _page(visit: Visit, refusal: str = "", **context: Any) -> web.Response:
    kind = visit.request.match_info["kind"]
    exchange = EXCHANGES[kind]
    shared = {
        "kind": kind, "exchange": exchange, "report": None, "refusal": refusal, "first": exchange.columns[:_FIRST],
        "others": exchange.columns[_FIRST:], "back": f"/console/places{_PAGES[kind]}",
    }  # fmt: skip
    return visit.render("place_import.html", status=422 if refusal else 200, **(shared | context))


@routes.post(f"/places/{_KIND}/import", "places")
async def try_out(visit: Visit) -> web.Response:
    """Show what a file would change; nothing is written."""
    kind = visit.request.match_info["kind"]
    try:
        table = await _read_upload(visit, kind)
        sealed = seal(visit, table)
    except Refusal as refusal:
        return _page(visit, str(refusal))
    async with visit.console.database.snapshot() as db:
        report = await places.bring(db, kind, table, basis(visit), write=False)
    good = [line for line in report.lines if line.fate in ("new", "changed")]
    bad = [line for line in report.lines if line.fate == "bad"]
    return _page(visit, report=report, good=good[:_SHOWN], more=len(good[_SHOWN:]), bad=bad, sealed=sealed)


async def _read_upload(visit: Visit, kind: str) -> Table:
    uploads = visit.form.uploads("file")
    if not uploads:
        raise Refusal(texts.NO_FILE)
    if uploads[0].data is None:
        raise Refusal(texts.FILE_TOO_LARGE)
    exchange = EXCHANGES[kind]
    # In a thread, because a large workbook takes seconds to read.
    return await asyncio.to_thread(read_table, uploads[0].data, exchange.columns, exchange.required)


@routes.post(f"/places/{_KIND}/import/confirmed", "places")
async def write(visit: Visit) -> web.Response:
    """Write the rows that were shown."""
    kind = visit.request.match_info["kind"]
    try:
        table = unseal(visit)
    except Refusal as refusal:
        return _page(visit, str(refusal))
    async with visit.console.database.transaction() as db:
        report = await places.bring(db, kind, table, basis(visit), write=True)
        await visit.record(db, "places_imported", f"{kind}:all", **_counts(report))
    return visit.redirect(f"/console/places{_PAGES[kind]}", texts.IMPORTED.format(**_counts(report)))


def basis(visit: Visit) -> Basis:
    """Return what an import goes by at this moment."""
    return basis_of(visit.console.library.snapshot.content, visit.console.booking_rules, visit.now)


def _counts(report: Report) -> dict[str, int]:
    return {"new": report.count("new"), "changed": report.count("changed"), "bad": report.count("bad")}


def seal(visit: Visit, table: Table) -> str:
    """Return the table for a hidden field, so that exactly what was shown is written."""
    sealed = visit.console.vault.encrypt(pack_table(table))
    if len(sealed) > LONGEST_SEAL:
        raise Refusal(texts.TABLE_TOO_LARGE)
    return sealed


def unseal(visit: Visit) -> Table:
    """Return the table that a page carried.

    Raises:
        Refusal: it did not come along, or was altered.
    """
    try:
        return unpack_table(visit.console.vault.decrypt(visit.form.get("table")))
    except BrokenSealError as error:
        raise Refusal(texts.TABLE_LOST) from error
