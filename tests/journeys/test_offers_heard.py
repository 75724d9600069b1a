"""Nobody loses a place of which they never heard: its time runs from when they can hear of it, and nobody is blamed for less."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from db.bookings import Waiting
from db.engine import Database
from db.people import Address
from db.turns import Outbox
from handlers.casework import Casework
from handlers.ticks import Tick, ticks
from knowledge.entry import Profile
from services import bookings, waits
from services.booking_rules import DEFAULT_BOOKING_RULES as RULES
from services.bookings import FullError, Who
from tests.fakes.examroom import add_person
from tests.fakes.sealed import VAULT
from tests.fakes.stationhouse import MONDAY, House, at, book, check_slots, close_day, open_house
from tests.fakes.waitingroom import line

TUESDAY, WEDNESDAY, THURSDAY = (MONDAY + timedelta(days=days) for days in (1, 2, 3))
NIGHT, MORNING = at(MONDAY, 22, 30), at(TUESDAY, 8)
ASKED, PASSED = "候补的号空出来了", "让给下一位了。"


@dataclass
class Room:
    """A station with one place on a day, the people in line for it, and the clock's work."""

    database: Database
    house: House
    has: int
    starts_at: datetime
    works: Sequence[Tick] = field(
        default_factory=lambda: ticks(
            Casework(Profile, timedelta(minutes=30), {}), VAULT, crisis_repeat=timedelta(days=9), idle=timedelta(days=9)
        )
    )

    async def free(self, now: datetime) -> None:
        """Let the place become free."""
        async with self.database.transaction() as db:
            await bookings.cancel(db, RULES, self.has, "本人", now)

    async def tick(self, *moments: datetime) -> None:
        """Let the clock do all it does, and send what was let go."""
        for now in moments:
            for tick in self.works:
                done = 1
                while done:
                    async with self.database.transaction() as db:
                        done = (await tick.work(db, now)).done
            async with self.database.transaction() as db:
                await db.execute(update(Outbox).where(Outbox.status == "ready").values(status="sent"))

    async def heard(self) -> list[tuple[str, str]]:
        """Return who heard what, in order."""
        async with self.database.snapshot() as db:
            rows = await db.scalars(select(Outbox).where(Outbox.released_at.is_not(None)).order_by(Outbox.id))
            return [(row.recipient, row.payload["text"].split("\n")[0]) for row in rows if row.notice == "visit"]

    async def stand(self) -> list[str]:
        async with self.database.transaction() as db:
            await check_slots(db)
            return await line(db)

    async def until(self) -> datetime | None:
        async with self.database.snapshot() as db:
            return await db.scalar(select(Waiting.offer_until).where(Waiting.status == "offered"))


async def room(database: Database, starts_at: datetime, *quiet: tuple[int, int] | None) -> Room:
    """Open a room in whose line stand people with quiet hours of their own, or the bureau's."""
    day = starts_at.date()
    async with database.transaction() as db:
        week = {str(day.weekday()): [[f"{starts_at:%H:%M}", f"{starts_at + timedelta(minutes=30):%H:%M}"]]}
        house = await open_house(db, capacity=1, week=week)
        has = await book(db, house, starts_at, "has")
        for number, hours in enumerate(quiet):
            own: dict[str, Any] = dict(zip(("quiet_from", "quiet_until"), hours, strict=True)) if hours else {}
            person = await add_person(db, f"王建{number}", account=("telegram", f"w{number}"), **own)
            account = (await db.scalars(select(Address.id).where(Address.person_id == person.id))).one()
            await waits.join(
                db, VAULT, RULES, house.station.id, house.service.id, day, "any",
                Who(address_id=account, person_id=person.id), "", at(MONDAY, 8),
            )  # fmt: skip
    return Room(database, house, has.booking.id, starts_at)


