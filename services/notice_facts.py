"""What the notice policy must know of held notices, read for hundreds of them in three statements."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, literal_column, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.broadcasts import Broadcast
from db.people import Address, NoticeStop, Person
from db.reminders import Reminder
from db.turns import Outbox

BATCH = 500
"""Rows of one pass, so that a transaction stays short."""
HELD: ColumnElement[str] = literal_column("'held'")
READY: ColumnElement[str] = literal_column("'ready'")
"""Written out: by a parameter PostgreSQL comes, after some calls, to plans without the indexes of these rows."""


@dataclass(frozen=True, slots=True)
class Held:
    """One notice that may be due, and whom it is for."""

    row: Outbox
    person_id: int | None
    hours: tuple[int, int] | None
    """The quiet hours that the person has chosen."""
    deceased: bool
    """Who gets it, or whom it is about."""
    erased: bool
    called_off: bool
    """The broadcast that it belongs to was cancelled, or its reminder has ended."""

    @property
    def who(self) -> str:
        """Return what all accounts of one person have in common."""
        return _who(self.person_id, self.row.channel, self.row.recipient)

    @property
    def urgent(self) -> bool:
        """Tell whether it passes quiet hours and the day's number."""
        return bool(self.row.payload.get("urgent"))


@dataclass(frozen=True, slots=True)
class Facts:
    """What holds for the people of a pass."""

    stopped: frozenset[tuple[str, str]]
    """Who does not want which kind."""
    sent_today: Counter[str]


async def due(db: AsyncSession, now: datetime) -> list[Held]:
    """Lock the next held notices whose time has come, account by account, and never half of an account's."""
    reader, about = aliased(Person), aliased(Person)
    found = await db.execute(
        select(
            Outbox, Address.person_id, reader.quiet_from, reader.quiet_until,
            reader.deceased_at, about.deceased_at, reader.erased_at, about.erased_at, Broadcast.status,
            Reminder.status,
        )
        .outerjoin(Address, Address.id == Outbox.address_id)
        .outerjoin(reader, reader.id == Address.person_id)
        .outerjoin(Reminder, Reminder.id == Outbox.reminder_id)
        .outerjoin(about, about.id == Reminder.person_id)
        .outerjoin(Broadcast, Broadcast.id == Outbox.broadcast_id)
        .where(
            Outbox.status == HELD, Outbox.notice.is_not(None), Outbox.available_at <= now,
            func.coalesce(Broadcast.status, "") != "paused",
        )
        .order_by(Outbox.channel, Outbox.recipient, Outbox.id)
        .limit(BATCH)
        .with_for_update(of=Outbox, skip_locked=True)
    )  # fmt: skip
    rows = [
        Held(
            row, person_id, None if begins is None or ends is None else (begins, ends),
            deceased=dead is not None or about_dead is not None, erased=gone is not None or about_gone is not None,
            called_off=broadcast == "cancelled" or _has_ended(row, reminder),
        )
        for row, person_id, begins, ends, dead, about_dead, gone, about_gone, broadcast, reminder in found
    ]  # fmt: skip
    last = (rows[-1].row.channel, rows[-1].row.recipient) if len(rows) == BATCH else None
    whole = [held for held in rows if (held.row.channel, held.row.recipient) != last]
    return whole or rows


def _has_ended(row: Outbox, reminder: str | None) -> bool:
    """Tell whether its reminder has ended; a message that says several is taken apart by whoever ends one of them."""
    return reminder not in (None, "pending") and "parts" not in row.payload


async def read_facts(db: AsyncSession, rows: Sequence[Held], day_start: datetime) -> Facts:
    """Read what the people of these notices have stopped, and how many they got since the day began."""
    theirs = _accounts(rows)
    if theirs is None:
        return Facts(frozenset(), Counter())
    stops = await db.execute(
        select(Address.person_id, Address.channel, Address.external_id, NoticeStop.kind)
        .join(NoticeStop, NoticeStop.address_id == Address.id)
        .where(theirs)
    )
    sent = await db.execute(
        select(Address.person_id, Address.channel, Address.external_id, func.count())
        .join(Outbox, Outbox.address_id == Address.id)
        .where(
            theirs, Outbox.notice.is_not(None), Outbox.status.in_(("ready", "sent")), Outbox.released_at >= day_start
        )
        .group_by(Address.person_id, Address.channel, Address.external_id)
    )
    counted: Counter[str] = Counter()
    for person_id, channel, external_id, count in sent:
        counted[_who(person_id, channel, external_id)] += count
    return Facts(
        frozenset((_who(person_id, channel, external_id), kind) for person_id, channel, external_id, kind in stops),
        counted,
    )


def _accounts(rows: Sequence[Held]) -> ColumnElement[bool] | None:
    people = {held.person_id for held in rows if held.person_id is not None}
    strangers = {held.row.address_id for held in rows if held.person_id is None and held.row.address_id is not None}
    if not people and not strangers:
        return None
    return or_(Address.person_id.in_(people), Address.id.in_(strangers))


def _who(person_id: int | None, channel: str, external_id: str) -> str:
    return f"person:{person_id}" if person_id is not None else f"{channel}:{external_id}"
