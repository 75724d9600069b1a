"""A digit answers the message that was read last: a notice that came since the last reply brings its choices with it."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.menu import digit
from core.reply import Choice
from db.turns import Outbox

_LONGEST = 12
"""Characters of words that can answer a choice; longer ones are a question."""


def may_answer(text: str) -> bool:
    """Tell whether words may be the answer to a notice."""
    return len(text.strip()) <= _LONGEST or digit(text) is not None


async def choices_since(db: AsyncSession, address_id: int) -> tuple[Choice, ...]:
    """Return the choices of the last notice that reached an account after the last reply, none where there is none."""
    notice = (
        await db.execute(
            select(Outbox.payload, Outbox.released_at)
            .where(Outbox.address_id == address_id, Outbox.released_at.is_not(None), Outbox.status == "sent")
            .order_by(Outbox.released_at.desc(), Outbox.id.desc())
            .limit(1)
        )
    ).first()
    if notice is None or not notice.payload["choices"]:
        return ()
    replied = await db.scalar(
        select(func.max(Outbox.at)).where(Outbox.address_id == address_id, Outbox.notice.is_(None))
    )
    if replied is not None and replied >= notice.released_at:
        return ()
    return tuple(Choice(c["label"], c["action"]) for c in notice.payload["choices"])
