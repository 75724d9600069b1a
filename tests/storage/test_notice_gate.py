"""The policy for what is said unasked, rule by rule, as the rows of the outbox show it."""

import asyncio
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import event, select, update

from core.reply import Choice, Lane
from db.broadcasts import Broadcast
from db.engine import Database
from db.people import Address, Person
from db.reminders import Reminder
from db.turns import Outbox
from services import notice_gate, notice_hold, outbox
from services.notice_gate import Rules
from services.notice_merge import LONGEST
from services.notices import Notice, post
from tests.fakes.clock import SettableClock
from tests.storage.bureau import add_staff

RULES = Rules(per_day=2)
_numbers = count(1)


class Gate:
    """Post, let go, look."""

    def __init__(self, database: Database, clock: SettableClock) -> None:
        self.database, self.clock = database, clock

    async def person(self, **columns: Any) -> int:
        async with self.database.transaction() as db:
            person = Person(created_at=self.clock(), categories=[], **columns)
            db.add(person)
        return person.id

    async def account(self, person_id: int | None = None) -> Address:
        async with self.database.transaction() as db:
            name = f"a{next(_numbers):05}"
            address = Address(channel="telegram", external_id=name, person_id=person_id, created_at=self.clock())
            db.add(address)
        return address

    async def post(self, address: Address | None, text: str = "x", *choices: Choice, **more: Any) -> str:
        key = f"n{next(_numbers)}"
        values = {"kind": "news", "choices": choices} | more
        to = (address.channel, address.external_id, address.id) if address else ("telegram", "770", None)
        kind = values.pop("kind")
        async with self.database.transaction() as db:
            await post(db, [Notice(kind, *to, text, key, **values)], self.clock())
        return key

    async def release(self, rules: Rules = RULES) -> int:
        passes = 0
        while True:
            async with self.database.transaction() as db:
                if not (await notice_gate.release(db, self.clock(), rules)).done:
                    return passes
            passes += 1

    async def row(self, key: str) -> Outbox:
        async with self.database.snapshot() as db:
            return (await db.scalars(select(Outbox).where(Outbox.dedupe_key == key))).one()

    async def lot(self, key: str) -> str:
        row = await self.row(key)
        return row.error or row.status if row.status == "cancelled" else row.status


@pytest.fixture
def gate(database: Database, clock: SettableClock) -> Gate:
    return Gate(database, clock)


async def test_the_day_is_counted_over_all_accounts_and_goes_on_next_morning(gate: Gate, clock: SettableClock) -> None:
    person = await gate.person()
    first, second = await gate.account(person), await gate.account(person)
    keys = []
    for number in range(4):
        keys.append(await gate.post((first, second)[number % 2], f"{number}"))
        await gate.release()
    assert [await gate.lot(key) for key in keys] == ["ready", "ready", "held", "held"]
    assert (await gate.row(keys[2])).available_at == clock() + timedelta(hours=22)
    passing = [
        await gate.post(first, "紧急", urgent=True),
        await gate.post(second, "明天体检", kind="exam"),
        await gate.post(await gate.account(), "别人的"),
    ]
    await gate.release()
    assert [await gate.lot(key) for key in passing] == ["ready"] * 3
    clock.advance(22 * 3600)
    await gate.release()
    assert [await gate.lot(key) for key in keys[2:]] == ["ready"] * 2


async def test_quiet_hours_hold_and_urgent_passes(gate: Gate, clock: SettableClock) -> None:
    clock.advance(12 * 3600)  # ten in the evening
    own = await gate.account(await gate.person(quiet_from=23, quiet_until=6))
    night, early = await gate.post(await gate.account()), await gate.post(own)
    urgent, worker = await gate.post(await gate.account(), urgent=True), await gate.post(None)
    await gate.release()
    assert [await gate.lot(key) for key in (night, early, urgent, worker)] == ["held", "ready", "ready", "held"]
    assert (await gate.row(night)).available_at == clock() + timedelta(hours=10)
    assert (await gate.row(early)).window_end == clock() + timedelta(hours=1)
    assert (await gate.row(urgent)).window_end is None


async def test_the_dead_and_the_erased_and_whom_it_is_about(
    gate: Gate, database: Database, clock: SettableClock
) -> None:
    dead = await gate.person(deceased_at=clock())
    erased = await gate.account(await gate.person(erased_at=clock()))
    daughter = await gate.account(await gate.person())
    async with database.transaction() as db:
        reminder = Reminder(
            person_id=dead, kind="certification", period="1", about_id=1, due_on=clock().date(), next_at=None
        )
        db.add(reminder)
    keys = [
        await gate.post(await gate.account(dead), urgent=True),
        await gate.post(erased),
        await gate.post(daughter, kind="certification", reminder_id=reminder.id),
        await gate.post(daughter, "别的事"),
    ]
    await gate.release()
    assert [await gate.lot(key) for key in keys] == ["deceased", "erased", "deceased", "ready"]


