"""What has to be told of sign-ups: kept on their rows by whoever changes something, put into words by a tick."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.events import Event, EventSignUp
from db.turns import Outbox
from services import notice_hold
from services.event_list import SignUp
from services.event_sign_ups import KIND, STANDING, sign_ups
from services.notice_gate import CANCELLED

ANNOUNCED = "events"
"""The kind of an announcement; its dedupe key begins with `announcement`."""
_FIRST = ("signed", "moved_up")
"""News that stand although time or place changed meanwhile: whoever does not know of a place yet hears of it as it is now."""


def announcement(event_id: int) -> str:
    """Return how the key of every announcement of an event begins."""
    return f"event:{event_id}:announce:"


async def spread(db: AsyncSession, event_id: int, news: str, now: datetime) -> int:
    """Let everybody who has a place, or waits for one, hear of it; what was not sent yet is taken back first."""
    about = Outbox.dedupe_key.startswith(f"event:{event_id}:", autoescape=True)
    unsent = await notice_hold.cancel(db, CANCELLED, now, Outbox.notice.in_((KIND, ANNOUNCED)), about)
    keys = await db.scalars(select(Outbox.dedupe_key).where(Outbox.id.in_(unsent), Outbox.notice == KIND))
    rest = [key.split(":") for key in keys if key]
    goes_on = exists().where(Event.id == event_id, Event.ends_at > now)
    standing = EventSignUp.event_id == event_id, STANDING, goes_on
    for first in _FIRST if news == "changed" else ():
        ids = [int(parts[2]) for parts in rest if parts[3] == first]
        await _note(db, first, *standing, EventSignUp.id.in_(ids))
    untold = EventSignUp.news.is_(None) | EventSignUp.news.not_in(_FIRST if news == "changed" else ())
    await _note(db, news, *standing, untold)
    return len((await db.scalars(select(EventSignUp.id).where(*standing))).all())


async def waiting(db: AsyncSession, limit: int) -> list[SignUp]:
    """Return sign-ups of which something has to be told, locked: news that come meanwhile wait until `told`."""
    first = select(EventSignUp.id).where(EventSignUp.news.is_not(None)).order_by(EventSignUp.id).limit(limit)
    ids = (await db.scalars(first.with_for_update(skip_locked=True, key_share=True))).all()
    return await sign_ups(db, EventSignUp.id.in_(ids))  # read once they are locked, so with their event as it is now


async def told(db: AsyncSession, found: Sequence[SignUp]) -> None:
    """Note that it was."""
    await _note(db, None, EventSignUp.id.in_([one.row.id for one in found]))


async def _note(db: AsyncSession, news: str | None, *which: object) -> None:
    await db.execute(
        update(EventSignUp)
        .where(*which)  # type: ignore[arg-type]
        .values(news=news)
        .execution_options(synchronize_session=False)
    )
