"""Read a conversation back from inbox and outbox, which together are the transcript."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.turns import Inbox, Outbox

_LAST = 100


async def read(db: AsyncSession, address_id: int) -> list[dict[str, Any]]:
    """Return the last messages of both sides, oldest first."""
    said = await db.scalars(
        select(Inbox)
        .where(Inbox.address_id == address_id, Inbox.kind != "event")
        .order_by(Inbox.at.desc())
        .limit(_LAST)
    )
    answered = await db.scalars(
        select(Outbox).where(Outbox.address_id == address_id).order_by(Outbox.id.desc()).limit(_LAST)
    )
    replies = list(answered)
    labels = {c["action"]: c["label"] for row in replies for c in row.payload["choices"]}
    mine = [
        {
            "from": "me",
            "id": row.event_id.partition(":")[2],
            "text": row.text if row.kind == "text" else labels.get(row.text, row.text),
            "at": row.at.isoformat(),
        }
        for row in said
    ]
    bot = [{"from": "bot", "id": row.id, "at": row.at.isoformat(), **row.payload} for row in replies]
    return sorted([*mine, *bot], key=lambda m: (m["at"], m["from"] == "bot", m["id"] if m["from"] == "bot" else 0))[
        -_LAST:
    ]
