"""One turn: an inbound is taken once, routed, and everything said is written in the same transaction."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core import menu
from core.reply import Choice, Reply
from core.turn import Inbound, Result, Turn
from db.people import Conversation
from db.turns import Inbox, Outbox
from db.upsert import insert_new
from services import outbox, people

Heard = TypeVar("Heard")
Route = Callable[[Turn[Heard]], Awaitable[None]]

DEFAULT_LIMIT = 4096
"""Characters a message may have where the channel sets no other limit."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of an inbound: the outbox rows that answer it, and whether it had come before."""

    replies: list[int]
    address_id: int | None = None
    result: Result | None = None
    repeated: bool = False


async def take(
    db: AsyncSession, route: Route[Heard], inbound: Inbound, heard: Heard, now: datetime, limit: int = DEFAULT_LIMIT
) -> Taken:
    """Take an inbound once; a repeated one gets the replies that were stored for it."""
    if not await insert_new(db, Inbox, **_inbox_row(inbound, now)):
        return Taken(await replies_to(db, inbound), repeated=True)
    conversation = await people.open_conversation(db, inbound.channel, inbound.sender, now)
    turn = Turn(
        db=db,
        now=now,
        inbound=inbound,
        heard=heard,
        address_id=conversation.address_id,
        state=conversation.state,
        data=dict(conversation.data),
        menu=tuple(Choice(c["label"], c["action"]) for c in conversation.menu),
    )
    _resolve_choice(turn)
    await route(turn)
    _remember(conversation, turn)
    await db.execute(
        update(Inbox)
        .where(Inbox.channel == inbound.channel, Inbox.event_id == inbound.event_id)
        .values(address_id=turn.address_id, result=asdict(turn.result))
        .execution_options(synchronize_session=False)
    )
    return Taken(await _post_replies(turn, inbound, limit), turn.address_id, turn.result)


async def fail(db: AsyncSession, inbound: Inbound, apology: str, error: str, now: datetime) -> Taken:
    """Record an inbound whose handling failed, and apologise, so that it is neither lost nor redelivered for ever."""
    if not await insert_new(db, Inbox, **_inbox_row(inbound, now), error=error):
        return Taken(await replies_to(db, inbound), repeated=True)
    conversation = await people.open_conversation(db, inbound.channel, inbound.sender, now)
    await db.execute(
        update(Inbox)
        .where(Inbox.channel == inbound.channel, Inbox.event_id == inbound.event_id)
        .values(address_id=conversation.address_id)
    )
    to = outbox.Recipient(inbound.channel, inbound.recipient or inbound.sender, conversation.address_id, DEFAULT_LIMIT)
    return Taken(await outbox.post(db, to, Reply(apology), now, in_reply_to=inbound.event_id), conversation.address_id)


async def replies_to(db: AsyncSession, inbound: Inbound) -> list[int]:
    """Return the outbox rows that answered an inbound."""
    rows = await db.scalars(
        select(Outbox.id)
        .where(Outbox.channel == inbound.channel, Outbox.in_reply_to == inbound.event_id)
        .order_by(Outbox.id)
    )
    return list(rows)


def _inbox_row(inbound: Inbound, now: datetime) -> dict[str, object]:
    return {
        "channel": inbound.channel,
        "event_id": inbound.event_id,
        "kind": inbound.kind,
        "text": inbound.text,
        "at": now,
    }


def _resolve_choice(turn: Turn[Heard]) -> None:
    if turn.inbound.kind == "text" and (action := menu.resolve(turn.inbound.text, turn.menu)):
        turn.inbound = replace(turn.inbound, kind="action", text=action)


def _remember(conversation: Conversation, turn: Turn[Heard]) -> None:
    conversation.state = turn.state
    conversation.data = turn.data
    conversation.menu = [{"label": c.label, "action": c.action} for c in turn.menu]


async def _post_replies(turn: Turn[Heard], inbound: Inbound, limit: int) -> list[int]:
    to = outbox.Recipient(inbound.channel, inbound.recipient or inbound.sender, turn.address_id, limit)
    pressed = None
    if inbound.pressed is not None:
        pressed = await outbox.find_by_external_id(turn.db, to.channel, to.external_id, inbound.pressed)
    ids: list[int] = []
    for reply in turn.replies:
        edits = pressed if reply.replaces and not ids else None
        ids += await outbox.post(turn.db, to, reply, turn.now, in_reply_to=inbound.event_id, edits_id=edits)
    return ids
