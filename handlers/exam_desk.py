"""What staff do with places at examinations, and what people are told of it."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.staff import Staff
from handlers.exam_notices import tell
from handlers.exam_screens import place_facts, when
from services import exam_places, person_search
from services.exam_places import Appointment
from services.vault import Vault

BY_STAFF = "工作人员"
SIGNED_UP = "工作人员给{who}报好了{title}。\n{facts}\n有事去不了，回复“我的体检”可以改期或取消。"
MOVED = "{who}的{title}改到了新的时间。\n{facts}"
CANCELLED = "{who}的{title}（{when}）取消了。\n原因：{reason}\n有疑问请打 {phone}，或回复 0 找人工。"
NO_REASON = "请写上原因，对方会看到。"
_LONGEST_REASON = 100


async def sign_up(
    db: AsyncSession, vault: Vault, staff: Staff, session_id: int, person_id: int, now: datetime
) -> tuple[Appointment, bool]:
    """Sign a person up, and say so to them; also return whether a push reaches anybody.

    Raises:
        Refusal: not for these eyes, no place is free, or the person has one.
    """
    await person_search.person_of(db, staff, person_id)
    one = await exam_places.sign_up(db, session_id, person_id, BY_STAFF, now)
    return one, not await tell(db, vault, [one], "signed", _signed_up, now)


async def move(
    db: AsyncSession, vault: Vault, staff: Staff, place_id: int, session_id: int, now: datetime
) -> tuple[Appointment, bool]:
    """Move somebody's place, and say so; also return whether a push reaches anybody.

    Raises:
        Refusal: not for these eyes, or no place is free there.
    """
    before = await exam_places.active(db, place_id)
    await person_search.person_of(db, staff, before.place.person_id)
    one = await exam_places.move(db, place_id, session_id, now)
    if one.session.id == before.session.id:
        return one, True
    return one, not await tell(db, vault, [one], "moved", _moved, now)


async def cancel(
    db: AsyncSession, vault: Vault, staff: Staff, place_id: int, reason: str, now: datetime
) -> tuple[Appointment, bool]:
    """Cancel somebody's place, and say why; also return whether a push reaches anybody.

    Raises:
        Refusal: not for these eyes, no reason, or it is gone.
    """
    reason = _checked(reason)
    before = await exam_places.active(db, place_id)
    await person_search.person_of(db, staff, before.place.person_id)
    one = await exam_places.cancel(db, place_id, now)
    return one, not await _tell_cancelled(db, vault, [one], reason, now)


async def cancel_session(
    db: AsyncSession, vault: Vault, session_id: int, reason: str, now: datetime
) -> tuple[list[Appointment], list[Appointment]]:
    """Cancel a session and everybody's place in it; return whose they were, and who of them must be telephoned.

    Raises:
        Refusal: there is no reason, or no such session.
    """
    reason = _checked(reason)
    lost = await exam_places.cancel_session(db, session_id, now)
    return lost, await _tell_cancelled(db, vault, lost, reason, now)


async def _tell_cancelled(
    db: AsyncSession, vault: Vault, lost: list[Appointment], reason: str, now: datetime
) -> list[Appointment]:
    def words(one: Appointment, who: str) -> str:
        return CANCELLED.format(
            who=who, title=one.batch.title, when=when(one.session), reason=reason, phone=one.batch.phone
        )

    return await tell(db, vault, lost, "cancelled", words, now)


def _signed_up(one: Appointment, who: str) -> str:
    return SIGNED_UP.format(who=who, title=one.batch.title, facts=place_facts(one))


def _moved(one: Appointment, who: str) -> str:
    return MOVED.format(who=who, title=one.batch.title, facts=place_facts(one))


def _checked(reason: str) -> str:
    reason = " ".join(reason.split())
    if not reason or len(reason) > _LONGEST_REASON:
        raise Refusal(NO_REASON)
    return reason
