"""Everything said unasked comes in here: written down once, and held until the notice policy lets it go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from core.reply import Choice, Document, Lane
from db.turns import Outbox
from db.upsert import insert_all_new
from services.outbox import payload

LONGEST = 1800
"""Characters of a notice: with what is merged into it, it stays one message on every channel."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to one address; to one of staff when there is no address id."""

    kind: str
    channel: str
    recipient: str
    address_id: int | None
    text: str
    key: str
    """The dedupe key: a notice that was decided twice is written once."""
    choices: tuple[Choice, ...] = ()
    expires_at: datetime | None = None
    """When it would come too late, and is not sent any more."""
    urgent: bool = False
    """Passes quiet hours and the daily number."""
    lane: Lane = Lane.NOTICE
    reminder_id: int | None = None
    broadcast_id: int | None = None
    not_before: datetime | None = None
    document: Document | None = None
    qr: str | None = None


async def post(db: AsyncSession, notices: Sequence[Notice], now: datetime) -> int:
    """Write notices down, held until `release` lets them go; return how many were new."""
    return await insert_all_new(db, Outbox, [_row(notice, now) for notice in notices])


def _row(notice: Notice, now: datetime) -> dict[str, Any]:
    return {
        "channel": notice.channel,
        "recipient": notice.recipient,
        "address_id": notice.address_id,
        "lane": notice.lane,
        "notice": notice.kind,
        "reminder_id": notice.reminder_id,
        "broadcast_id": notice.broadcast_id,
        "payload": payload(notice.text, notice.choices, notice.document, notice.qr)
        | ({"urgent": True} if notice.urgent else {}),
        "at": now,
        "dedupe_key": notice.key,
        "status": "held",
        "available_at": notice.not_before or now,
        "expires_at": notice.expires_at,
        "attempts": 0,
    }
