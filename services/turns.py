"""One turn: an inbound is taken once, routed, and everything said is written in the same transaction."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core import menu
from core.reply import Choice, Reply
from core.turn import Inbound, OpenCase, Result, Turn
from db.cases import SupportCase
from db.media import Attachment
from db.people import Conversation
from db.turns import Inbox, Outbox
from db.upsert import insert_new
from services import case_talk, masks, notice_menu, outbox, people, sent_places

Heard = TypeVar("Heard")
Route = Callable[[Turn[Heard]], Awaitable[None]]

DEFAULT_LIMIT = 4096
"""Characters a message may have where the channel sets no other limit."""
_LAST_WORDS = 10


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of an inbound: the outbox rows that answer it, and whether it had come before."""

    replies: list[int]
    address_id: int | None = None
    case_id: int | None = None
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
        case=await _open_case(db, conversation),
        state=conversation.state,
        data=dict(conversation.data),
        menu=tuple(Choice(c["label"], c["action"]) for c in conversation.menu),
    )
    await _resolve_choice(turn)
    before = conversation.case_id
    await route(turn)
    if turn.kept is not None:
        inbound = replace(inbound, text=turn.kept)
    for sentence in dict.fromkeys(media.refused for media in inbound.media if media.refused):
        turn.say(sentence)  # even where the bot is silent otherwise
    if inbound.album:
        turn.data["album"] = inbound.album
    _remember(conversation, turn)
    case_id = conversation.case_id or before
    await _keep(db, inbound, turn.address_id, case_id, now, result=asdict(turn.result) | _marks(turn))
    replies = await _post_replies(turn, inbound, limit, case_id)
    return Taken(replies, turn.address_id, case_id, turn.result)


async def fail(db: AsyncSession, inbound: Inbound, apology: str, error: str, now: datetime) -> Taken:
    """Record an inbound whose handling failed, and apologise, so that it is neither lost nor redelivered for ever."""
    if not await insert_new(db, Inbox, **_inbox_row(inbound, now), error=error):
        return Taken(await replies_to(db, inbound), repeated=True)
    conversation = await people.open_conversation(db, inbound.channel, inbound.sender, now)
    if inbound.kind == "text" and masks.identifies(inbound.text, conversation.state):
        inbound = replace(inbound, text=masks.HIDDEN)
    await _keep(db, inbound, conversation.address_id, conversation.case_id, now)
    to = outbox.Recipient(inbound.channel, inbound.recipient or inbound.sender, conversation.address_id, DEFAULT_LIMIT)
    about = outbox.About(conversation.case_id)
    rows = await outbox.post(db, to, Reply(apology), now, in_reply_to=inbound.event_id, about=about)
    return Taken(rows, conversation.address_id, conversation.case_id)


async def _keep(
    db: AsyncSession, inbound: Inbound, address_id: int, case_id: int | None, now: datetime, **values: object
) -> None:
    """Complete the inbound's row, keep what files came with it, and pass it on to its case."""
    if inbound.place is not None:
        values["place"] = sent_places.for_the_record(inbound.place, in_case=case_id is not None)
    await db.execute(
        update(Inbox)
        .where(Inbox.channel == inbound.channel, Inbox.event_id == inbound.event_id)
        .values(address_id=address_id, case_id=case_id, text=inbound.text, **values)
        .execution_options(synchronize_session=False)
    )
    attachments = [
        Attachment(
            address_id=address_id,
            channel=inbound.channel,
            event_id=inbound.event_id,
            kind=media.kind,
            name=media.name,
            file_ref=media.file_ref,
            sha256=media.sha256,
            media_type=media.media_type,
            size=media.size,
            status="refused" if media.refused else "stored" if media.sha256 else "pending",
            error=media.refused,
            available_at=now,
            at=now,
        )
        for media in inbound.media
    ]
    if attachments:
        db.add_all(attachments)
        await db.flush()
    if case_id is not None and _is_said(inbound):
        await case_talk.heard(db, case_id, inbound, [a.id for a in attachments], now)


def _is_said(inbound: Inbound) -> bool:
    """Tell words and files of the person from what a channel reports about the account."""
    return inbound.kind == "text" or bool(inbound.media or inbound.place)


async def _open_case(db: AsyncSession, conversation: Conversation) -> OpenCase | None:
    if conversation.case_id is None:
        return None
    case = await db.get_one(SupportCase, conversation.case_id)  # after the lock: a claim just made is seen
    return OpenCase(case.id, case.code, case.claimed_by, case.crisis)


def _marks(turn: Turn[Heard]) -> dict[str, bool]:
    """Mark what was masked, so that an edit does not bring the words back."""
    return {} if turn.kept is None else {"masked": True}


async def replies_to(db: AsyncSession, inbound: Inbound) -> list[int]:
    """Return the outbox rows that answered an inbound."""
    rows = await db.scalars(
        select(Outbox.id)
        .where(Outbox.channel == inbound.channel, Outbox.in_reply_to == inbound.event_id)
        .order_by(Outbox.id)
    )
    return list(rows)


async def last_words(db: AsyncSession, address_id: int, since: datetime) -> list[str]:
    """Return what somebody last wrote, newest first, to tell what a plea without words is about."""
    rows = await db.scalars(
        select(Inbox.text)
        .where(Inbox.address_id == address_id, Inbox.kind == "text", Inbox.at >= since)
        .order_by(Inbox.at.desc())
        .limit(_LAST_WORDS)
    )
    return list(rows)


def _inbox_row(inbound: Inbound, now: datetime) -> dict[str, object]:
    return {
        "channel": inbound.channel,
        "event_id": inbound.event_id,
        "kind": inbound.kind,
        "text": inbound.text,
        "message_id": inbound.message_id,
        "at": now,
    }


async def _resolve_choice(turn: Turn[Heard]) -> None:
    owned = turn.case is not None and turn.case.owner is not None  # then a digit is an answer to staff
    if turn.inbound.kind == "text" and not owned and notice_menu.may_answer(turn.inbound.text):
        turn.menu = await notice_menu.choices_since(turn.db, turn.address_id) or turn.menu
    if turn.inbound.kind == "text" and (action := menu.resolve(turn.inbound.text, turn.menu)):
        turn.inbound = replace(turn.inbound, kind="action", text=action)


def _remember(conversation: Conversation, turn: Turn[Heard]) -> None:
    conversation.state = turn.state
    conversation.data = turn.data
    conversation.menu = [{"label": c.label, "action": c.action} for c in turn.menu]


async def _post_replies(turn: Turn[Heard], inbound: Inbound, limit: int, case_id: int | None) -> list[int]:
    to = outbox.Recipient(inbound.channel, inbound.recipient or inbound.sender, turn.address_id, limit)
    about = outbox.About(case_id)
    pressed = None
    if inbound.pressed is not None:
        pressed = await outbox.find_by_external_id(turn.db, to.channel, to.external_id, inbound.pressed)
    ids: list[int] = []
    for reply in turn.replies:
        edits = pressed if reply.replaces and not ids else None
        ids += await outbox.post(
            turn.db, to, reply, turn.now, in_reply_to=inbound.event_id, edits_id=edits, about=about
        )
    return ids
