"""An edited message: what staff read stays true, and what was said before stays on record."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.turns import Inbox, InboxVersion
from db.upsert import insert_new
from services import masks, people, staff_group

EDIT = "edit"
"""The event under which an edit itself is taken, once."""
_EDITED = "（已编辑）"


@dataclass(frozen=True, slots=True)
class Amendment:
    """New words for a message sent before."""

    channel: str
    event_id: str
    sender: str
    message_id: str
    """The channel's id of the message that was edited."""
    text: str


async def amend(db: AsyncSession, amendment: Amendment, now: datetime) -> bool:
    """Put the new words in place of the old; True when a case shows them. A repeated edit changes nothing.

    What was masked stays masked, and so do new words that identify somebody: nobody is shown them.
    """
    channel, event_id = amendment.channel, amendment.event_id
    if not await insert_new(db, Inbox, channel=channel, event_id=event_id, kind="event", text=EDIT, at=now):
        return False
    conversation = await people.open_conversation(db, channel, amendment.sender, now)
    edit = select(Inbox).where(Inbox.channel == channel, Inbox.event_id == event_id)
    (await db.scalars(edit)).one().address_id = conversation.address_id
    said = await db.scalar(
        select(Inbox)
        .where(Inbox.address_id == conversation.address_id, Inbox.message_id == amendment.message_id)
        .limit(1)
    )
    if said is None or (said.result or {}).get("masked") or said.text == masks.HIDDEN:
        return False
    words = masks.HIDDEN if masks.identifies(amendment.text) else amendment.text
    if said.kind != "event" and said.text == words:
        return False
    before = "" if said.kind == "event" else said.text
    db.add(InboxVersion(channel=channel, event_id=said.event_id, text=before, until=now))
    said.kind, said.text = "text", words
    await db.flush()
    if said.case_id is None or said.case_id != conversation.case_id:
        return said.case_id is not None
    key = f"edit:{channel}:{event_id}"
    await staff_group.say(db, said.case_id, _EDITED + words, now, who="person", key=key)
    return True
