"""What people hear unasked of their visits and of places in a waiting list, and who of the family hears it with them."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import vobject
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.tick import Pass
from db.bookings import Booking, Waiting
from db.engine import Database
from db.people import Address
from db.proxies import Proxy
from db.turns import Outbox
from handlers import booking_notices, booking_screens, waiting_notices
from services import bookings, notice_gate, notice_stops, waits
from services.booking_rows import Visit
from services.booking_rules import DEFAULT_BOOKING_RULES
from services.who import Who
from tests.fakes.clock import START, SettableClock
from tests.fakes.examroom import add_person
from tests.fakes.sealed import VAULT
from tests.fakes.stationhouse import MONDAY, House, at, book, open_house, somebody
from tests.journeys.notified import RULES

NINE = at(MONDAY, 9)
TUESDAY = MONDAY + timedelta(days=1)
SUNDAY = MONDAY - timedelta(days=1)
Work = Callable[[AsyncSession, datetime], Awaitable[Pass]]
TICKS: Sequence[Work] = (
    partial(booking_notices.remind, VAULT),
    partial(waiting_notices.run_out, DEFAULT_BOOKING_RULES),
    waiting_notices.end_days,
    partial(waiting_notices.tell_news, VAULT, DEFAULT_BOOKING_RULES),
)


async def said(database: Database, *conditions: Any) -> list[Outbox]:
    async with database.snapshot() as db:
        unasked = Outbox.notice.is_not(None), Outbox.status != "cancelled"
        rows = list(await db.scalars(select(Outbox).where(*unasked, *conditions).order_by(Outbox.id)))
    assert [line for row in rows for line in text_of(row).split("\n") if len(line) > 60] == []
    return rows


async def tick(database: Database, now: datetime) -> list[Outbox]:
    """Let the clock do all that is due for bookings; return what is newly said."""
    before = {row.id for row in await said(database)}
    for work in TICKS:
        done = 1
        while done:
            async with database.transaction() as db:
                done = (await work(db, now)).done
    return [row for row in await said(database) if row.id not in before]


async def tell(database: Database, what: booking_notices.News, visit: Visit, now: datetime, **more: Any) -> list[Visit]:
    async with database.transaction() as db:
        return await booking_notices.tell(db, VAULT, [visit], what, now, **more)


def labels(row: Outbox) -> list[str]:
    return [choice["label"] for choice in row.payload["choices"]]


def text_of(row: Outbox) -> str:
    return str(row.payload["text"])


def entry_of(row: Outbox) -> Any:
    return vobject.readOne(row.payload["document"]["text"])


async def with_son(db: AsyncSession) -> Who:
    """Put a father on file with a Telegram of his own, and a son who may be reminded; return the father."""
    father = await add_person(db, "王建国", account=("telegram", "father"))
    son = Address(channel="web", external_id="son", created_at=START)
    db.add(son)
    await db.flush()
    db.add(
        Proxy(
            address_id=son.id, person_id=father.id, relation="儿子", scopes=["remind", "book"],
            status="active", ends_on=date(2027, 11, 21), created_at=START,
        )
    )  # fmt: skip
    return Who(person_id=father.id)


async def booked(database: Database, name: str = "laozhang", **station: Any) -> tuple[House, Visit]:
    async with database.transaction() as db:
        house = await open_house(db, **station)
        return house, await book(db, house, NINE, name)


async def test_reminded_at_nine_the_day_before_and_two_hours_before_and_never_twice(database: Database) -> None:
    async with database.transaction() as db:
        visit = await book(db, await open_house(db), at(MONDAY, 10), "laozhang")
    assert await tick(database, at(MONDAY - timedelta(days=1), 8, 59)) == []
    (day_before,) = await tick(database, at(MONDAY - timedelta(days=1), 9))
    assert await tick(database, at(MONDAY, 7, 59)) == []
    (hours_before,) = await tick(database, at(MONDAY, 8))
    assert await tick(database, at(MONDAY, 9)) == []
    for row in (day_before, hours_before):
        for fact in ("11月23日（周一）上午 10:00", "南街服务站", "南街12号", "0573-88001234", "· 身份证\n· 两寸照片"):
            assert fact in text_of(row)
        assert visit.booking.code in text_of(row)
        assert labels(row) == ["我会去", "改期", "取消预约"]
        assert [c["action"] for c in row.payload["choices"]] == [
            f"book-{act}:{visit.booking.id}" for act in ("go", "move", "drop")
        ]
    assert day_before.expires_at == at(MONDAY, 8)
    assert hours_before.expires_at == at(MONDAY, 10)


@pytest.mark.parametrize(
    ("hour", "now", "promised"),
    [
        (8, at(SUNDAY, 8), "前一天上午9点和下午6点"), (8, at(SUNDAY, 17), "今天下午6点"), (8, at(SUNDAY, 19), ""),
        (10, at(SUNDAY, 8), "前一天上午9点和到点前两小时"), (10, at(SUNDAY, 17), "到点前两小时"),
    ],
)  # fmt: skip
async def test_a_reminder_that_was_promised_goes_out_before_the_visit(
    database: Database, hour: int, now: datetime, promised: str
) -> None:
    async with database.transaction() as db:
        visit = await book(db, await open_house(db), at(MONDAY, hour), "laozhang", now=now)
    assert booking_screens.reminded(visit, now).strip() == (promised and f"{promised}，我会再提醒。")
    for moment in (at(SUNDAY, 9), at(SUNDAY, 18), at(MONDAY, 6), at(MONDAY, 8)):
        await tick(database, max(now, moment))
        async with database.transaction() as db:
            await notice_gate.expire(db, moment)
            await notice_gate.release(db, moment, RULES)
    async with database.snapshot() as db:
        sent = (await db.scalars(select(Outbox.id).where(Outbox.released_at.is_not(None)))).all()
    assert len(sent) == (promised != "") + ("和" in promised)


async def test_whoever_is_a_proxy_no_more_hears_no_more_of_it(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db)
        father, son = await add_person(db, "王建国"), await somebody(db, "son")
        proxy = Proxy(
            address_id=son.address_id, person_id=father.id, relation="儿子", scopes=["book"], status="active",
            ends_on=date(2027, 11, 21), created_at=START,
        )  # fmt: skip
        db.add(proxy)
        await db.flush()
        visit = await book(db, house, NINE, replace(son, person_id=father.id, made_by="儿子"))
        assert await booking_notices.tell(db, VAULT, [visit], "moved", START) == []
        proxy.status = "ended"
        await db.flush()
        assert await booking_notices.tell(db, VAULT, [visit], "cancelled", START) == [visit]
    (row,) = await said(database)
    assert "王同志的预约改到了新的时间" in text_of(row)


async def test_a_clock_that_was_away_reminds_once_and_not_after_the_beginning(database: Database) -> None:
    house, _ = await booked(database)
    async with database.transaction() as db:
        await book(db, house, at(MONDAY, 14), "other")
    first, other = await tick(database, at(MONDAY, 8))
    assert [str(row.dedupe_key).split(":")[3] for row in (first, other)] == ["hours", "day"]
    (other,) = await tick(database, at(MONDAY, 12, 30))
    assert "下午 2:00" in text_of(other)
    assert await tick(database, at(TUESDAY, 12)) == []


async def test_nothing_is_said_any_more_of_what_was_cancelled(database: Database) -> None:
    _, visit = await booked(database)
    (reminder,) = await tick(database, at(MONDAY - timedelta(days=1), 9))
    async with database.transaction() as db:
        await bookings.cancel(db, DEFAULT_BOOKING_RULES, visit.booking.id, "本人", at(MONDAY - timedelta(days=1), 10))
    assert reminder.id not in {row.id for row in await said(database)}
    assert await tick(database, at(MONDAY, 7)) == []


async def test_what_staff_moved_is_told_with_the_reason_and_the_entry_that_replaces_the_old(database: Database) -> None:
    house, visit = await booked(database)
    async with database.transaction() as db:
        moved = await bookings.move(
            db,
            DEFAULT_BOOKING_RULES,
            visit.booking.id,
            house.station.id,
            at(TUESDAY, 10),
            "工作人员",
            START,
            "停电检修",
        )
    assert await tell(database, "moved", moved.after, START) == []
    assert await tell(database, "moved", moved.after, START) == []
    (row,) = await said(database)
    for fact in ("工作人员把您的预约改到了新的时间", "原因：停电检修", "11月24日（周二）上午 10:00", "南街12号"):
        assert fact in text_of(row)
    assert labels(row) == ["我会去", "改期", "取消预约"]
    assert row.payload["urgent"] is True
    assert (row.notice, row.payload["qr"]) == ("visit", visit.booking.code)
    entry = entry_of(row)
    assert (entry.method.value, entry.vevent.sequence.value) == ("PUBLISH", "1")
    assert entry.vevent.dtstart.value == at(TUESDAY, 10)


async def test_what_staff_cancelled_is_told_and_leaves_the_calendar(database: Database) -> None:
    _, visit = await booked(database)
    async with database.transaction() as db:
        gone = await bookings.cancel(
            db, DEFAULT_BOOKING_RULES, visit.booking.id, "工作人员", START, "窗口检修，给您添麻烦了"
        )
    await tell(database, "cancelled", gone, START)
    (row,) = await said(database)
    for fact in (
        "您的预约被工作人员取消了",
        "原因：窗口检修，给您添麻烦了",
        visit.booking.code,
        "上午 9:00到南街服务站",
    ):
        assert fact in text_of(row)
    assert labels(row) == ["再约一个时间", "找人工"]
    assert "qr" not in row.payload
    assert "urgent" not in row.payload
    assert entry_of(row).method.value == "CANCEL"


async def test_the_person_and_the_son_hear_of_it_each_in_their_own_words(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db)
        visit = await book(db, house, NINE, await with_son(db))
    assert await tell(database, "booked", visit, START) == []
    father, son = await said(database)
    assert (father.channel, son.channel) == ("telegram", "web")
    assert "工作人员给您约好了" in text_of(father)
    assert "工作人员给王同志约好了" in text_of(son)
    assert entry_of(son).vevent.uid.value == f"{visit.booking.code}@yizhan"
    assert len(await tick(database, at(MONDAY - timedelta(days=1), 9))) == 2


async def test_family_not_on_file_is_called_by_the_name_that_was_given(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db)
        visit = await book(db, house, NINE, replace(await somebody(db, "laozhang"), name="李秀英", made_by="家人"))
    await tell(database, "booked", visit, START)
    (row,) = await said(database)
    assert "工作人员给李同志约好了" in text_of(row)
    assert "李秀英" not in str(row.payload)


async def test_whom_no_push_reaches_is_for_the_telephone(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db)
        on_paper = await book(db, house, NINE, Who(name="赵大海", phone="13812345678", made_by="工作人员"))
        person = await add_person(db, "王建国", account=("web", "page"))
        on_the_web = await book(db, house, NINE, Who(person_id=person.id))
    async with database.transaction() as db:
        silent = await booking_notices.tell(db, VAULT, [on_paper, on_the_web], "booked", START)
    assert [one.booking.id for one in silent] == [on_paper.booking.id, on_the_web.booking.id]
    (row,) = await said(database)
    assert row.channel == "web"


async def test_whoever_stopped_such_notices_is_for_the_telephone_too(database: Database) -> None:
    _, visit = await booked(database)
    assert visit.booking.address_id is not None
    async with database.transaction() as db:
        await notice_stops.stop(db, visit.booking.address_id, ["visit"], START)
    assert len(await tell(database, "booked", visit, START)) == 1


async def test_only_news_of_tomorrow_wakes_people(database: Database) -> None:
    _, visit = await booked(database)
    await tell(database, "booked", visit, START)
    (row,) = await said(database)
    assert "urgent" not in row.payload
    async with database.transaction() as db:
        gone = await bookings.cancel(db, DEFAULT_BOOKING_RULES, visit.booking.id, "工作人员", NINE - timedelta(hours=3))
    await tell(database, "cancelled", gone, NINE - timedelta(hours=3))
    assert (await said(database))[-1].payload["urgent"] is True


async def waiting(database: Database, house: House, name: str) -> waits.Wait:
    async with database.transaction() as db:
        who = await somebody(db, name)
        return await waits.join(
            db, VAULT, DEFAULT_BOOKING_RULES, house.station.id, house.service.id, MONDAY, "am", who, "", START
        )


async def status_of(database: Database, wait: waits.Wait) -> str:
    async with database.snapshot() as db:
        return (await db.get_one(Waiting, wait.row.id)).status


async def test_a_place_that_becomes_free_is_offered_until_when_and_passed_on(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db, capacity=1, minutes=240)
        visit = await book(db, house, at(MONDAY, 8), "first")
    second, third = await waiting(database, house, "second"), await waiting(database, house, "third")
    assert await tick(database, START) == []
    async with database.transaction() as db:
        await bookings.cancel(db, DEFAULT_BOOKING_RULES, visit.booking.id, "本人", START)
    (offer,) = await tick(database, START)
    for fact in ("您候补的号空出来了", "11月23日（周一）上午 8:00", "南街12号", "给您留到11月21日（周六）中午 12:00"):
        assert fact in text_of(offer)
    assert [c["action"] for c in offer.payload["choices"]] == [f"wait-{a}:{second.row.id}" for a in ("yes", "no")]
    assert offer.expires_at == START + timedelta(hours=2)
    async with database.transaction() as db:
        await notice_gate.release(db, START, RULES)
    assert await tick(database, START + timedelta(hours=1, minutes=59)) == []
    passed, next_one = sorted(await tick(database, START + timedelta(hours=2)), key=lambda row: row.recipient)
    assert (passed.recipient, next_one.recipient) == ("second", "third")
    assert "让给下一位了" in text_of(passed)
    assert "您候补的号空出来了" in text_of(next_one)
    assert (await status_of(database, second), await status_of(database, third)) == ("passed", "offered")


async def test_whoever_has_a_worse_time_hears_that_it_would_be_given_up(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db, capacity=1, minutes=240)
        visit = await book(db, house, at(MONDAY, 8), "first")
        later = await book(db, house, at(TUESDAY, 8), "second")
    async with database.transaction() as db:
        who = Who(address_id=later.booking.address_id)
        await waits.join(
            db, VAULT, DEFAULT_BOOKING_RULES, house.station.id, house.service.id, MONDAY, "am", who, "", START
        )
        await bookings.cancel(db, DEFAULT_BOOKING_RULES, visit.booking.id, "本人", START)
    (offer,) = await tick(database, START)
    assert "原来约的11月24日（周二）上午 8:00就不用来了" in text_of(offer)


async def test_a_day_that_ends_without_a_place_is_told_once(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db, capacity=1, minutes=240)
        await book(db, house, at(MONDAY, 8), "first")
    await waiting(database, house, "second")
    (row,) = await tick(database, at(TUESDAY, 0, 1))
    assert "没有等到空号" in text_of(row)
    assert "11月23日（周一）上午" in text_of(row)
    assert await tick(database, at(TUESDAY, 9)) == []


async def test_what_a_file_belongs_to_is_a_message_of_its_own(database: Database, clock: SettableClock) -> None:
    house, visit = await booked(database)
    async with database.transaction() as db:
        other = await book(
            db, house, at(TUESDAY, 9), Who(address_id=visit.booking.address_id, name="李秀英", made_by="家人")
        )
        await booking_notices.tell(db, VAULT, [visit, other], "booked", clock())
        await notice_gate.release(db, clock(), RULES)
    first, second = await said(database, Outbox.status == "ready")
    assert [entry_of(row).vevent.uid.value for row in (first, second)] == [
        f"{one.booking.code}@yizhan" for one in (visit, other)
    ]
    assert "parts" not in first.payload
    assert await _codes(database) == {visit.booking.code, other.booking.code}


async def _codes(database: Database) -> set[str]:
    async with database.snapshot() as db:
        return set(await db.scalars(select(Booking.code)))
