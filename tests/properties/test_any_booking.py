"""Booked, moved, cancelled, waited for, closed and passed on in any order: no place is given twice, lost, or out of turn."""

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from db.bookings import Booking, Waiting
from db.engine import Database
from tests.fakes.lines import check_nobody_waits_for_nothing, check_order, stood
from tests.fakes.stationhouse import check_slots
from tests.properties.station import TIMES, Station, check_line, open_bookings

pytestmark = pytest.mark.properties

who, what, when, day, which = (st.integers(0, most) for most in (5, 1, len(TIMES) - 1, 1, 5))
crowded = st.sampled_from([0, 0, 0, 1, 4])
half = st.sampled_from(["am", "pm", "any"])
STEPS = st.one_of(
    st.tuples(st.just("reserve"), who, what, crowded),
    st.tuples(st.just("reserve"), who, what, when),
    st.tuples(st.just("join"), who, what, st.just(0), half),
    st.tuples(st.just("join"), who, what, day, half),
    st.tuples(st.just("move"), which, when),
    st.tuples(st.just("cancel"), which),
    st.tuples(st.sampled_from(["accept", "accept", "decline", "leave"]), which),
    st.tuples(st.just("mark"), which, st.sampled_from(["came", "no_show"])),
    st.tuples(st.sampled_from(["arrive", "unarrive"]), which),
    st.tuples(st.sampled_from(["close", "reopen", "help"]), day),
    st.tuples(st.just("grow"), what, st.integers(1, 3)),
    st.tuples(st.just("time"), st.sampled_from([5, 100, 300, 24 * 60, 46 * 60])),
    st.tuples(st.sampled_from(["tick", "tick", "die"])),
)
_ENDS = {"cancel", "mark", "arrive", "help", "die"}
"""What may leave somebody without a booking who had one."""
FULL = [("reserve", who, 1, 0) for who in (0, 1)] + [("join", who, 1, 0, "am") for who in (1, 2, 3)]


@settings(max_examples=8)
@given(steps=st.lists(STEPS, min_size=6, max_size=20))
@example(steps=[*FULL, ("cancel", 0), ("accept", 2), ("time", 300), ("tick",), ("die",), ("tick",)])
@example(steps=[*FULL, ("grow", 1, 3), ("decline", 0), ("accept", 1), ("grow", 1, 1), ("cancel", 0), ("close", 0)])
@example(steps=[("reserve", 0, 0, 2), ("time", 46 * 60), ("arrive", 0), ("unarrive", 0), ("move", 0, 3), ("arrive", 0)])
@example(
    steps=[
        ("reserve", 0, 1, 1),
        *FULL[:1],
        ("reserve", 1, 1, 0),
        ("join", 1, 1, 0, "any"),
        ("move", 0, 4),
        ("accept", 0),
    ]
)
async def test_no_place_is_given_twice_or_lost(
    _template: Any,  # noqa: PT019 - each example has a database of its own
    steps: list[tuple[Any, ...]],
) -> None:
    async with _template.database() as url:
        database = Database(url)
        station = Station(database)
        await station.open()
        for step in steps:
            await _step(station, step)
        await database.close()


async def _step(station: Station, step: tuple[Any, ...]) -> None:
    async with station.database.snapshot() as db:
        before, line = await open_bookings(db), await stood(db)
    said = await station.do(step)
    await station.do(("keep",))
    async with station.database.snapshot() as db:
        await check_slots(db)
        await check_order(db, line)
        await check_nobody_waits_for_nothing(db, station.clock())
        await _check_one_open_each(db)
        await check_line(db)
        after = await open_bookings(db)
        rows = {row.id: row for row in await db.scalars(select(Booking))}
    for id_, (slot_id, sequence) in before.items():
        if rows[id_].slot_id != slot_id or rows[id_].status == "cancelled":
            assert rows[id_].sequence == sequence + 1, (step, said)
        else:
            assert rows[id_].sequence == sequence
        if id_ not in after and step[0] not in _ENDS:
            assert (step[0], rows[id_].status) == ("reserve", "over")  # its time was over, and nobody had said a word
    if said != "done":
        assert set(before) - {id_ for id_ in before if rows[id_].status in ("came", "over")} <= set(after), (step, said)


async def _check_one_open_each(db: Any) -> None:
    for table, standing in ((Booking, ("booked",)), (Waiting, ("waiting", "offered"))):
        rows = [(row.service_id, row.who_key) for row in await db.scalars(select(table)) if row.status in standing]
        assert len(rows) == len(set(rows))
