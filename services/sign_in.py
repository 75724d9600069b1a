"""Count every attempt before it is tried, so that guessing many at once gains nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from core.errors import Refusal
from db.staff import Staff
from services import totp

MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)

WRONG_PASSWORD = "登录名或密码不对，请再试一次。"  # noqa: S105 - a sentence
WRONG_CODE = "动态码不对，请看手机上现在显示的六位数字。"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What must be known to try a password; of a login that does not exist nothing is."""

    staff_id: int | None
    password_hash: str | None


async def begin(db: AsyncSession, now: datetime, login: str) -> Attempt:
    """Count an attempt with a login.

    Raises:
        Refusal: the account is locked.
    """
    staff = await db.scalar(select(Staff).where(Staff.login == login, Staff.active).with_for_update())
    if staff is None:
        return Attempt(None, None)
    _count(staff, now)
    return Attempt(staff.id, staff.password_hash)


async def begin_code(db: AsyncSession, now: datetime, staff_id: int) -> Staff:
    """Count an attempt with a code of the second factor; return the account, locked for the transaction.

    Raises:
        Refusal: the account is locked, or was deactivated meanwhile.
    """
    staff = await db.scalar(select(Staff).where(Staff.id == staff_id, Staff.active).with_for_update())
    if staff is None:
        raise Refusal(WRONG_PASSWORD)
    _count(staff, now)
    return staff


async def password_was_right(db: AsyncSession, attempt: Attempt) -> Staff | None:
    """Take the attempt back; the earlier failures stay until the whole sign-in has succeeded."""
    staff = await db.scalar(select(Staff).where(Staff.id == attempt.staff_id, Staff.active).with_for_update())
    if staff is None or staff.password_hash != attempt.password_hash:
        return None
    staff.failures, staff.locked_until = max(0, staff.failures - 1), None
    return staff


def accept_code(staff: Staff, secret: str, code: str, now: datetime) -> bool:
    """Tell whether a code is right and was not used before; note it as used."""
    step = totp.step_of(secret, code, now)
    if step is None or (staff.totp_used_step is not None and step <= staff.totp_used_step):
        return False
    staff.totp_used_step = step
    return True


def succeed(staff: Staff) -> None:
    """Forget the failures."""
    staff.failures, staff.locked_until = 0, None


def failure(staff: Staff | None, sentence: str, now: datetime) -> str:
    """Return the sentence for a failed attempt; the one that locks the account says so."""
    if staff is not None and staff.locked_until is not None and staff.locked_until > now:
        return f"{sentence}已经连续错了 {MOST_FAILURES} 次，{_locked(staff.locked_until)}"
    return sentence


def _count(staff: Staff, now: datetime) -> None:
    if staff.locked_until is not None:
        if staff.locked_until > now:
            raise Refusal(f"连续输错 {MOST_FAILURES} 次，{_locked(staff.locked_until)}")
        succeed(staff)
    staff.failures += 1
    if staff.failures >= MOST_FAILURES:
        staff.locked_until = now + LOCKED_FOR


def _locked(until: datetime) -> str:
    return f"账号暂时锁定，请在 {until.astimezone(CHINA):%H:%M} 以后再试，或者请管理员解锁。"
