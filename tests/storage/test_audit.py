"""A row of the audit that was altered, removed or slipped in is found, and rows written at once still chain."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Executable, delete, insert, select, update

from db.engine import Database
from db.staff import Audit, AuditHead, Staff
from services import audit, audit_log
from tests.fakes.clock import SettableClock


@pytest.fixture
async def staff_id(database: Database, clock: SettableClock) -> int:
    async with database.transaction() as db:
        staff = Staff(login="zhang", name="张三", role="admin", created_at=clock())
        db.add(staff)
    return staff.id


@pytest.fixture
async def rows(database: Database, clock: SettableClock, staff_id: int) -> int:
    """Write five rows, a second apart."""
    for number in range(5):
        async with database.transaction() as db:
            detail = {"序号": number, "emoji": "😀", "nested": {"b": 1.5, "a": [None, True]}}
            await audit.record(db, clock.advance(1.000001), staff_id, "view", f"person:{number}", detail, "10.0.0.7")
    return 5


async def _verify(database: Database) -> audit.Chain:
    async with database.snapshot() as db:
        return await audit.verify(db)


async def test_an_empty_audit_is_whole(database: Database) -> None:
    assert await _verify(database) == audit.Chain(0, "")


async def test_what_was_written_is_whole(database: Database, rows: int) -> None:
    chain = await _verify(database)
    assert (chain.count, len(chain.hash), chain.fault) == (5, 64, None)


async def test_whatever_the_size_of_a_batch(database: Database, rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for size in (1, 2, 5):
        monkeypatch.setattr(audit, "_BATCH", size)
        assert (await _verify(database)).fault is None


class Undone(Exception):
    """Rolls a transaction back."""


async def _fault_after(database: Database, *changes: Executable) -> str | None:
    """Return what is found wrong after changes that are then undone."""
    fault = None
    with suppress(Undone):
        async with database.transaction() as db:
            for change in changes:
                await db.execute(change)
            fault = (await audit.verify(db)).fault
            raise Undone
    return fault


ALTERED: tuple[dict[str, object], ...] = (
    {"staff_id": None}, {"action": "other"}, {"object": "person:9"}, {"detail": {}}, {"origin": None},
    {"origin": "10.0.0.8"}, {"hash": "0" * 64}, {"at": datetime(2026, 1, 1, tzinfo=UTC)},
)  # fmt: skip


async def test_an_altered_row_is_named(database: Database, rows: int) -> None:
    for values in ALTERED:
        changed = update(Audit).where(Audit.id == 3).values(**values)
        assert await _fault_after(database, changed) == "第 3 条记录被改动过", values


async def test_an_altered_moment_is_named(database: Database, rows: int) -> None:
    async with database.transaction() as db:
        row = await db.get_one(Audit, 3)
        row.at += timedelta(microseconds=1)
    assert (await _verify(database)).fault == "第 3 条记录被改动过"


async def test_a_removed_row_is_named_also_the_last(database: Database, rows: int) -> None:
    for number in (1, 3, 5):
        assert await _fault_after(database, delete(Audit).where(Audit.id == number)) == f"第 {number} 条记录不见了"


async def test_a_row_slipped_in_behind_the_end(database: Database, rows: int, clock: SettableClock) -> None:
    values = {"id": 6, "at": clock(), "action": "x", "object": "y", "detail": {}, "hash": "0" * 64}
    assert await _fault_after(database, insert(Audit).values(**values)) == "第 6 条记录是后来塞进去的"


async def test_a_cut_tail_whose_count_was_mended(database: Database, rows: int) -> None:
    cut, mended = delete(Audit).where(Audit.id > 3), update(AuditHead).values(count=3)
    assert "末尾标记被改动过" in str(await _fault_after(database, cut, mended))


async def test_an_act_that_is_rolled_back_leaves_no_row(
    database: Database, clock: SettableClock, rows: int, staff_id: int
) -> None:
    with suppress(Undone):
        async with database.transaction() as db:
            await audit.record(db, clock(), staff_id, "act", "x:1")
            raise Undone
    chain = await _verify(database)
    assert (chain.count, chain.fault) == (5, None)


async def test_rows_written_at_once_chain(database: Database, clock: SettableClock, staff_id: int) -> None:
    async def write(number: int) -> None:
        async with database.transaction() as db:
            await audit.record(db, clock(), staff_id, "act", f"x:{number}")

    await asyncio.gather(*(write(number) for number in range(20)))
    chain = await _verify(database)
    assert (chain.count, chain.fault) == (20, None)


async def test_rows_are_found_by_who_what_and_chinese_day(
    database: Database, clock: SettableClock, staff_id: int
) -> None:
    for who, action, hours in ((staff_id, "view", 0), (None, "view", 0), (staff_id, "act", 0), (staff_id, "view", 14)):
        async with database.transaction() as db:
            await audit.record(db, clock.advance(hours * 3600), who, action, "x:1")
    today = clock().date()  # 16:00 UTC, the next day in China
    async with database.snapshot() as db:
        for wanted, expected in (
            (audit_log.Filter(), [4, 3, 2, 1]),
            (audit_log.Filter(staff_id=staff_id, action="view"), [4, 1]),
            (audit_log.Filter(last_day=today), [3, 2, 1]),
            (audit_log.Filter(first_day=today + timedelta(days=1)), [4]),
        ):
            found, more = await audit_log.page(db, wanted, None)
            assert ([row.id for row, _ in found], more) == (expected, False)
        found, _ = await audit_log.page(db, audit_log.Filter(), 3)
        assert [(row.id, name) for row, name in found] == [(2, None), (1, "张三")]
        assert await db.scalar(select(AuditHead.count)) == 4
