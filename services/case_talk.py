"""What is said in a case: the person's words come in, staff's answers go out, notes stay inside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from core.reply import Reply
from core.turn import Inbound, MediaKind
from db.cases import CaseNote, SupportCase
from db.media import Attachment
from db.people import Address
from db.staff import Staff
from db.turns import Outbox
from db.upsert import insert_new
from services import cases, outbox, people_phone, staff_group
from services.calendar import read_calendar
from services.deadlines import reply_due

_ENOUGH = 200
"""Characters by which two messages of one form are told apart."""
SENT_ALREADY = "这个页面已经发过一次，这次改过的话没有发出。请复制下来，刷新页面再发。"
NOTHING = "请先写下要说的话，或选一个文件。"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of staff's whose bytes lie in the data folder already."""

    kind: MediaKind
    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class StaffMessage:
    """What staff send to a person; `key` makes a repeated click or update harmless."""

    text: str
    key: str
    label: str
    """Whom the person reads as the writer, such as 工作人员3号."""
    limit: int
    """Characters of one message on the person's channel."""
    files: Sequence[StoredFile] = ()
    origin: int | None = None
    """The staff group's message id, where the answer was written there."""
    file_texts: Mapping[str, str] = field(default_factory=dict)
    """What stands with a file, by its kind."""


async def heard(db: AsyncSession, case_id: int, inbound: Inbound, attachments: Sequence[int], now: datetime) -> None:
    """Note that the person wrote, start the clock of the reply, and show the words to the staff group."""
    case = await db.get_one(SupportCase, case_id)
    case.last_at = now
    if case.status != "closed" and case.waiting_since is None:  # the word that closed it waits for nothing
        case.waiting_since = now
        calendar = await read_calendar(db)
        case.due_at = await reply_due(db, calendar, case.kind, now, first=case.first_answer_at is None)
        case.escalation = 0
    await db.flush()
    text = inbound.text if inbound.kind != "event" else ""
    if inbound.place:
        text = "{latitude}, {longitude}".format(**inbound.place)
    key = f"in:{inbound.channel}:{inbound.event_id}"
    await staff_group.say(db, case.id, text, now, who="person", key=key, attachments=list(attachments))


async def answer(
    db: AsyncSession, case_id: int, staff: Staff, message: StaffMessage, now: datetime, life: timedelta
) -> list[int]:
    """Send staff's words and files to the person; who answers first owns the case. Empty when it was sent before.

    Raises:
        Refusal: nothing to send, nobody there to read it, closed, or another's.
    """
    if not message.text.strip() and not message.files:
        raise Refusal(NOTHING)
    locked, conversation = await cases.lock(db, case_id)
    people_phone.refuse_chat((await db.get_one(Address, locked.address_id)).channel)
    sent_before = await db.scalar(select(Outbox.payload).where(Outbox.dedupe_key == message.key))
    if sent_before is not None:  # before the claim: a late repetition neither takes the case back nor is refused
        if not _says_the_same(sent_before["text"], message):
            raise Refusal(SENT_ALREADY)
        return []
    case = await cases.claim(db, case_id, staff, now, life)
    conversation.menu = []  # the next digit answers these words, not what the bot offered before them
    to = await recipient_of(db, case, message.limit)
    rows = await _post(db, case, staff, message, to, now)
    case.waiting_since = case.due_at = None
    case.first_answer_at = case.first_answer_at or now
    case.last_at, case.escalation = now, 0
    await db.flush()
    if message.origin is None:
        attachments = await db.scalars(select(Attachment.id).where(Attachment.outbox_id.in_(rows)))
        await staff_group.say(
            db, case.id, message.text, now, who=staff.name, key=f"out:{rows[0]}", attachments=list(attachments)
        )
    await staff_group.show_card(db, case.id, now)
    return rows


def _says_the_same(sent: str, message: StaffMessage) -> bool:
    """Tell a repetition from new words in an old form, as the browser's way back makes them."""
    words = sent.partition("\n")[2]
    return not message.text.strip() or message.text.strip().startswith(words.strip()[:_ENOUGH])


async def recipient_of(db: AsyncSession, case: SupportCase, limit: int) -> outbox.Recipient:
    """Return where the person of a case is written to."""
    address = await db.get_one(Address, case.address_id)
    return outbox.Recipient(address.channel, address.external_id, address.id, limit)


async def _post(
    db: AsyncSession, case: SupportCase, staff: Staff, message: StaffMessage, to: outbox.Recipient, now: datetime
) -> list[int]:
    about = outbox.About(case.id, staff.id, {"origin": message.origin} if message.origin else {})
    rows: list[int] = []
    if message.text.strip():
        reply = Reply(f"【{message.label}】\n{message.text.strip()}")
        rows += await outbox.post(db, to, reply, now, about=replace(about, key=message.key))
    for file in message.files:
        caption = Reply(f"【{message.label}】\n{message.file_texts[file.kind]}")
        key = message.key if not rows else None
        rows += await outbox.post(db, to, caption, now, about=replace(about, key=key))
        db.add(_attachment(case, to, file, rows[-1], now))
        await db.flush()
    return rows


def _attachment(case: SupportCase, to: outbox.Recipient, file: StoredFile, outbox_id: int, now: datetime) -> Attachment:
    values: dict[str, Any] = {
        "address_id": case.address_id, "channel": to.channel, "outbox_id": outbox_id, "kind": file.kind,
        "name": file.name, "media_type": file.media_type, "size": file.size, "sha256": file.sha256,
        "status": "stored", "available_at": now, "at": now,
    }  # fmt: skip
    return Attachment(**values)


async def tell(
    db: AsyncSession, case: SupportCase, reply: Reply, limit: int, now: datetime, key: str | None = None
) -> list[int]:
    """Send the service's own sentence about a case to its person; given a key, only once."""
    if key is not None and await db.scalar(select(Outbox.id).where(Outbox.dedupe_key == key)) is not None:
        return []
    to = await recipient_of(db, case, limit)
    if to.channel == people_phone.CHANNEL:
        return []
    return await outbox.post(db, to, reply, now, about=outbox.About(case.id, key=key))


async def note(db: AsyncSession, case_id: int, staff: Staff, text: str, now: datetime, key: str) -> None:
    """Keep a private note; it is shown to staff only, in the group as well as in the console.

    Raises:
        Refusal: it is empty, or there is no such case.
    """
    if not text.strip():
        raise Refusal(NOTHING)
    case, _ = await cases.lock(db, case_id)
    values = {"case_id": case.id, "staff_id": staff.id, "text": text.strip(), "at": now, "dedupe_key": key}
    if await insert_new(db, CaseNote, **values) and not key.startswith("group:"):
        await staff_group.say(db, case.id, text.strip(), now, who=f"{staff.name} 备注", key=f"note:{key}")
