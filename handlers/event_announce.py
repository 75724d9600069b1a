"""A new fair, class or activity is announced to those who subscribed, page by page; put off or off, to those who heard."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from core.reply import Choice
from core.tick import Pass
from db.events import Event
from handlers.event_screens import facts, room, when, wrapped
from services import event_list, event_subscriptions, notices
from services.event_list import GROUP_LABELS, group_of
from services.event_news import ANNOUNCED, announcement
from services.event_subscriptions import Listener
from services.notices import Notice

_AT_ONCE = 200

NEW = "新的{label}：{title}\n{facts}\n{room}"
MOVED = "“{title}”的时间或地点改了，请按新的来。\n{facts}\n{room}"
OFF = "“{title}”不办了，请不要跑一趟。\n原来的时间：{when}\n原因：{reason}"
SEE, STOP = "看看，报名", "不再收{label}通知"


async def announce(db: AsyncSession, now: datetime) -> Pass:
    """Announce the next event to the next accounts."""
    event = await event_subscriptions.to_announce(db)
    if event is None:
        return Pass(0)
    ends = event.ends_at if event.status == "cancelled" else event.starts_at
    if event.status not in ("open", "cancelled") or now >= ends:
        await event_subscriptions.announced(db, event, None)
        return Pass(1)
    found, up_to = await event_subscriptions.listeners(db, event, _AT_ONCE)
    written = [_notice(event, one, now) for one in found if one.heard or event.status == "open"]
    await notices.post(db, written, now)
    await event_subscriptions.announced(db, event, up_to)
    return Pass(1)


def _notice(event: Event, one: Listener, now: datetime) -> Notice:
    label, group = GROUP_LABELS[group_of(event.kind)], group_of(event.kind)
    stop = Choice(STOP.format(label=label), f"events-stop:{group}")
    address = one.address
    whom = f"p{address.person_id}" if address.person_id is not None else f"a{address.id}"
    off = event.status == "cancelled"
    time = int(event.changed_at.timestamp()) if off else int(event.moved_at.timestamp()) if event.moved_at else 0
    return Notice(
        ANNOUNCED, address.channel, address.external_id, address.id, _text(event, now, heard=one.heard),
        f"{announcement(event.id)}{event.status}:{time}:{whom}",
        choices=(stop,) if off else (Choice(SEE, f"event:{event.id}"), stop),
        expires_at=event.ends_at if off else event.starts_at,
    )  # fmt: skip


def _text(event: Event, now: datetime, *, heard: bool) -> str:
    if event.status == "cancelled":
        return OFF.format(title=event.title, when=when(event), reason=wrapped(event.reason or ""))
    takes = event_list.takes_sign_ups(event, now)
    label = GROUP_LABELS[group_of(event.kind)]
    text = MOVED if heard else NEW
    told = text.format(
        label=label, title=event.title, facts=facts(event, about=not heard), room=room(event) if takes else ""
    )
    return told.strip()