async def test_stale_ones_expire_wherever_they_wait(gate: Gate, clock: SettableClock) -> None:
    soon = clock() + timedelta(hours=1)
    waiting = await gate.post(await gate.account(), expires_at=soon, not_before=soon)
    unread = await gate.post(await gate.account(), expires_at=soon)
    claimed = await gate.post(await gate.account(), expires_at=soon)
    kept = await gate.post(await gate.account())
    await gate.release()
    clock.advance(3600)
    async with gate.database.transaction() as db:
        await db.execute(
            update(Outbox).where(Outbox.dedupe_key == claimed).values(lease_until=clock() + timedelta(seconds=9))
        )
    async with gate.database.transaction() as db:
        assert (await notice_gate.expire(db, clock())).done == 2
    assert [await gate.lot(key) for key in (waiting, unread, claimed, kept)] == ["expired", "expired", "ready", "ready"]
    late = await gate.post(await gate.account(), expires_at=clock())
    await gate.release()
    assert await gate.lot(late) == "expired"


async def test_one_message_of_several_with_choices_only_where_a_digit_is_plain(gate: Gate) -> None:
    address, other = await gate.account(), await gate.account()
    told = [
        await gate.post(address, "甲"),
        await gate.post(address, "乙", Choice("好", "ok")),
        await gate.post(address, "甲"),
    ]
    asked = [await gate.post(other, "丙", Choice("好", "c")), await gate.post(other, "丁", Choice("好", "d"))]
    apart = [await gate.post(other, "体检", kind="exam"), await gate.post(other, "急", urgent=True)]
    await gate.release()
    first, second = await gate.row(told[0]), await gate.row(asked[0])
    assert (first.payload["text"], [c["action"] for c in first.payload["choices"]]) == ("甲\n\n乙", ["ok"])
    assert [await gate.lot(key) for key in told] == ["ready", f"merged:{first.id}", f"merged:{first.id}"]
    assert (second.payload["choices"], "回复“提醒”" in second.payload["text"]) == ([], True)
    assert [await gate.lot(key) for key in apart] == ["ready", "ready"]


async def test_a_message_never_grows_too_long(gate: Gate) -> None:
    address = await gate.account()
    keys = [await gate.post(address, f"{number}" * 1700, kind="exam") for number in range(5)]
    await gate.release()
    rows = [await gate.row(key) for key in keys]
    assert [row.status for row in rows] == ["ready", "cancelled", "ready", "cancelled", "ready"]
    assert all(len(row.payload["text"]) <= LONGEST for row in rows)


async def test_a_paused_broadcast_waits_and_a_cancelled_one_is_dropped(
    gate: Gate, database: Database, clock: SettableClock
) -> None:
    async with database.transaction() as db:
        drafter, approver = await add_staff(db, clock()), await add_staff(db, clock())
        broadcast = Broadcast(
            title="t", body="b", audience={}, status="paused", drafted_by=drafter.id, approved_by=approver.id,
            created_at=clock(),
        )  # fmt: skip
        db.add(broadcast)
    key = await gate.post(await gate.account(), broadcast_id=broadcast.id, lane=Lane.BROADCAST)
    await gate.release()
    assert await gate.lot(key) == "held"
    async with database.transaction() as db:
        await db.execute(update(Broadcast).values(status="cancelled"))
    await gate.release()
    assert await gate.lot(key) == "cancelled"


async def test_what_is_cancelled_takes_nothing_along_that_came_in_one_message(gate: Gate, clock: SettableClock) -> None:
    """Whether it is the one that holds the others, or one of those."""
    for place in (0, 1, 2):
        address = await gate.account()
        keys = [await gate.post(address, text, Choice("好", text)) for text in ("甲", "乙", "丙")]
        await gate.release()
        async with gate.database.transaction() as db:
            await notice_hold.cancel(db, "cancelled", clock(), Outbox.dedupe_key == keys[place])
        assert [await gate.lot(key) for key in keys] == [
            "cancelled" if number == place else "held" for number in range(3)
        ]
        await gate.release()
        left = [key for key in keys if key != keys[place]]
        row = await gate.row(left[0])
        assert (row.status, [part["text"] for part in row.payload["parts"]]) == (
            "ready", [text for number, text in enumerate("甲乙丙") if number != place],
        )  # fmt: skip


