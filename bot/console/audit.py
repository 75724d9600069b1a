"""Who did what and who looked at whom; and whether the record itself is whole."""

import json
from datetime import date
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from bot.console.audit_words import ACTIONS
from bot.console.form import row_id
from bot.console.routes import Routes
from bot.console.visit import Visit
from services import audit, audit_log
from services import staff as roster

routes = Routes()


@routes.get("/audit", "audit")
async def show(visit: Visit) -> web.Response:
    """Show a page of rows; looking at them leaves a row too."""
    query = visit.request.query
    wanted = audit_log.Filter(
        row_id(query.get("staff", "")),
        action if (action := query.get("action", "")) in ACTIONS else "",
        _day(query.get("from", "")),
        _day(query.get("to", "")),
    )
    async with visit.console.database.transaction() as db:
        rows, more = await audit_log.page(db, wanted, row_id(query.get("before", "")))
        people = await roster.everyone(db)
        await visit.record(db, "audit_viewed", "audit", staff_id=wanted.staff_id, action=wanted.action)
    older = urlencode({**{k: v for k, v in query.items() if k != "before"}, "before": rows[-1][0].id}) if more else ""
    return visit.render(
        "audit.html", rows=rows, people=people, query=query, older=older, actions=ACTIONS, detail=_detail
    )


@routes.get("/audit/chain", "audit")
async def check(visit: Visit) -> web.Response:
    """Walk the whole chain."""
    async with visit.console.database.snapshot() as db:
        chain = await audit.verify(db)
    return visit.render("audit_chain.html", chain=chain)


def _detail(detail: dict[str, Any]) -> str:
    shown = (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for value in detail.values())
    return " ".join(f"{name}: {value}" for name, value in zip(detail, shown, strict=True))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
