"""未送达: whom our words do not reach and why, to be telephoned and marked as seen to, and taken along as a table."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlencode

from aiohttp import web

from bot.console.case_words import CHANNELS
from bot.console.download import give
from bot.console.form import row_id
from bot.console.routes import Routes
from bot.console.undelivered_words import KIND_LABELS, kind_label, why
from bot.console.visit import Visit
from core.clock import CHINA
from services import undelivered
from services.masks import mask_name, mask_phone
from services.person_cards import opened
from services.table import write_table
from services.undelivered import Line, Wanted
from services.vault import Vault

routes = Routes()

_PAGE, _MOST = 50, 20_000
"""Lines of a page, and of a table to take along."""
HANDLED = "已记下：这一条处理过了。以后再有消息送不到，会重新出现。"
TABLE_NAME = "未送达_{day}.xlsx"
COLUMNS = (
    "姓名", "电话", "乡镇村社", "渠道", "最近一条是", "送不到的条数", "原因", "从什么时候", "最近一次", "处理情况",
)  # fmt: skip
NOT_ON_FILE = "没有建档"


@routes.get("/undelivered", "campaigns")
async def listing(visit: Visit) -> web.Response:
    """List accounts, those not seen to yet unless asked for the others."""
    wanted, number = _wanted(visit), row_id(visit.request.query.get("page", "")) or 1
    async with visit.console.database.transaction() as db:
        lines, more = await undelivered.page(db, visit.staff, wanted, visit.now, _PAGE, (number - 1) * _PAGE)
        await visit.record(db, "undelivered_viewed", "outbox:undelivered", shown=len(lines))
    vault = visit.console.vault

    def address(page: int) -> str:
        query = {"kind": wanted.kind, "channel": wanted.channel, "state": "handled" if wanted.handled else ""}
        return "/console/undelivered?" + urlencode(query | {"page": page})

    return visit.render(
        "undelivered.html", lines=lines, more=more, page=number, wanted=wanted, kinds=KIND_LABELS, channels=CHANNELS,
        why=why, kind_label=kind_label, masked=lambda line: _masked(vault, line), address=address,
    )  # fmt: skip


@routes.post("/undelivered/handled", "campaigns")
async def handled(visit: Visit) -> web.Response:
    """Note that somebody has seen to an account."""
    address_id, outbox_id = visit.form.number("address"), visit.form.number("outbox")
    async with visit.console.database.transaction() as db:
        await undelivered.handled(db, visit.staff, address_id, outbox_id, visit.now)
        about = f"address:{address_id}" if address_id is not None else f"outbox:{outbox_id}"
        await visit.record(db, "undelivered_handled", about)
    return visit.redirect("/console/undelivered", HANDLED)


@routes.get("/undelivered/export.xlsx", "campaigns")
async def export(visit: Visit) -> web.Response:
    """Give the list with names and telephones in full, because it is for telephoning."""
    async with visit.console.database.transaction() as db:
        lines, _ = await undelivered.page(db, visit.staff, _wanted(visit), visit.now, _MOST)
        await visit.record(db, "undelivered_exported", "outbox:undelivered", lines=len(lines))
    content = await asyncio.to_thread(_table, visit.console.vault, lines)
    return give(TABLE_NAME.format(day=visit.now.astimezone(CHINA).date()), content)


def _wanted(visit: Visit) -> Wanted:
    query = visit.request.query
    kind, channel = query.get("kind", ""), query.get("channel", "")
    return Wanted(
        kind if kind in KIND_LABELS else "", channel if channel in CHANNELS else "", query.get("state") == "handled"
    )


def _masked(vault: Vault, line: Line) -> tuple[str, str]:
    """Return name and telephone as the page shows them."""
    name, phone = _full(vault, line)
    shown = name if line.person is None else name and mask_name(name)
    return shown, phone and mask_phone(phone)


def _full(vault: Vault, line: Line) -> tuple[str, str]:
    if line.person is not None:
        return opened(vault, line.person)
    return (f"{line.worker}（工作人员）" if line.worker else NOT_ON_FILE), ""


def _table(vault: Vault, lines: Sequence[Line]) -> bytes:
    rows = []
    for line in lines:
        name, phone = _full(vault, line)
        region = (line.person.region if line.person else None) or ""
        rows.append(
            [
                name, phone, region, CHANNELS.get(line.channel, line.channel), kind_label(line.kind),
                str(line.count), why(line.error), _day(line.since), _day(line.last),
                f"{line.handled_by} {_day(line.handled_at)}" if line.handled_at else "",
            ]
        )  # fmt: skip
    return write_table(COLUMNS, rows, xlsx=True)


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}"
