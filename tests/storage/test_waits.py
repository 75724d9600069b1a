"""Waiting lists as the databases keep them: who is first is next, a place that is kept is nobody else's, and none is lost."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.errors import Refusal
from db.bookings import Booking, Slot, StationService
from db.engine import Database
from services import booking_outcomes, bookings, waits
from services.booking_rules import DEFAULT_BOOKING_RULES as RULES
from services.booking_rules import BookingRules
from services.bookings import FullError, Who
from services.waits import WaitsError
from tests.fakes.clock import START
from tests.fakes.stationhouse import (
    MONDAY,
    add_service,
    at,
    book,
    check_slots,
    close_day,
    offer,
    open_house,
    somebody,
)  # fmt: skip
from tests.fakes.waitingroom import line, small_house, wait

NINE, THREE = at(MONDAY, 9), at(MONDAY, 15)
WEEK = timedelta(days=7)


async def test_a_place_given_back_is_kept_for_the_first_and_for_nobody_else(database: Database) -> None:
    async with database.transaction() as db:
        house = await small_house(db)
        mine = await book(db, house, NINE, "has")
        await book(db, house, THREE, "late")
        first, second = await wait(db, house, "first"), await wait(db, house, "second")
        assert (first.row.status, first.position, second.position) == ("waiting", 1, 2)
    async with database.transaction() as db:
        await bookings.cancel(db, RULES, mine.booking.id, "本人", START)
        assert await line(db) == ["offered", "waiting"]
        kept = await waits.find(db, first.row.id)
        assert kept is not None
        assert kept.slot is not None
        assert kept.slot.starts_at == NINE
        assert kept.row.offer_until == START + timedelta(hours=2)
        assert [one.row.id for one in await waits.untold(db, 9)] == [first.row.id]
        assert set((await check_slots(db)).values()) == {1}
        with pytest.raises(FullError):
            await book(db, house, NINE, "third")
    async with database.transaction() as db:
        visit = await waits.accept(db, RULES, first.row.id, START)
        assert (visit.slot.starts_at, visit.booking.status) == (NINE, "booked")
        assert (await waits.accept(db, RULES, first.row.id, START)).booking.id == visit.booking.id
        assert await line(db) == ["taken", "waiting"]
        assert await waits.untold(db, 9) == []
        assert set((await check_slots(db)).values()) == {1}


async def test_a_half_of_the_day_is_waited_for_by_itself(database: Database) -> None:
    async with database.transaction() as db:
        house = await small_house(db)
        booked = [await book(db, house, moment, f"has-{moment}") for moment in (NINE, THREE)]
        afternoon, morning = await wait(db, house, "pm", "pm"), await wait(db, house, "am", "am")
        both = await wait(db, house, "any")
        assert [one.position for one in (afternoon, morning, both)] == [1, 1, 3]
        await bookings.cancel(db, RULES, booked[0].booking.id, "本人", START)
        assert await line(db) == ["waiting", "offered", "waiting"]
        await bookings.cancel(db, RULES, booked[1].booking.id, "本人", START)
        assert await line(db) == ["offered", "offered", "waiting"]
        await waits.decline(db, RULES, morning.row.id, START)
        assert await line(db) == ["offered", "passed", "offered"]
        assert set((await check_slots(db)).values()) == {1}


async def test_one_waits_once_for_a_service(database: Database) -> None:
    async with database.transaction() as db:
        house = await small_house(db)
        for moment in (NINE, THREE, NINE + WEEK, THREE + WEEK):
            await book(db, house, moment, f"has-{moment}")
        who = await somebody(db, "keen")
        first = await wait(db, house, who)
        assert (await wait(db, house, who)).row.id == first.row.id
        with pytest.raises(WaitsError, match="11月23日") as raised:
            await wait(db, house, who, day=MONDAY + WEEK)
        assert raised.value.wait.row.id == first.row.id
        with pytest.raises(WaitsError):
            await wait(db, house, who, "am")
        family = Who(address_id=who.address_id, name="王大爷", made_by="父亲")
        assert (await wait(db, house, family)).position == 2
        await waits.leave(db, RULES, first.row.id, START)
        assert (await wait(db, house, who, day=MONDAY + WEEK)).position == 1
        assert who.address_id is not None
        assert len(await waits.of(db, who.address_id, [], START)) == 2


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"day": MONDAY - WEEK}, "已经过了"), ({"day": MONDAY + 5 * WEEK}, "最远能约到12月5日"),
        ({"day": MONDAY + timedelta(days=1)}, "不上班"), ({"half": "pm", "now": at(MONDAY, 14, 30)}, "提前 1 小时"),
    ],
)  # fmt: skip
async def test_nobody_waits_in_vain(database: Database, changes: dict[str, Any], said: str) -> None:
    async with database.transaction() as db:
        house = await small_house(db)
        with pytest.raises(Refusal, match=said):
            await wait(db, house, "vain", **changes)
        assert await line(db) == []


async def test_nobody_waits_for_a_closed_day_or_for_what_is_not_done_there(database: Database) -> None:
    async with database.transaction() as db:
        house = await small_house(db)
        await close_day(db, house.station, MONDAY, "停电检修")
        with pytest.raises(Refusal, match="停电检修"):
            await wait(db, house, "vain")
        with pytest.raises(Refusal, match="换一个服务站"):
            await wait(db, type(house)(house.station, await add_service(db, "政策咨询")), "lost")


async def test_what_is_free_when_one_joins_is_kept_at_once(database: Database) -> None:
    async with database.transaction() as db:
        house = await small_house(db)
        await book(db, house, NINE, "has")
        found = await wait(db, house, "lucky")
        assert found.row.status == "offered"
        assert found.slot is not None
        assert found.slot.starts_at == THREE
        assert (await wait(db, house, "next")).row.status == "waiting"
        assert set((await check_slots(db)).values()) == {1}


async def test_whoever_leaves_or_says_no_passes_the_place_on(database: Database) -> None:
    async with database.transaction() as db:
        house = await small_house(db, week={"0": [["09:00", "09:30"]]})
        mine = await book(db, house, NINE, "has")
        lines = [(await wait(db, house, name)).row.id for name in ("a", "b", "c", "d")]
        await waits.leave(db, RULES, lines[1], START)
        assert await line(db) == ["waiting", "left", "waiting", "waiting"]
        assert (await waits.decline(db, RULES, lines[0], START)).row.status == "waiting"
        await bookings.cancel(db, RULES, mine.booking.id, "本人", START)
        for _ in range(2):
            await waits.decline(db, RULES, lines[0], START)
            assert await line(db) == ["passed", "left", "offered", "waiting"]
        await waits.leave(db, RULES, lines[2], START)
        assert await line(db) == ["passed", "left", "left", "offered"]
        await waits.leave(db, RULES, lines[3], START)
        assert list((await check_slots(db)).values()) == [0]
        for id_ in lines:
            with pytest.raises(Refusal, match="让给下一位"):
                await waits.accept(db, RULES, id_, START)
        with pytest.raises(Refusal, match="没有找到"):
            await waits.leave(db, RULES, 999, START)


async def test_taking_a_better_time_moves_the_booking_and_passes_the_worse_one_on(database: Database) -> None:
    async with database.transaction() as db:
        house = await small_house(db)
        has = await book(db, house, NINE, "has")
        who = await somebody(db, "late")
        late = await book(db, house, THREE, who)
        better, other = await wait(db, house, who, "am"), await wait(db, house, "other", "pm")
        await bookings.cancel(db, RULES, has.booking.id, "本人", START)
        visit = await waits.accept(db, RULES, better.row.id, START)
        assert (visit.booking.id, visit.booking.code, visit.booking.sequence) == (late.booking.id, late.booking.code, 1)
        assert visit.slot.starts_at == NINE
        assert await line(db) == ["taken", "offered"]
        kept = await waits.find(db, other.row.id)
        assert kept is not None
        assert kept.slot is not None
        assert kept.slot.starts_at == THREE
        assert set((await check_slots(db)).values()) == {1}


async def test_nobody_is_offered_the_very_time_that_they_have(database: Database) -> None:
    async with database.transaction() as db:
        house = await small_house(db, week={"0": [["09:00", "09:30"]]}, capacity=2)
        has = await book(db, house, NINE, "has")
        who = await somebody(db, "there")
        await book(db, house, NINE, who)
        await wait(db, house, who)
        await bookings.cancel(db, RULES, has.booking.id, "本人", START)
        assert await line(db) == ["waiting"]
        assert list((await check_slots(db)).values()) == [1]


async def test_a_booking_that_is_over_is_not_moved_by_taking_a_place(database: Database) -> None:
    later = NINE + WEEK
    async with database.transaction() as db:
        house = await small_house(db, week={"0": [["09:00", "09:30"]]})
        who = await somebody(db, "again")
        before = await book(db, house, NINE, who)
        has = await book(db, house, later, "has")
        mine = await wait(db, house, who, day=MONDAY + WEEK)
        await bookings.cancel(db, RULES, has.booking.id, "本人", at(MONDAY, 12))
        after = await waits.accept(db, RULES, mine.row.id, at(MONDAY, 12))
        assert after.booking.id != before.booking.id
        statuses = await db.scalars(
            select(Booking.status).join(Slot, Slot.id == Booking.slot_id).order_by(Slot.starts_at, Booking.id)
        )
        assert list(statuses) == ["over", "cancelled", "booked"]
        assert await booking_outcomes.no_shows(db, after.booking.who_key, at(MONDAY, 12)) == 0


@pytest.mark.parametrize(("rules", "said"), [(RULES, "别的预约"), (BookingRules(per_day=1), "约满")])
async def test_a_place_that_one_cannot_come_to_stays_kept(database: Database, rules: BookingRules, said: str) -> None:
    async with database.transaction() as db:
        house = await small_house(db, week={"0": [["09:00", "10:30"]]}, minutes=30)
        talk = await offer(db, house.station, await add_service(db, "政策咨询", minutes=30))
        has = await book(db, house, at(MONDAY, 9, 30), "has")
        for moment in (NINE, at(MONDAY, 10)):
            await book(db, house, moment, f"has-{moment}")
        who = await somebody(db, "busy")
        mine = await wait(db, house, who)
        await bookings.cancel(db, RULES, has.booking.id, "本人", START)
        own = await book(db, talk, at(MONDAY, 9, 30) if rules is RULES else NINE, who)
        with pytest.raises(Refusal, match=said):
            await waits.accept(db, rules, mine.row.id, START)
        assert await line(db) == ["offered"]
        await bookings.cancel(db, RULES, own.booking.id, "本人", START)
        assert (await waits.accept(db, rules, mine.row.id, START)).slot.starts_at == at(MONDAY, 9, 30)


async def test_days_that_are_over_end_and_are_told_of(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db, week={"0": [["09:00", "09:30"]]}, capacity=1)
        await book(db, house, NINE, "has")
        await wait(db, house, "vain")
        assert await waits.end_days(db, at(MONDAY, 23)) == 0
        assert await waits.end_days(db, at(MONDAY + timedelta(days=1), 0)) == 1
        (found,) = await waits.untold(db, 9)
        assert (found.row.status, found.row.news, found.position) == ("left", "ended", None)
        await waits.told(db, [found])
        assert await waits.untold(db, 9) == []


async def test_of_two_services_one_can_wait_for_both(database: Database) -> None:
    async with database.transaction() as db:
        house = await small_house(db)
        talk = await offer(db, house.station, await add_service(db, "政策咨询", capacity=1))
        who = await somebody(db, "both")
        for there in (house, talk):
            for moment in (NINE, THREE):
                await book(db, there, moment, f"has-{moment}-{there.service.id}")
            assert (await wait(db, there, who)).position == 1
        await db.execute(StationService.__table__.delete().where(StationService.service_id == talk.service.id))
        assert len(await waits.of(db, who.address_id, [], START)) == 2
