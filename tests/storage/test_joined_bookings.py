"""Whoever has two visits for one service, because two records of theirs were joined: each still goes its way."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.bookings import Booking, Waiting
from db.engine import Database
from services import bookings, person_records, waits
from services.booking_rules import DEFAULT_BOOKING_RULES as RULES
from services.bookings import HasOneError, Visit, Who
from tests.fakes.clock import START
from tests.fakes.examroom import add_boss, add_person
from tests.fakes.stationhouse import MONDAY, House, add_service, at, book, check_slots, offer, open_house
from tests.fakes.waitingroom import wait

TUESDAY = MONDAY + timedelta(days=1)


async def _joined(db: AsyncSession) -> tuple[House, Who, Visit, Visit]:
    """Return a house, who has two visits there for one service since their records were joined, and these."""
    boss, house = await add_boss(db), await open_house(db, capacity=1)
    keep, gone = await add_person(db, "王建国"), await add_person(db, "王建国")
    who = Who(person_id=keep.id)
    first, second = (
        await book(db, house, at(MONDAY, 9), who),
        await book(db, house, at(TUESDAY, 9), Who(person_id=gone.id)),
    )
    await person_records.join(db, boss, keep.id, gone.id, START)
    return house, who, first, second


async def _open(db: AsyncSession) -> list[int]:
    return list(await db.scalars(select(Booking.id).where(Booking.status == "booked").order_by(Booking.id)))


async def test_one_of_two_does_not_move_onto_the_other(database: Database) -> None:
    async with database.transaction() as db:
        house, _, first, second = await _joined(db)
        for one, other in ((first, second), (second, first)):
            with pytest.raises(Refusal, match="别的预约"):
                await bookings.move(
                    db, RULES, one.booking.id, other.station.id, other.slot.starts_at, "本人", START
                )  # fmt: skip
        await bookings.move(db, RULES, second.booking.id, house.station.id, at(TUESDAY, 10), "本人", START)
        assert await _open(db) == [first.booking.id, second.booking.id]
        await check_slots(db)


async def test_while_one_of_two_stands_no_other_is_booked(database: Database) -> None:
    async with database.transaction() as db:
        house, who, first, second = await _joined(db)
        await bookings.cancel(db, RULES, first.booking.id, "本人", START)
        assert (await book(db, house, at(TUESDAY, 9), who)).booking.id == second.booking.id
        with pytest.raises(HasOneError) as has:
            await book(db, house, at(TUESDAY, 9, 30), who)
        assert has.value.visit.booking.id == second.booking.id
        talk = await offer(db, house.station, await add_service(db, "政策咨询"))
        with pytest.raises(Refusal, match="别的预约"):
            await book(db, talk, at(TUESDAY, 9), who)
        assert await _open(db) == [second.booking.id]


async def test_the_first_of_two_is_over_and_the_second_still_stands(database: Database) -> None:
    async with database.transaction() as db:
        house, who, first, second = await _joined(db)
        with pytest.raises(HasOneError):
            await book(db, house, at(TUESDAY, 10), who, now=at(MONDAY, 12))
        await bookings.mark(db, second.booking.id, "no_show", at(TUESDAY, 10))
        assert await bookings.no_shows(db, f"p:{who.person_id}", at(TUESDAY, 10)) == 1
        assert await _open(db) == []
        again = await book(db, house, at(TUESDAY, 14), who, now=at(TUESDAY, 10))
        assert again.booking.id > first.booking.id


async def test_a_place_taken_from_the_waiting_list_is_the_one_that_is_shown(database: Database) -> None:
    wednesday = TUESDAY + timedelta(days=1)
    async with database.transaction() as db:
        house, who, first, second = await _joined(db)
        house.station.week = {"0": [["09:00", "09:30"]], "1": [["09:00", "09:30"]], "2": [["09:00", "09:30"]]}
        await db.flush()
        mine = await wait(db, house, who, day=wednesday)
        taken = await waits.accept(db, RULES, mine.row.id, START)
        assert (taken.booking.id, taken.slot.starts_at) == (first.booking.id, at(wednesday, 9))
        assert await _open(db) == [first.booking.id, second.booking.id]
        await check_slots(db)


@pytest.mark.parametrize("which", [0, 1])
async def test_whichever_of_two_moves_to_the_day_they_wait_for_they_wait_no_more(
    database: Database, which: int
) -> None:
    wednesday = TUESDAY + timedelta(days=1)
    async with database.transaction() as db:
        house, who, *both = await _joined(db)
        mine = Waiting(
            station_id=house.station.id, service_id=house.service.id, day=wednesday, half="any", person_id=who.person_id,
            who_key=f"p:{who.person_id}", purpose="", made_by="本人", created_at=START,
        )  # fmt: skip
        db.add(mine)
        await db.flush()
        await bookings.move(
            db, RULES, both[which].booking.id, house.station.id, at(wednesday, 10), "本人", START
        )  # fmt: skip
        await db.refresh(mine)
        assert mine.status == "left"


@pytest.mark.parametrize("which", [0, 1])
async def test_whichever_of_two_moves_to_the_place_that_is_kept_is_the_one_that_moves(
    database: Database, which: int
) -> None:
    wednesday = TUESDAY + timedelta(days=1)
    async with database.transaction() as db:
        house, who, *both = await _joined(db)
        house.station.week = {str(day): [["09:00", "09:30"]] for day in range(3)}
        await db.flush()
        mine = await wait(db, house, who, day=wednesday)
        assert (await db.get_one(Waiting, mine.row.id, populate_existing=True)).status == "offered"
        moved = await bookings.move(
            db, RULES, both[which].booking.id, house.station.id, at(wednesday, 9), "本人", START
        )  # fmt: skip
        stays = both[1 - which]
        assert (moved.after.booking.id, moved.after.slot.starts_at) == (both[which].booking.id, at(wednesday, 9))
        assert (await db.get_one(Booking, stays.booking.id, populate_existing=True)).slot_id == stays.slot.id
        assert (await db.get_one(Waiting, mine.row.id, populate_existing=True)).status == "taken"
        await check_slots(db)
