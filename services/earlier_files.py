"""Files sent shortly before somebody asked for a person: they are what the plea is about, so staff see them too."""

from datetime import datetime, timedelta

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.media import Attachment
from db.turns import Inbox
from services import staff_group

EARLIER = timedelta(days=7)
"""A file sent longer before a case is none of staff's business."""
_MOST = 20


async def show(db: AsyncSession, case_id: int, address_id: int, now: datetime) -> None:
    """Show the staff group what was sent before this case and in no other."""
    found = await db.scalars(
        select(Attachment.id)
        .join(Inbox, and_(Inbox.channel == Attachment.channel, Inbox.event_id == Attachment.event_id))
        .where(
            Attachment.address_id == address_id,
            Attachment.at > now - EARLIER,
            Attachment.status.in_(("pending", "stored")),
            Inbox.case_id.is_(None),
        )
        .order_by(Attachment.id.desc())
        .limit(_MOST)
    )
    attachments = sorted(found)
    if attachments:
        await staff_group.say(db, case_id, "", now, who="person", key=f"earlier:{case_id}", attachments=attachments)
