"""What the Telegram staff group is to see: rows of the outbox's channel "staff", delivered like anything else said."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.reply import Lane
from core.text import split_at_sentences
from db.cases import StaffGroup
from db.turns import Outbox
from db.upsert import insert_new

CHANNEL = "staff"
CARD = "card"
_FILE = "file"
"""Words, files and the card of a case queue apart, so that a file still being fetched holds up no words."""
_GATHER = timedelta(seconds=3)
"""Changes of a card within this time become one edit."""
_LONGEST = 3500
"""Characters of one message in the group, its heading not counted (core.telegram.org/bots/api#sendmessage: 4096)."""


async def group_of(db: AsyncSession) -> StaffGroup | None:
    """Return the group in use, None where the bureau has none."""
    return await db.get(StaffGroup, 1)


async def configure(db: AsyncSession, chat_id: int | None) -> None:
    """Use the group of the settings, unless it is the one known whose id Telegram has changed since.

    What was meant for another group, or for one no longer used, is never sent.
    """
    group = await group_of(db)
    known = None if group is None else group.configured
    if known == chat_id:
        return
    waiting = update(Outbox).where(Outbox.channel == CHANNEL, Outbox.status == "ready")
    await db.execute(waiting.values(status="cancelled"), execution_options={"synchronize_session": False})
    if group is None:
        await insert_new(db, StaffGroup, id=1, chat_id=chat_id, configured=chat_id)
    elif chat_id is None:
        await db.delete(group)
    else:
        group.chat_id = group.configured = chat_id
    await db.flush()


async def follow(db: AsyncSession, old: int, new: int) -> None:
    """Note that Telegram upgraded the group and so gave it another id."""
    moved = update(StaffGroup).where(StaffGroup.chat_id == old).values(chat_id=new)
    await db.execute(moved, execution_options={"synchronize_session": "fetch"})


async def show_card(db: AsyncSession, case_id: int, now: datetime) -> None:
    """Have the case's card and topic name drawn anew; while one such row waits, a second is not needed."""
    recipient = f"{case_id}:{CARD}"
    waiting = select(Outbox.id).where(
        Outbox.channel == CHANNEL,
        Outbox.recipient == recipient,
        Outbox.status == "ready",
        or_(Outbox.lease_until.is_(None), Outbox.lease_until <= now),
    )
    # Locked until the commit, so that the row is not drawn before what it is to show.
    if await group_of(db) is None or await db.scalar(waiting.limit(1).with_for_update(skip_locked=True)) is not None:
        return
    await _post(db, recipient, {"do": "card"}, now + _GATHER, None, lane=Lane.NOTICE)


async def say(
    db: AsyncSession,
    case_id: int,
    text: str,
    now: datetime,
    *,
    who: str,
    key: str,
    attachments: list[int] | None = None,
) -> None:
    """Show words, and files by their attachment ids, in the case's topic; once per key. A row is one message there."""
    if await group_of(db) is None:
        return
    for number, part in enumerate(split_at_sentences(text, _LONGEST)):
        await _post(
            db, str(case_id), {"do": "say", "who": who, "text": part}, now, f"{key}#{number}" if number else key
        )
    for attachment in attachments or ():
        file = {"do": "say", "who": who, "attachments": [attachment]}
        await _post(db, f"{case_id}:{_FILE}", file, now, f"{key}@{attachment}", lane=Lane.NOTICE)


async def mark(db: AsyncSession, case_id: int, message_id: int, sign: str, now: datetime) -> None:
    """Mark a staff message of the group: sign is sent, blocked or dead for an answer, noted or done for an order."""
    group = await group_of(db)
    if group is not None:
        content = {"do": "mark", "message_id": message_id, "sign": sign}
        await _post(db, str(case_id), content, now, f"mark:{group.chat_id}:{message_id}:{sign}")


async def alert(db: AsyncSession, case_id: int, text: str, now: datetime, *, key: str) -> None:
    """Call everybody in the group, outside of any topic."""
    if await group_of(db) is not None:
        await _post(db, str(case_id), {"do": "alert", "text": text}, now, key)


async def keep_open(db: AsyncSession, case_id: int, text: str, now: datetime, *, key: str) -> None:
    """Open the case's topic again, which somebody closed by hand, and say why."""
    await _post(db, str(case_id), {"do": "reopen", "text": text}, now, key)


async def reply(
    db: AsyncSession, text: str, now: datetime, *, message_id: int, thread_id: int | None, key: str
) -> None:
    """Say something to whoever wrote a message in the group, in answer to it; once per key."""
    content = {"do": "reply", "text": text, "message_id": message_id, "thread_id": thread_id}
    await _post(db, "group", content, now, key)


async def _post(
    db: AsyncSession, recipient: str, content: dict[str, Any], at: datetime, key: str | None,
    lane: Lane = Lane.REPLY,
) -> None:  # fmt: skip
    values = {
        "channel": CHANNEL, "recipient": recipient, "lane": int(lane), "status": "ready", "attempts": 0,
        "payload": {"text": "", "choices": []} | content, "at": at, "available_at": at,
        "dedupe_key": None if key is None else f"{CHANNEL}:{key}",
    }  # fmt: skip
    await insert_new(db, Outbox, **values)
