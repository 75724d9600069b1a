"""Which kinds of notices a person does not want: one word stops a kind on every account they have, and one brings it back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.people import NoticeStop
from db.reminders import Reminder
from db.turns import Outbox
from db.upsert import insert_all_new
from services.campaigns import KIND as CERTIFICATION
from services.notice_gate import STOPPED
from services.notice_hold import accounts_of, cancel
from services.notice_kinds import KINDS

_STILL_MEANT = timedelta(days=60)
"""How long a notice can be asked for again."""
_NEWS = frozenset({"jobs", "events"})
"""The kinds that tell of something new and ask for nothing."""


async def stop(db: AsyncSession, address_id: int, kinds: Iterable[str], now: datetime) -> None:
    """Stop kinds on every account of the person, and cancel what was not sent yet."""
    accounts = (await db.scalars(accounts_of(address_id))).all()
    wanted = list(kinds)
    rows = [{"address_id": account, "kind": kind, "at": now} for account in accounts for kind in wanted]
    await insert_all_new(db, NoticeStop, rows)
    await cancel(db, STOPPED, now, Outbox.address_id.in_(accounts), Outbox.notice.in_(wanted))


async def resume(db: AsyncSession, address_id: int, kinds: Iterable[str] = KINDS) -> list[str]:
    """Bring kinds back, every one unless some are named; return those that had been stopped."""
    gone = await db.scalars(
        delete(NoticeStop)
        .where(NoticeStop.address_id.in_(accounts_of(address_id)), NoticeStop.kind.in_(list(kinds)))
        .returning(NoticeStop.kind)
    )
    return sorted(set(gone))


async def stopped(db: AsyncSession, address_id: int) -> set[str]:
    """Return the kinds that are stopped."""
    return set(await db.scalars(select(NoticeStop.kind).where(NoticeStop.address_id.in_(accounts_of(address_id)))))


async def last_kind(db: AsyncSession, address_id: int) -> str | None:
    """Return the kind of the last notice that went to this account."""
    return await db.scalar(
        select(Outbox.notice)
        .where(Outbox.address_id == address_id, Outbox.released_at.is_not(None), Outbox.status.in_(("ready", "sent")))
        .order_by(Outbox.released_at.desc(), Outbox.id.desc())
        .limit(1)
    )


@dataclass(frozen=True, slots=True)
class Offered:
    """One notice that went to an account and can still be answered by a choice; several may have been one message."""

    outbox_id: int
    text: str
    choices: tuple[tuple[str, str], ...]
    """Label and action of each."""


async def offered(db: AsyncSession, address_id: int, now: datetime) -> list[Offered]:
    """Return the notices with choices that are still to be seen to, newest first, one for each reminder.

    Certifications are left out: open_certifications knows them, whether or not a notice was sent. Of news only the last
    message stands: an older list of posts is nothing to be seen to.
    """
    rows = await db.execute(
        select(Outbox.id, Outbox.payload, Outbox.reminder_id, Outbox.notice)
        .where(
            Outbox.address_id == address_id,
            Outbox.released_at >= now - _STILL_MEANT,
            Outbox.status.in_(("ready", "sent")),
        )
        .order_by(Outbox.released_at.desc(), Outbox.id.desc())
    )
    parts: dict[object, dict[str, Any]] = {}
    read: set[str] = set()
    for number, payload, reminder_id, kind in rows:
        if kind in read:
            continue
        read |= {kind} & _NEWS
        for part in payload.get("parts") or [payload | {"id": number, "reminder_id": reminder_id}]:
            if part["choices"]:
                parts.setdefault(part["reminder_id"] or f"outbox:{part['id']}", part)
    ids = [key for key in parts if isinstance(key, int)]
    pending = select(Reminder.id).where(
        Reminder.id.in_(ids), Reminder.status == "pending", Reminder.kind != CERTIFICATION
    )
    running = set(await db.scalars(pending))
    return [
        Offered(part["id"], part["text"], tuple((c["label"], c["action"]) for c in part["choices"]))
        for key, part in parts.items()
        if key in running or not isinstance(key, int)
    ]
