"""Send a broadcast to oneself first: a message on the real way out, of which nobody else hears."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.broadcasts import Broadcast
from db.staff import Staff
from db.turns import Outbox
from services import broadcast_text, notices
from services.audience import KIND
from services.notices import Notice

_CHANNEL, _LIFE = "telegram", timedelta(hours=1)
NO_ACCOUNT = "您的账号还没有登记 Telegram 号，请管理员在“工作人员”里填上。"


async def send(db: AsyncSession, staff: Staff, broadcast: Broadcast, now: datetime) -> None:
    """Send it to who asks, at once, marked as a test.

    Raises:
        Refusal: no Telegram account of theirs is known.
    """
    if staff.telegram_id is None:
        raise Refusal(NO_ACCOUNT)
    text = f"{broadcast_text.TEST}\n{broadcast_text.message(broadcast.title, broadcast.body)}"
    key = f"{_key(staff, broadcast)}{now.timestamp():.0f}"
    notice = Notice(
        KIND, _CHANNEL, str(staff.telegram_id), None, text, key=key, expires_at=now + _LIFE, urgent=True
    )  # fmt: skip
    await notices.post(db, [notice], now)


async def last(db: AsyncSession, staff: Staff, broadcast: Broadcast) -> Outbox | None:
    """Return the last test that somebody sent of it."""
    row = select(Outbox).where(Outbox.dedupe_key.startswith(_key(staff, broadcast)))
    return await db.scalar(row.order_by(Outbox.id.desc()).limit(1))


def _key(staff: Staff, broadcast: Broadcast) -> str:
    return f"b-test:{broadcast.id}:{staff.id}:"
