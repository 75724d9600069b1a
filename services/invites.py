"""A link that works once sets a password: for a new person of staff, after a lost one, or for the first admin."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.staff import Staff, StaffInvite
from services.tokens import hashed, new_token

VALID_FOR = timedelta(hours=24)
USED_UP = "这个链接已经用过，或者过期了。请向管理员要一个新的。"


async def invite(db: AsyncSession, now: datetime, staff_id: int | None) -> str:
    """Return the token of a new link; older links for the same person stop working."""
    await db.execute(delete(StaffInvite).where(StaffInvite.staff_id.is_not_distinct_from(staff_id)))
    token = new_token()
    db.add(StaffInvite(token_hash=hashed(token), staff_id=staff_id, expires_at=now + VALID_FOR))
    await db.flush()
    return token


async def find(db: AsyncSession, now: datetime, token: str) -> tuple[StaffInvite, Staff | None]:
    """Return an invitation and whom it is for; None stands for the first admin.

    Raises:
        Refusal: it was used, is too old, or never existed.
    """
    invitation = await db.scalar(select(StaffInvite).where(StaffInvite.token_hash == hashed(token)))
    if invitation is None or invitation.expires_at <= now:
        raise Refusal(USED_UP)
    if invitation.staff_id is None:
        return invitation, None
    staff = await db.scalar(select(Staff).where(Staff.id == invitation.staff_id, Staff.active))
    if staff is None:
        raise Refusal(USED_UP)
    return invitation, staff


async def use_up(db: AsyncSession, invitation: StaffInvite) -> None:
    """Let a link work no more; of two that use it at once, the second is refused.

    Raises:
        Refusal: the other was faster.
    """
    used = await db.scalar(
        delete(StaffInvite).where(StaffInvite.token_hash == invitation.token_hash).returning(StaffInvite.token_hash)
    )
    if used is None:
        raise Refusal(USED_UP)


async def withdraw(db: AsyncSession, staff_id: int | None) -> None:
    """Let no link of a person work any more."""
    await db.execute(delete(StaffInvite).where(StaffInvite.staff_id.is_not_distinct_from(staff_id)))