async def _claim(gate: Gate) -> list[Outbox]:
    async with gate.database.transaction() as db:
        return await outbox.claim(db, ["telegram"], gate.clock(), timedelta(seconds=60))


async def _cancel(gate: Gate, *keys: str) -> list[int]:
    async with gate.database.transaction() as db:
        return await notice_hold.cancel(db, "stopped", gate.clock(), Outbox.dedupe_key.in_(keys))


@pytest.mark.parametrize("comes_back", ["postponed", "given back"])
async def test_what_is_being_sent_is_not_tried_again(gate: Gate, clock: SettableClock, comes_back: str) -> None:
    key = await gate.post(await gate.account())
    await gate.release()
    claimed = await _claim(gate)
    assert await _cancel(gate, key) == [claimed[0].id]
    async with gate.database.transaction() as db:
        if comes_back == "postponed":
            assert not await outbox.postpone(db, claimed[0], clock(), "429", counts=False)
        else:
            await outbox.give_back(db, claimed)
    clock.advance(3600)
    await gate.release()
    assert (await gate.lot(key), await _claim(gate)) == ("stopped", [])


async def test_of_a_message_being_sent_that_says_several_all_is_cancelled_or_nothing(gate: Gate) -> None:
    address = await gate.account()
    keys = [await gate.post(address, text) for text in ("甲", "乙")]
    await gate.release()
    (claimed,) = await _claim(gate)
    for key in keys:
        assert await _cancel(gate, key) == []
    assert (await gate.row(keys[0])).payload == claimed.payload
    assert await _cancel(gate, *keys) == [claimed.id]


async def test_cancelling_thousands_reads_none_that_stand_alone(gate: Gate) -> None:
    addresses = [await gate.account() for _ in range(3)]
    keys = [await gate.post(address, f"{n}") for n, address in enumerate((*addresses, addresses[0]))]
    await gate.release()
    read: list[str] = []
    async with gate.database.transaction() as db:
        event.listen(db.sync_session, "loaded_as_persistent", lambda _db, row: read.append(row.dedupe_key))
        assert len(await notice_hold.cancel(db, "stopped", gate.clock(), Outbox.notice == "news")) == 4
    assert read == [keys[0]]


@pytest.mark.parametrize("status", ["pending", "done", "stopped"])
async def test_of_a_reminder_that_has_ended_nothing_goes_out(gate: Gate, database: Database, status: str) -> None:
    person = await gate.person()
    async with database.transaction() as db:
        reminder = Reminder(
            person_id=person, kind="certification", period="1", about_id=1, due_on=gate.clock().date(), status=status
        )
        db.add(reminder)
    key = await gate.post(await gate.account(person), kind="certification", reminder_id=reminder.id)
    await gate.release()
    assert await gate.lot(key) == ("ready" if status == "pending" else "cancelled")


async def test_thousands_go_in_passes_with_few_statements_and_nobody_is_cut_in_two(gate: Gate) -> None:
    async with gate.database.transaction() as db:
        people = [Person(created_at=gate.clock(), categories=[]) for _ in range(400)]
        db.add_all(people)
        await db.flush()
        addresses = [
            Address(channel="web", external_id=f"w{n}", person_id=p.id, created_at=gate.clock())
            for n, p in enumerate(people)
        ]
        db.add_all(addresses)
        await db.flush()
        notices = [
            Notice("news", "web", a.external_id, a.id, f"{text}", f"m{a.id}:{text}")
            for a in addresses
            for text in "甲乙丙"
        ]
        await post(db, notices, gate.clock())
    statements: list[str] = []
    engine = gate.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    passes = await gate.release()
    assert passes == 3
    assert len(statements) < (passes + 1) * 12
    async with gate.database.snapshot() as db:
        ready = [row["text"] for row in await db.scalars(select(Outbox.payload).where(Outbox.status == "ready"))]
    assert (len(ready), set(ready)) == (400, {"甲\n\n乙\n\n丙"})


async def test_two_clocks_at_once_do_not_fill_a_day_twice(gate: Gate) -> None:
    person = await gate.person()
    first, second = await gate.account(person), await gate.account(person)
    keys = [await gate.post(address, f"{n}", kind=kind) for n, (address, kind) in enumerate(
        (address, kind) for address in (first, second) for kind in ("news", "certification")
    )]  # fmt: skip
    await asyncio.gather(*(gate.release(Rules(per_day=1)) for _ in range(4)))
    assert sorted([await gate.lot(key) for key in keys]) == ["held", "held", "held", "ready"]
