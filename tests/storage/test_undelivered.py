"""What 未送达 lists is found alike on both databases: faults of one account are one line, and come back after it was seen to."""

from datetime import timedelta
from typing import Any

import pytest

from core.errors import Refusal
from db.engine import Database
from db.people import Address, Person
from db.turns import Inbox, Outbox
from services import undelivered
from services.undelivered import ANSWER, Line, Wanted
from tests.fakes.clock import SettableClock
from tests.storage.bureau import add_staff, add_station

EVERYTHING = Wanted()


async def test_lines_their_order_and_what_narrows_them(database: Database, clock: SettableClock) -> None:
    async with database.transaction() as db:
        staff, station = await add_staff(db, clock(), "admin"), await add_station(db, "站")
        person = Person(created_at=clock(), categories=[], station_id=station.id)
        db.add(person)
        await db.flush()
        known = Address(channel="telegram", external_id="1", person_id=person.id, created_at=clock())
        gone = Address(channel="telegram", external_id="2", reachable=False, created_at=clock())
        db.add_all([known, gone])
        await db.flush()

        def dead(hours: int, error: str, **columns: Any) -> Outbox:
            at = clock() - timedelta(hours=hours)
            values = {"channel": "telegram", "recipient": "1", "address_id": known.id, "notice": "news", "at": at}
            return Outbox(
                lane=1, payload={}, available_at=at, status="dead", error=error, **(values | columns)
            )  # fmt: skip

        db.add_all([dead(9, "old"), dead(2, "new"), dead(31 * 24, "long ago")])
        db.add(dead(1, "answer", recipient="2", address_id=gone.id, notice=None))
        db.add(Inbox(channel="telegram", event_id="b", address_id=gone.id, kind="event", text="blocked", at=clock()))

    async def lines(wanted: Wanted = EVERYTHING) -> list[Line]:
        async with database.snapshot() as db:
            return (await undelivered.page(db, staff, wanted, clock(), 10))[0]

    first, second = await lines()
    assert (first.recipient, first.count, first.since, first.last) == ("2", 1, clock() - timedelta(hours=1), clock())
    assert (second.recipient, second.count, second.error, second.since) == ("1", 2, "new", clock() - timedelta(hours=9))
    assert second.person is not None
    assert [line.recipient for line in await lines(Wanted(kind="news"))] == ["1"]
    assert [line.recipient for line in await lines(Wanted(kind=ANSWER))] == ["2"]
    assert await lines(Wanted(channel="web")) == []
    async with database.transaction() as db:
        await undelivered.handled(db, staff, known.id, None, clock())
    assert [line.recipient for line in await lines()] == ["2"]
    (done,) = await lines(Wanted(handled=True))
    assert (done.recipient, done.handled_by, done.handled_at) == ("1", staff.name, clock())
    async with database.transaction() as db:
        with pytest.raises(Refusal):
            await undelivered.handled(db, staff, known.id, None, clock())
        clock.advance(60)
        db.add(dead(0, "again"))
    assert [line.recipient for line in await lines()] == ["1", "2"]
    async with database.transaction() as db:
        await undelivered.handled(db, staff, known.id, None, clock())
    assert [line.recipient for line in await lines()] == ["2"]
