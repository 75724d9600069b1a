"""Who works here: taking people on, changing what they may do, and never losing the last admin."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.places import Grid, Station
from db.staff import ROLES, Staff
from services import invites, sessions

ROLE_NAMES = {"admin": "管理员", "lead": "负责人", "agent": "工作人员", "editor": "内容编辑", "grid": "网格员"}
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
_LONGEST_NAME = 40

LAST_ADMIN = "这是最后一位管理员，不能停用，也不能改成别的角色。请先设一位新的管理员。"


@dataclass(frozen=True, slots=True)
class Post:
    """What a person of staff does: everything about them that an admin sets."""

    name: str
    role: str
    station_id: int | None = None
    grid_id: int | None = None
    telegram_id: int | None = None
    on_duty: bool = True
    totp_required: bool = False


async def take_on(db: AsyncSession, now: datetime, login: str, post: Post) -> tuple[Staff, str]:
    """Add a person of staff; return them and the token of the link that sets their password.

    Raises:
        Refusal: the login, the name, the role or a place cannot be used.
    """
    login = check_login(login)
    if await db.scalar(select(Staff.id).where(Staff.login == login)) is not None:
        raise Refusal(f"登录名 {login} 已经有人用了，请换一个。")
    staff = Staff(login=login, created_at=now, active=True, failures=0)
    await _fill(db, staff, post)
    db.add(staff)
    await db.flush()
    return staff, await invites.invite(db, now, staff.id)


async def change(db: AsyncSession, staff_id: int, post: Post) -> tuple[Staff, dict[str, list[object]]]:
    """Change a person of staff; return them, and what was changed as {field: [before, after]}.

    Raises:
        Refusal: as for taking on; or the last admin would be none any more.
    """
    others = await _other_admins(db, staff_id)
    staff = await locked(db, staff_id)
    if staff.role == "admin" and post.role != "admin" and staff.active and not others:
        raise Refusal(LAST_ADMIN)
    fields = ("name", "role", "station_id", "grid_id", "telegram_id", "on_duty", "totp_required")
    before = {field: getattr(staff, field) for field in fields}
    await _fill(db, staff, post)
    if staff.totp_required and not before["totp_required"] and staff.totp_secret is None:
        await sessions.end_all(db, staff.id)  # the next sign-in leads to setting it up
    changes: dict[str, list[object]] = {f: [before[f], getattr(staff, f)] for f in fields}
    return staff, {field: pair for field, pair in changes.items() if pair[0] != pair[1]}


async def deactivate(db: AsyncSession, staff_id: int) -> Staff:
    """Shut a person out at once; what they did stays under their name.

    Raises:
        Refusal: it is the last admin.
    """
    others = await _other_admins(db, staff_id)
    staff = await locked(db, staff_id)
    if staff.role == "admin" and staff.active and not others:
        raise Refusal(LAST_ADMIN)
    staff.active, staff.on_duty = False, False
    await sessions.end_all(db, staff.id)
    await invites.withdraw(db, staff.id)
    return staff


async def activate(db: AsyncSession, staff_id: int) -> Staff:
    """Let a person back in."""
    staff = await locked(db, staff_id)
    staff.active = True
    return staff


async def forget_factor(db: AsyncSession, staff_id: int) -> Staff:
    """Remove a second factor whose phone is lost; where it is required, the next sign-in sets up a new one."""
    staff = await locked(db, staff_id)
    staff.totp_secret, staff.totp_used_step = None, None
    await sessions.end_all(db, staff.id)
    return staff


async def set_password(db: AsyncSession, staff: Staff, password_hash: str) -> None:
    """Set a password, which unlocks the account and signs it out everywhere."""
    staff.password_hash, staff.failures, staff.locked_until = password_hash, 0, None
    await sessions.end_all(db, staff.id)


async def first_admin(db: AsyncSession, now: datetime, login: str, name: str, password_hash: str) -> Staff:
    """Make the first admin, who has nobody to be invited by.

    Raises:
        Refusal: there is an admin, or login or name cannot be used.
    """
    if await has_admin(db):
        raise Refusal("已经有管理员了，请向管理员要一个登录链接。")
    staff, _ = await take_on(db, now, login, Post(name, "admin"))
    await invites.withdraw(db, staff.id)
    staff.password_hash = password_hash
    await db.flush()
    return staff


async def has_admin(db: AsyncSession) -> bool:
    """Tell whether an admin can sign in."""
    return (await db.scalars(_able_admins().limit(1))).first() is not None


async def locked(db: AsyncSession, staff_id: int) -> Staff:
    """Return a person of staff, locked for the transaction.

    Raises:
        Refusal: there is none with this id.
    """
    staff = await db.scalar(select(Staff).where(Staff.id == staff_id).with_for_update())
    if staff is None:
        raise Refusal("没有这位工作人员。")
    return staff


async def everyone(db: AsyncSession) -> list[Staff]:
    """Return all people of staff, those who work here first."""
    return list(await db.scalars(select(Staff).order_by(Staff.active.desc(), Staff.role, Staff.id)))


async def find_by_telegram(db: AsyncSession, telegram_id: int) -> Staff | None:
    """Return who has a Telegram account, None for a stranger."""
    return await db.scalar(select(Staff).where(Staff.telegram_id == telegram_id, Staff.active))


def check_login(login: str) -> str:
    """Return a login as it is stored.

    Raises:
        Refusal: it has other signs than letters, digits and ._-, or is too short.
    """
    login = login.strip().lower()
    if not _LOGIN.fullmatch(login):
        raise Refusal("登录名请用 2 到 40 个小写字母或数字，例如姓名拼音 zhangsan。")
    return login


async def _fill(db: AsyncSession, staff: Staff, post: Post) -> None:
    name = post.name.strip()
    if not name or len(name) > _LONGEST_NAME:
        raise Refusal("请填写姓名，最多 40 个字。")
    if post.role not in ROLES:
        raise Refusal("没有这个角色，请重新选择。")
    for table, row_id in ((Station, post.station_id), (Grid, post.grid_id)):
        if row_id is not None and await db.get(table, row_id) is None:
            raise Refusal("选的服务站或网格已经不在了，请重新选择。")
    if post.role == "grid" and post.station_id is None:
        raise Refusal("网格员要选一个服务站，才看得到那里的代办求助单。")
    if post.telegram_id is not None:
        taken = select(Staff.name).where(Staff.telegram_id == post.telegram_id, Staff.id.is_distinct_from(staff.id))
        if (whose := await db.scalar(taken)) is not None:
            raise Refusal(f"这个 Telegram 号已经登记给 {whose} 了。")
    staff.name, staff.role = name, post.role
    staff.station_id, staff.grid_id, staff.telegram_id = post.station_id, post.grid_id, post.telegram_id
    staff.on_duty, staff.totp_required = post.on_duty and staff.active, post.totp_required


def _able_admins() -> Select[int]:
    return select(Staff.id).where(Staff.role == "admin", Staff.active, Staff.password_hash.is_not(None))


async def _other_admins(db: AsyncSession, staff_id: int) -> list[int]:
    """Lock every admin who can sign in, in one order, so that of two who remove each other one is refused."""
    admins = await db.scalars(_able_admins().order_by(Staff.id).with_for_update())
    return [admin for admin in admins if admin != staff_id]
