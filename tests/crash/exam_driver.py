"""What runs in the processes that fight for places: each takes its share of people, all at the same moment."""

from sqlalchemy.ext.asyncio import AsyncSession

from services import exam_places
from tests.crash.crowd import Act
from tests.fakes.clock import START


async def do(db: AsyncSession, act: Act) -> str:
    """Do one act: what, by which person or to which place, and in which session."""
    what, whose, session_id = act
    if what == "sign_up":
        await exam_places.sign_up(db, session_id, whose, "本人", START)
    elif what == "move":
        await exam_places.move(db, whose, session_id, START)
    elif what == "cancel":
        await exam_places.cancel(db, whose, START)
    elif what == "cancel_session":
        await exam_places.cancel_session(db, session_id, START)
    else:
        await exam_places.cancel_all(db, whose, START)
    return "done"