@pytest.mark.parametrize(
    ("quiet", "freed", "heard", "until"),
    [
        (None, NIGHT, MORNING, at(TUESDAY, 10)),
        ((21, 10), NIGHT, at(TUESDAY, 10), at(TUESDAY, 12)),
        ((21, 10), at(TUESDAY, 7, 30), at(TUESDAY, 10), at(TUESDAY, 12)),
        ((8, 12), at(TUESDAY, 9), at(TUESDAY, 12), at(TUESDAY, 14)),
        ((20, 6), at(TUESDAY, 5), at(TUESDAY, 6), at(TUESDAY, 10)),
        ((10, 20), at(TUESDAY, 11), at(TUESDAY, 20), at(WEDNESDAY, 10)),
    ],
)  # fmt: skip
async def test_the_time_of_an_offer_runs_from_when_it_can_be_heard_of(
    database: Database, quiet: tuple[int, int] | None, freed: datetime, heard: datetime, until: datetime
) -> None:
    place = await room(database, at(THURSDAY, 16), quiet)
    minute = timedelta(minutes=1)
    await place.free(freed)
    assert await place.until() == until
    await place.tick(freed, heard - minute)
    assert await place.heard() == []
    await place.tick(heard)
    assert [(who, ASKED in text) for who, text in await place.heard()] == [("w0", True)]
    await place.tick(until - minute)
    assert await place.stand() == ["offered"]
    await place.tick(until, until + timedelta(hours=12))
    assert [(who, PASSED in text) for who, text in (await place.heard())[1:]] == [("w0", True)]
    assert await place.stand() == ["passed"]


async def test_a_place_freed_at_night_is_kept_for_the_first_who_waits_and_for_nobody_else(database: Database) -> None:
    place = await room(database, at(WEDNESDAY, 16), None)
    await place.free(NIGHT)
    async with database.transaction() as db:
        with pytest.raises(FullError):
            await book(db, place.house, place.starts_at, "nightly", NIGHT)
    await place.tick(NIGHT, MORNING)
    assert await place.stand() == ["offered"]


async def test_whoever_would_hear_of_it_too_late_is_passed_over_and_stays_in_line(database: Database) -> None:
    place = await room(database, at(TUESDAY, 15), (21, 14), None)
    await place.free(NIGHT)
    assert (await place.stand(), await place.until()) == (["waiting", "offered"], at(TUESDAY, 10))
    await place.tick(NIGHT, MORNING, at(TUESDAY, 10))
    # awake now, and it is near: the first in line is told at once
    assert await place.stand() == ["offered", "passed"]
    assert [who for who, text in await place.heard() if ASKED in text] == ["w1", "w0"]


async def test_an_offer_that_was_held_back_until_its_end_is_passed_on_without_a_word(database: Database) -> None:
    """Told a minute after it was made, when their quiet hours had begun: it is not their fault."""
    place = await room(database, at(THURSDAY, 16), (20, 10), None)
    await place.free(at(MONDAY, 19, 59))
    await place.tick(at(MONDAY, 20), MORNING)
    assert await place.until() == at(TUESDAY, 9, 59)
    await place.tick(at(TUESDAY, 9, 59))
    assert await place.stand() == ["waiting", "offered"]
    assert [(who, ASKED in text) for who, text in await place.heard()] == [("w1", True)]
    await place.tick(at(TUESDAY, 11, 59))
    assert await place.stand() == ["offered", "passed"]
    assert [who for who, text in await place.heard() if ASKED in text] == ["w1", "w0"]  # the same place, told this time
    assert [who for who, text in await place.heard() if PASSED in text] == ["w1"]
    async with database.snapshot() as db:
        assert list(await db.scalars(select(Waiting.ended_at).where(Waiting.status == "offered"))) == [None]


@pytest.mark.parametrize("people", [1, 2])
async def test_a_clock_that_was_away_blames_nobody(database: Database, people: int) -> None:
    place = await room(database, at(THURSDAY, 16), *[None] * people)
    await place.free(at(TUESDAY, 9))
    await place.tick(at(TUESDAY, 13))
    assert "passed" not in await place.stand()
    assert [text for _, text in await place.heard() if PASSED in text] == []
    await place.tick(at(TUESDAY, 13, 1))
    assert [ASKED in text for _, text in await place.heard()] == [True]


async def test_who_was_told_on_one_account_has_heard_of_it(database: Database) -> None:
    place = await room(database, at(THURSDAY, 16), None)
    await place.free(at(TUESDAY, 9))
    await place.tick(at(TUESDAY, 9), at(TUESDAY, 11))
    assert await place.stand() == ["passed"]
    assert [PASSED in text for _, text in await place.heard()] == [False, True]


async def test_a_day_that_is_closed_meanwhile_ends_the_line_of_who_was_kept_waiting(database: Database) -> None:
    place = await room(database, at(THURSDAY, 16), (21, 10))
    await place.free(NIGHT)
    async with database.transaction() as db:
        await close_day(db, place.house.station, THURSDAY)
    await place.tick(NIGHT, at(TUESDAY, 10))
    assert await place.stand() == ["passed"]
    assert [ASKED in text for _, text in await place.heard()] == [False]
