"""Accounts on both databases: who may be who, and that there is always an admin."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.errors import Refusal
from db.engine import Database
from db.staff import Staff, StaffInvite
from services import invites, sessions, sign_in, staff
from services.staff import Post
from tests.fakes.clock import SettableClock

IDLE = timedelta(minutes=30)


async def _admin(database: Database, clock: SettableClock, login: str) -> int:
    async with database.transaction() as db:
        found, _ = await staff.take_on(db, clock(), login, Post(login, "admin"))
        found.password_hash = "x"
    return found.id


async def test_of_two_admins_who_remove_each_other_one_stays(database: Database, clock: SettableClock) -> None:
    ids = [await _admin(database, clock, login) for login in ("one", "two")]

    async def remove(staff_id: int) -> str:
        try:
            async with database.transaction() as db:
                await staff.deactivate(db, staff_id)
        except Refusal as refusal:
            return str(refusal)
        return ""

    assert sorted(await asyncio.gather(*map(remove, ids))) == ["", staff.LAST_ADMIN]
    async with database.snapshot() as db:
        assert await staff.has_admin(db)


@pytest.mark.parametrize("others", ["invited", "deactivated", "none"])
async def test_an_admin_who_cannot_sign_in_does_not_count(
    database: Database, clock: SettableClock, others: str
) -> None:
    last = await _admin(database, clock, "last")
    if others != "none":
        other = await _admin(database, clock, "other")
        async with database.transaction() as db:
            row = await db.get_one(Staff, other)
            row.password_hash, row.active = (None, True) if others == "invited" else ("x", False)
    async with database.transaction() as db:
        with pytest.raises(Refusal, match="最后一位管理员"):
            await staff.change(db, last, Post("last", "lead"))
        with pytest.raises(Refusal, match="最后一位管理员"):
            await staff.deactivate(db, last)


async def test_of_two_first_admins_one_is_made(database: Database, clock: SettableClock) -> None:
    async with database.transaction() as db:
        token = await invites.invite(db, clock(), None)

    async def become(login: str) -> str:
        try:
            async with database.transaction() as db:
                invitation, _ = await invites.find(db, clock(), token)
                await invites.use_up(db, invitation)
                await staff.first_admin(db, clock(), login, "某某", "x")
        except Refusal as refusal:
            return str(refusal)
        return ""

    assert sorted(await asyncio.gather(become("one"), become("two"))) == ["", invites.USED_UP]


async def test_a_login_is_taken_once_whatever_its_case(database: Database, clock: SettableClock) -> None:
    async with database.transaction() as db:
        await staff.take_on(db, clock(), "ZhangSan", Post("张三", "agent"))
        with pytest.raises(Refusal, match="已经有人用了"):
            await staff.take_on(db, clock(), "zhangsan ", Post("张三", "agent"))


@pytest.mark.parametrize(
    ("login", "post", "sentence"),
    [
        ("张三", Post("张三", "agent"), "登录名请用"),
        ("x", Post("张三", "agent"), "登录名请用"),
        ("x y", Post("张三", "agent"), "登录名请用"),
        ("zhangsan", Post(" ", "agent"), "请填写姓名"),
        ("zhangsan", Post("长" * 41, "agent"), "请填写姓名"),
        ("zhangsan", Post("张三", "king"), "没有这个角色"),
        ("zhangsan", Post("张三", "agent", station_id=99), "已经不在了"),
        ("zhangsan", Post("张三", "grid", grid_id=99), "已经不在了"),
        ("zhangsan", Post("张三", "grid"), "网格员要选一个服务站"),
        ("zhangsan", Post("张三", "agent", telegram_id=7), "已经登记给 李四"),
    ],
)
async def test_what_cannot_be(database: Database, clock: SettableClock, login: str, post: Post, sentence: str) -> None:
    async with database.transaction() as db:
        await staff.take_on(db, clock(), "lisi", Post("李四", "agent", telegram_id=7))
    async with database.transaction() as db:
        with pytest.raises(Refusal, match=sentence):
            await staff.take_on(db, clock(), login, post)


async def test_what_changed_is_told(database: Database, clock: SettableClock) -> None:
    async with database.transaction() as db:
        found, _ = await staff.take_on(db, clock(), "zhangsan", Post("张三", "agent"))
        _, changes = await staff.change(db, found.id, Post("张三", "lead", telegram_id=5))
        assert changes == {"role": ["agent", "lead"], "telegram_id": [None, 5]}
        assert (await staff.change(db, found.id, Post("张三", "lead", telegram_id=5)))[1] == {}


async def test_a_person_is_known_by_telegram_only_while_active(database: Database, clock: SettableClock) -> None:
    async with database.transaction() as db:
        found, _ = await staff.take_on(db, clock(), "zhangsan", Post("张三", "agent", telegram_id=5))
    async with database.transaction() as db:
        known = await staff.find_by_telegram(db, 5)
        assert known is not None
        assert known.id == found.id
        await staff.deactivate(db, found.id)
        assert await staff.find_by_telegram(db, 5) is None


async def test_the_deactivated_have_no_session_and_no_link(database: Database, clock: SettableClock) -> None:
    async with database.transaction() as db:
        found, link = await staff.take_on(db, clock(), "zhangsan", Post("张三", "agent"))
        token = await sessions.open_session(db, clock(), found.id, None, IDLE)
    async with database.transaction() as db:
        await staff.deactivate(db, found.id)
    async with database.snapshot() as db:
        assert await sessions.find(db, clock(), token, IDLE) is None
        assert list(await db.scalars(select(StaffInvite))) == []
        with pytest.raises(Refusal):
            await invites.find(db, clock(), link)
        assert await sign_in.begin(db, clock(), "zhangsan") == sign_in.Attempt(None, None)
