"""Read a conversation back from inbox and outbox, which together are the transcript."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.channels.web.files import shown
from bot.channels.web.stream import as_events
from db.media import Attachment
from db.turns import Inbox, Outbox
from handlers import texts
from handlers.start import MAIN_MENU
from knowledge.entry import Entry
from services import media, outbox

_LAST = 100
_ALWAYS = {
    c.action: c.label
    for c in (*MAIN_MENU, texts.PERSON_CHOICE, texts.BACK_CHOICE, texts.START_CHOICE, texts.NONE_CHOICE)
}
"""What the greeting and the page's own buttons offer: no stored reply has to say these."""
_FORGOTTEN, _PLACE = "（按钮）", "我的位置"
_SENT_PLACE = "location"
"""The event of a sent place."""


async def read(db: AsyncSession, address_id: int, entries: Mapping[str, Entry]) -> list[dict[str, Any]]:
    """Return the last messages of both sides, oldest first; a pressed button reads as its label, never as its action."""
    said = await db.scalars(
        select(Inbox)
        .where(Inbox.address_id == address_id, or_(Inbox.kind != "event", Inbox.text == _SENT_PLACE, _has_file()))
        .order_by(Inbox.at.desc())
        .limit(_LAST)
    )
    answered = await db.scalars(
        select(Outbox)
        .where(Outbox.address_id == address_id, Outbox.status.in_(outbox.SAID))
        .order_by(Outbox.id.desc())
        .limit(_LAST)
    )
    replies, sent = list(answered), list(said)
    files = await media.with_events(db, address_id, [row.event_id for row in sent])
    offered = {c["action"]: c["label"] for row in replies for c in row.payload["choices"]}
    labels = _ALWAYS | offered
    mine = [
        {
            "from": "me",
            "id": row.event_id.partition(":")[2],
            "text": _words(row, labels, entries),
            "at": row.at.isoformat(),
        }
        | ({"file": shown(files[row.event_id])} if row.event_id in files else {})
        for row in sent
    ]
    unread = {row.id for row in replies if row.read_at is None}
    bot = [{"from": "bot", **said, "unread": said["id"] in unread} for said in await as_events(db, replies)]
    return sorted([*mine, *bot], key=lambda m: (m["at"], m["from"] == "bot", m["id"] if m["from"] == "bot" else 0))[
        -_LAST:
    ]


def _has_file() -> ColumnElement[bool]:
    return exists().where(Attachment.channel == Inbox.channel, Attachment.event_id == Inbox.event_id)


def _words(row: Inbox, labels: Mapping[str, str], entries: Mapping[str, Entry]) -> str:
    if row.kind == "event":
        return _PLACE if row.text == _SENT_PLACE else ""
    return row.text if row.kind == "text" else labels.get(row.text) or _question(row.text, entries)


def _question(action: str, entries: Mapping[str, Entry]) -> str:
    """Return what a choice asked whose list is no longer among the last messages."""
    name, _, slug = action.partition(":")
    return entries[slug].question if name == "faq" and slug in entries else _FORGOTTEN
