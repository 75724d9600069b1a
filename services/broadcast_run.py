"""What the clock does for broadcasts: begin, write the list down, hand it to the outbox bit by bit, and end."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core.clock import CHINA
from core.reply import Lane
from core.tick import Pass
from db.broadcasts import Broadcast, BroadcastRecipient
from db.people import Address, Person
from db.turns import Outbox
from db.upsert import insert_new_from
from services import broadcast_outcome, broadcast_text, notices, quiet, reach
from services.audience import KIND, Audience
from services.notice_gate import Rules
from services.notices import Notice

BACKLOG = 500
"""Messages of a broadcast that wait in the outbox at a time, so that stopping it is quick (decision 0020)."""
_CHUNK = {"sqlite": 500, "postgresql": 20_000}
"""People or accounts looked at in one pass: SQLite has one writer, and others wait for it."""
_COLUMNS = ("broadcast_id", "number", "person_id", "address_id", "fate")


async def start(db: AsyncSession, now: datetime) -> Pass:
    """Begin those whose time has come."""
    due = and_(Broadcast.status == "scheduled", Broadcast.starts_at <= now)
    begun = await db.scalars(
        update(Broadcast)
        .where(due)
        .values(status="freezing", started_at=now)
        .returning(Broadcast.id)
        .execution_options(synchronize_session=False)
    )
    return Pass(len(begun.all()))


async def freeze(db: AsyncSession, now: datetime) -> Pass:  # noqa: ARG001 - every tick is told the time
    """Write down the next part of a list: first the people, in the order of their ids, then accounts of nobody on file."""
    broadcast = await _next(db, Broadcast.status == "freezing")
    if broadcast is None:
        return Pass(0)
    chunk = _CHUNK[db.get_bind().dialect.name]
    assert broadcast.started_at is not None
    audience = Audience.read(broadcast.audience)
    if audience.on_file and broadcast.frozen_to >= 0:
        ids = await _bounds(db, select(Person.id).where(Person.id > broadcast.frozen_to).order_by(Person.id), chunk)
        if ids:
            people = audience.people(broadcast.started_at.astimezone(CHINA).date())
            await insert_new_from(db, BroadcastRecipient, _COLUMNS, _people(broadcast.id, people, ids))
            broadcast.frozen_to = ids[1]
            return Pass(1)
    accounts = audience.accounts()
    after = accounts.where(Address.id > max(0, -broadcast.frozen_to)).order_by(Address.id)
    ids = await _bounds(db, after, chunk)
    if ids:
        await insert_new_from(
            db, BroadcastRecipient, _COLUMNS, _accounts(broadcast.id, accounts.where(Address.id.between(*ids)))
        )
        broadcast.frozen_to = -ids[1]
    else:
        broadcast.status = "sending"
    return Pass(1)


async def _bounds(db: AsyncSession, ids: Select[int], count: int) -> tuple[int, int] | None:
    """Return the first and the last of the next so many ids."""
    chosen = ids.limit(count).subquery()
    first, last = (await db.execute(select(func.min(chosen.c.id), func.max(chosen.c.id)))).one()
    return None if first is None else (first, last)


def _people(broadcast_id: int, people: Select[int], ids: tuple[int, int]) -> Select[int, int, int, int, str]:
    person_id, address_id, _, fate = reach.fated(people, KIND, ids).subquery().c
    kept = case((fate.in_(("now", "first")), "waiting"), else_=fate)
    return select(literal(broadcast_id), person_id, person_id.label("of"), address_id, kept)


def _accounts(broadcast_id: int, accounts: Select[int]) -> Select[int, int, None, int, str]:
    fate = case((~Address.reachable, "blocked"), (reach.stopped(KIND), "stopped"), else_="waiting")
    return accounts.with_only_columns(literal(broadcast_id), -Address.id, literal(None), Address.id, fate)


async def feed(db: AsyncSession, now: datetime, rules: Rules, backlog: int = BACKLOG) -> Pass:
    """Hand the next of a list to the outbox, unless enough of it wait there already or it is night."""
    opens, _ = quiet.next_open(now, rules.quiet_from, rules.quiet_until)
    waits = exists().where(BroadcastRecipient.broadcast_id == Broadcast.id, BroadcastRecipient.fate == "waiting")
    broadcast = await _next(
        db, Broadcast.status == "sending", Broadcast.expires_at > now, waits, _in_outbox(now) < backlog,
        *(() if opens <= now else (Broadcast.urgent,)),
    )  # fmt: skip
    if broadcast is None:
        return Pass(0)
    room = backlog - (await db.scalar(select(_in_outbox(now)).where(Broadcast.id == broadcast.id)) or 0)
    waiting = [BroadcastRecipient.broadcast_id == broadcast.id, BroadcastRecipient.fate == "waiting"]
    if broadcast.fed_to is not None:
        waiting.append(BroadcastRecipient.number > broadcast.fed_to)
    found = await db.execute(
        select(BroadcastRecipient.number, Address)
        .join(Address, Address.id == BroadcastRecipient.address_id)
        .where(*waiting)
        .order_by(BroadcastRecipient.number)
        .limit(min(room, BACKLOG))
    )
    rows = [(number, address) for number, address in found]
    await notices.post(db, [_notice(broadcast, number, address) for number, address in rows], now)
    await _mark(db, broadcast, [number for number, _ in rows])
    return Pass(len(rows))


def _in_outbox(now: datetime) -> ColumnElement[int]:
    """Count, beside a Broadcast, its messages that are about to be sent; pages that nobody opens hold up nothing."""
    about = or_(Outbox.status == "held", and_(Outbox.status == "ready", Outbox.channel.in_(reach.PUSH)))
    due = and_(Outbox.broadcast_id == Broadcast.id, Outbox.available_at <= now, about)
    return select(func.count()).select_from(Outbox).where(due).correlate(Broadcast).scalar_subquery()


def _notice(broadcast: Broadcast, number: int, address: Address) -> Notice:
    return Notice(
        KIND, address.channel, address.external_id, address.id, broadcast_text.message(broadcast.title, broadcast.body),
        key=f"b:{broadcast.id}:{number}", expires_at=broadcast.expires_at, urgent=broadcast.urgent,
        lane=Lane.BROADCAST, broadcast_id=broadcast.id,
    )  # fmt: skip


async def _mark(db: AsyncSession, broadcast: Broadcast, numbers: Sequence[int]) -> None:
    of_these = and_(BroadcastRecipient.broadcast_id == broadcast.id, BroadcastRecipient.number.in_(numbers))
    queued = update(BroadcastRecipient).where(of_these).values(fate="queued")
    await db.execute(queued.execution_options(synchronize_session=False))
    broadcast.fed_to = numbers[-1]


async def finish(db: AsyncSession, now: datetime) -> Pass:
    """End those of which nothing is left to send, or to wait for."""
    over = Broadcast.expires_at <= now
    waits = exists().where(BroadcastRecipient.broadcast_id == Broadcast.id, BroadcastRecipient.fate == "waiting")
    unsent = ("ready", "held")
    open_ = exists().where(Outbox.broadcast_id == Broadcast.id, Outbox.status.in_(unsent))
    own, whole = aliased(Outbox), aliased(Outbox)
    merged = select(own.id).join(whole, whole.id == broadcast_outcome.merged_into(own.error))
    in_another = merged.where(own.broadcast_id == Broadcast.id, own.status == "cancelled", whole.status.in_(unsent))
    running = or_(Broadcast.status == "sending", and_(Broadcast.status == "paused", over))
    ended = await db.scalars(
        update(Broadcast)
        .where(running, or_(~waits, over), ~open_, ~in_another.correlate(Broadcast).exists())
        .values(status="done", done_at=now)
        .returning(Broadcast.id)
        .execution_options(synchronize_session=False)
    )
    return Pass(len(ended.all()))


async def _next(db: AsyncSession, *conditions: ColumnElement[bool]) -> Broadcast | None:
    """Lock the first broadcast for which something holds; who else works on one is left alone."""
    first = select(Broadcast).where(*conditions).order_by(Broadcast.id).limit(1)
    return await db.scalar(first.with_for_update(skip_locked=True).execution_options(populate_existing=True))
