"""How long a place is kept for somebody, when it is offered at all, and that whatever becomes free reaches who waits."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select, text

from core.errors import Refusal
from db.bookings import Booking, Slot, StationClosure, Waiting
from db.engine import Database
from services import bookings, seats, waits
from services.booking_rules import DEFAULT_BOOKING_RULES as RULES
from services.booking_rules import BookingRules
from tests.fakes.clock import START
from tests.fakes.stationhouse import MONDAY, add_service, add_station, at, book, check_slots, close_day, offer, somebody
from tests.fakes.waitingroom import line, small_house, wait

NINE, THREE = at(MONDAY, 9), at(MONDAY, 15)
ONE_TIME = {"0": [["09:00", "09:30"]]}
DAY = timedelta(days=1)


async def offer_until(database: Database) -> datetime | None:
    async with database.snapshot() as db:
        return await db.scalar(select(Waiting.offer_until).order_by(Waiting.id.desc()).limit(1))


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (START, START + timedelta(hours=2)), (at(MONDAY - DAY, 19), at(MONDAY, 8)), (at(MONDAY - DAY, 19, 31), None),
        (at(MONDAY, 2), None), (at(MONDAY, 7, 59), None), (at(MONDAY, 8), None), (at(MONDAY, 10), None),
    ],
)  # fmt: skip
async def test_a_place_is_kept_in_waking_hours_and_never_beyond_the_notice(
    database: Database, now: datetime, until: datetime | None
) -> None:
    async with database.transaction() as db:
        house = await small_house(db, week=ONE_TIME)
        has = await book(db, house, NINE, "has")
        await wait(db, house, "waits")
        slot = has.slot
        assert await waits.offer_next(db, RULES, slot, now) is (until is not None)
    assert await offer_until(database) == until


@pytest.mark.parametrize(("minutes", "status"), [(31, "offered"), (30, "waiting"), (5, "waiting")])
async def test_a_time_that_is_very_near_is_not_offered(database: Database, minutes: int, status: str) -> None:
    async with database.transaction() as db:
        house = await small_house(db, week=ONE_TIME, notice_minutes=0)
        has = await book(db, house, NINE, "has")
        await wait(db, house, "waits")
        await waits.offer_next(db, RULES, has.slot, NINE - timedelta(minutes=minutes))
        assert await line(db) == [status]


async def test_a_place_that_nobody_could_answer_for_at_night_is_free_for_everybody(database: Database) -> None:
    async with database.transaction() as db:
        house = await small_house(db)
        has = [await book(db, house, moment, f"has-{moment}") for moment in (NINE, THREE)]
        for half in ("am", "pm"):
            await wait(db, house, half, half)
        for one in has:
            await bookings.cancel(db, RULES, one.booking.id, "本人", at(MONDAY, 2))
        assert await line(db) == ["waiting", "offered"]
        assert (await book(db, house, NINE, "early", at(MONDAY, 2))).slot.starts_at == NINE
        kept = await db.scalar(select(Waiting.offer_until).where(Waiting.status == "offered"))
        assert kept == at(MONDAY, 10)


async def test_whoever_has_something_else_at_that_hour_is_not_asked(database: Database) -> None:
    async with database.transaction() as db:
        house = await small_house(db)
        talk = await offer(db, house.station, await add_service(db, "政策咨询"))
        has, who = await book(db, house, NINE, "has"), await somebody(db, "busy")
        own = await book(db, talk, NINE, who)
        _, second = await wait(db, house, who, "am"), await wait(db, house, "next", "am")
        await bookings.cancel(db, RULES, has.booking.id, "本人", START)
        assert await line(db) == ["waiting", "offered"]
        await waits.decline(db, RULES, second.row.id, START)
        assert await line(db) == ["waiting", "passed"]
        await bookings.cancel(db, RULES, own.booking.id, "本人", START)
        assert await waits.refill_all(db, RULES, START) == 1
        assert await line(db) == ["offered", "passed"]
        await check_slots(db)


async def test_whoever_has_as_many_visits_that_day_as_one_may_is_not_asked(database: Database) -> None:
    async with database.transaction() as db:
        house = await small_house(db, week={"0": [["09:00", "09:30"], ["14:00", "17:00"]]})
        has, who = await book(db, house, NINE, "has"), await somebody(db, "busy")
        others = [await offer(db, house.station, await add_service(db, name)) for name in ("政策咨询", "光荣牌")]
        for hour, other in zip((14, 16), others, strict=True):
            await book(db, other, at(MONDAY, hour), who)
        own = await book(db, house, THREE, who, rules=BookingRules(per_day=3))
        await wait(db, house, who, "am")
        second = await wait(db, house, "next", "am")
        await bookings.cancel(db, RULES, has.booking.id, "本人", START)
        assert await line(db) == ["waiting", "offered"]
        await waits.decline(db, RULES, second.row.id, START)
        assert await line(db) == ["waiting", "passed"]
        assert own.booking.status == "booked"
        last = (await db.scalars(select(Booking.id).where(Booking.service_id == others[0].service.id))).one()
        await bookings.cancel(db, RULES, last, "本人", START)
        assert await waits.refill_all(db, RULES, START) == 1
        mine = (await db.scalars(select(Waiting.id).where(Waiting.status == "offered"))).one()
        assert (await waits.accept(db, RULES, mine, START)).booking.id == own.booking.id
        await check_slots(db)


@pytest.mark.parametrize("_template", ["postgresql"], indirect=True)
async def test_services_that_grow_while_others_hold_their_times_never_wait_in_a_circle(database: Database) -> None:
    async with database.transaction() as db:
        first = await small_house(db, week=ONE_TIME)
        houses = [first, await offer(db, await add_station(db, "北街服务站", week=ONE_TIME), first.service)]
        ids = [(await book(db, house, NINE, f"has-{house.station.id}")).slot.id for house in reversed(houses)]
        for house in houses:
            await wait(db, house, f"waits-{house.station.id}")
        first.service.capacity = 2
    held = asyncio.Event()

    async def grow() -> int:
        await held.wait()
        async with database.transaction() as db:
            return await waits.refill(db, RULES, [(one.station.id, one.service.id) for one in houses], START)

    async def hold() -> None:
        async with database.transaction() as db:
            await seats.hold(db, Slot, ids[:1])
            held.set()
            stuck = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
            while not await db.scalar(stuck):
                pass
            await seats.hold(db, Slot, ids)

    kept, _ = await asyncio.gather(grow(), hold())
    assert kept == 2


async def test_a_place_that_is_not_taken_in_time_goes_to_the_next(database: Database) -> None:
    async with database.transaction() as db:
        house = await small_house(db, week=ONE_TIME)
        has = await book(db, house, NINE, "has")
        first, second = await wait(db, house, "a"), await wait(db, house, "b")
        await bookings.cancel(db, RULES, has.booking.id, "本人", START)
    two, four = START + timedelta(hours=2), START + timedelta(hours=4)
    async with database.transaction() as db:
        assert await waits.run_out(db, RULES, two - timedelta(seconds=1), 9) == []
        with pytest.raises(Refusal, match="让给下一位"):
            await waits.accept(db, RULES, first.row.id, two)
        (passed,) = await waits.run_out(db, RULES, two, 9)
        assert passed.row.id == first.row.id
        assert await line(db) == ["passed", "offered"]
        assert [one.row.news for one in await waits.untold(db, 9)] == ["passed", "offered"]
        assert list((await check_slots(db)).values()) == [1]
        assert await waits.run_out(db, RULES, two, 9) == []
    async with database.transaction() as db:
        assert [one.row.id for one in await waits.run_out(db, RULES, four, 9)] == [second.row.id]
        assert list((await check_slots(db)).values()) == [0]
        assert (await book(db, house, NINE, "late", four)).slot.id == has.slot.id


async def test_many_offers_run_out_in_batches_and_none_is_lost(database: Database) -> None:
    async with database.transaction() as db:
        house = await small_house(db, capacity=3)
        held = [await book(db, house, moment, f"has-{moment}-{n}") for moment in (NINE, THREE) for n in range(3)]
        for number in range(9):
            await wait(db, house, f"w{number}")
        for one in held:
            await bookings.cancel(db, RULES, one.booking.id, "本人", START)
        assert await line(db) == ["offered"] * 6 + ["waiting"] * 3
    two = START + timedelta(hours=2)
    async with database.transaction() as db:
        assert len(await waits.run_out(db, RULES, two, 2)) >= 2
        while await waits.run_out(db, RULES, two, 2):
            await check_slots(db)
        assert await line(db) == ["passed"] * 6 + ["offered"] * 3
        assert sum((await check_slots(db)).values()) == 3


async def test_more_places_reach_who_waits_and_fewer_are_not_offered(database: Database) -> None:
    async with database.transaction() as db:
        house = await small_house(db, week=ONE_TIME)
        has = await book(db, house, NINE, "has")
        for name in ("a", "b", "c"):
            await wait(db, house, name)
        where = [(house.station.id, house.service.id)]
        assert await waits.refill(db, RULES, where, START) == 0
        house.service.capacity = 3
        await db.flush()
        assert await waits.refill(db, RULES, where, START) == 2
        assert await line(db) == ["offered", "offered", "waiting"]
        house.service.capacity = 2
        await db.flush()
        await bookings.cancel(db, RULES, has.booking.id, "本人", START)
        assert await line(db) == ["offered", "offered", "waiting"]
        assert list((await check_slots(db)).values()) == [2]


async def test_a_day_that_is_open_again_reaches_who_waits_without_a_word(database: Database) -> None:
    async with database.transaction() as db:
        house = await small_house(db)
        for moment in (NINE, THREE):
            await book(db, house, moment, f"has-{moment}")
        await wait(db, house, "am", "am")
        house.station.week = {"0": [["08:30", "09:30"], ["15:00", "15:30"]]}
        await close_day(db, house.station, MONDAY)
        assert await waits.refill_all(db, RULES, START) == 0
        await db.execute(delete(StationClosure))
        assert await waits.refill_all(db, RULES, START) == 1
        assert await waits.refill_all(db, RULES, START) == 0
        (kept,) = await waits.untold(db, 9)
        assert kept.slot is not None
        assert kept.slot.starts_at == at(MONDAY, 8, 30)
        await check_slots(db)


@pytest.mark.parametrize("_template", ["postgresql"], indirect=True)
async def test_who_joins_while_a_place_is_given_back_is_not_overlooked(database: Database) -> None:
    async with database.transaction() as db:
        house = await small_house(db, week=ONE_TIME)
        has = await book(db, house, NINE, "has")
        who = await somebody(db, "joins")

    async def join() -> None:
        async with database.transaction() as db:
            await wait(db, house, who)

    async with database.transaction() as db:
        await bookings.cancel(db, RULES, has.booking.id, "本人", START)
        joining = asyncio.create_task(join())
        stuck = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        while not joining.done() and not await db.scalar(stuck):
            pass
    await joining
    async with database.transaction() as db:
        assert await line(db) == ["offered"]
        assert list((await check_slots(db)).values()) == [1]


@pytest.mark.parametrize("_template", ["postgresql"], indirect=True)
async def test_all_at_once_nobody_is_passed_over_and_no_place_is_free_while_one_waits(database: Database) -> None:
    async with database.transaction() as db:
        house = await small_house(db, capacity=4)
        held = [await book(db, house, moment, f"has-{moment}-{n}") for moment in (NINE, THREE) for n in range(4)]
        whose = [await somebody(db, f"w{number}") for number in range(6)]

    async def cancel(booking_id: int) -> None:
        async with database.transaction() as db:
            await bookings.cancel(db, RULES, booking_id, "本人", START)

    async def join(number: int) -> int:
        async with database.transaction() as db:
            return (await wait(db, house, whose[number])).row.id

    await asyncio.gather(*(work for n in range(6) for work in (join(n), cancel(held[n].booking.id))))
    async with database.transaction() as db:
        assert await line(db) == ["offered"] * 6
        assert sum((await check_slots(db)).values()) == 8
        ids = list(await db.scalars(select(Waiting.id)))

    async def answer(number: int) -> None:
        async with database.transaction() as db:
            if number % 3 == 0:
                await waits.decline(db, RULES, ids[number], START)
            elif number % 3 == 1:
                await waits.leave(db, RULES, ids[number], START)
            else:
                await waits.accept(db, RULES, ids[number], START)

    await asyncio.gather(*(answer(n) for n in range(6) for _ in range(2)))
    async with database.transaction() as db:
        assert sorted(await line(db)) == ["left", "left", "passed", "passed", "taken", "taken"]
        assert sum((await check_slots(db)).values()) == 4
