"""Where somebody is serves to find what is near, and is kept no more exactly and no longer; a case has it as it was sent."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.wake import Wake
from bot.workers.clock import Ticker
from core.turn import Turn
from db.base import Base
from db.cases import SupportCase
from db.engine import Database
from db.people import Conversation, SentPlace
from db.turns import Inbox, Outbox
from handlers import texts
from handlers.ticks import ticks
from services import case_feed, staff_group
from tests.fakes.clock import SettableClock
from tests.fakes.sealed import VAULT
from tests.fakes.stationhouse import add_station, offer, open_house
from tests.journeys.office import Clerk, hire
from tests.journeys.world import Said, Visitor

HERE = {"latitude": 30.637412, "longitude": 120.568734}
NEAR, ROUGH = {"latitude": 30.637, "longitude": 120.569}, {"latitude": 30.64, "longitude": 120.57}
DAY = 24 * 3600


async def sends_place(visitor: Visitor) -> Said:
    return await visitor.send("event", "location", place=HERE)


async def with_station(visitor: Visitor) -> None:
    async with visitor.database.transaction() as db:
        await add_station(db, latitude=30.65, longitude=120.57)


async def kept(database: Database) -> list[dict[str, float]]:
    async with database.snapshot() as db:
        return [{"latitude": row.latitude, "longitude": row.longitude} for row in await db.scalars(select(SentPlace))]


async def heard(database: Database) -> list[Any]:
    async with database.snapshot() as db:
        return list(await db.scalars(select(Inbox.place).where(Inbox.text == "location").order_by(Inbox.at)))


async def everything(database: Database) -> str:
    """Return every row of every table as text."""
    async with database.snapshot() as db:
        tables = Base.metadata.sorted_tables
        return "\n".join([str(row) for table in tables for row in await db.execute(select(table))])


async def tick(database: Database, clock: SettableClock, *names: str) -> None:
    casework = Clerk(database, await hire(database), clock).casework
    due = ticks(casework, VAULT, crisis_repeat=timedelta(minutes=3), idle=timedelta(hours=48))
    assert await Ticker(database, [one for one in due if one.name in names], Wake(), clock, "me").tick_once()


async def test_the_exact_place_is_nowhere_after_the_turn_that_used_it(visitor: Visitor) -> None:
    await with_station(visitor)
    said = await sends_place(visitor)
    assert "南街服务站（约 1.4 公里）" in said.text
    assert await heard(visitor.database) == [ROUGH]
    assert await kept(visitor.database) == [NEAR]
    rows = await everything(visitor.database)
    assert "30.637" in rows
    assert "30.6374" not in rows
    assert "120.5687" not in rows


async def test_the_next_steps_know_it_and_another_takes_its_place(visitor: Visitor) -> None:
    await with_station(visitor)
    await sends_place(visitor)
    assert "离您：约 1.4 公里" in (await visitor.says("1")).text
    await visitor.says("首页")
    assert "（约 1.4 公里）" in (await visitor.says("离我最近的服务站")).text
    await visitor.send("event", "location", place={"latitude": 30.65, "longitude": 120.5901})
    assert await kept(visitor.database) == [{"latitude": 30.65, "longitude": 120.59}]
    assert "（约 1.9 公里）" in (await visitor.says("离我最近的服务站")).text


@pytest.mark.parametrize("words", ["退出", "结束"])
async def test_who_ends_the_talk_is_forgotten_at_once(visitor: Visitor, words: str) -> None:
    await with_station(visitor)
    await sends_place(visitor)
    await visitor.says(words)
    assert await kept(visitor.database) == []
    assert (await visitor.says("离我最近的服务站")).text.startswith("请发一下您现在的位置")


async def test_after_a_day_it_is_known_no_more_even_before_it_is_swept(visitor: Visitor, clock: SettableClock) -> None:
    await with_station(visitor)
    await sends_place(visitor)
    clock.advance(DAY - 1)
    assert "（约 1.4 公里）" in (await visitor.says("离我最近的服务站")).text
    clock.advance(1)
    assert (await visitor.says("离我最近的服务站")).text.startswith("请发一下您现在的位置")


async def test_after_a_day_it_is_gone_though_nobody_writes_again(visitor: Visitor, clock: SettableClock) -> None:
    await with_station(visitor)
    await sends_place(visitor)
    clock.advance(3600)
    other = Visitor(visitor.database, name="laoli", clock=clock)
    await sends_place(other)
    clock.advance(DAY - 3600)
    await tick(visitor.database, clock, "forget_places")
    async with visitor.database.snapshot() as db:
        (left,) = await db.scalars(select(SentPlace))
    assert left.at == clock() - timedelta(hours=23)


async def test_a_booking_goes_on_with_what_is_near_and_asks_again_after_a_day(
    visitor: Visitor, clock: SettableClock
) -> None:
    async with visitor.database.transaction() as db:
        house = await open_house(db, latitude=30.65, longitude=120.57)
        await offer(db, await add_station(db, "北街服务站", latitude=30.80, longitude=120.57), house.service)
    await sends_place(visitor)
    await visitor.says("首页", "预约办优待证申领")
    said = await visitor.says("离我最近的服务站")
    assert list(said.menu.values())[:2] == ["南街服务站（约 1.4 公里）", "北街服务站（约 18 公里）"]
    clock.advance(DAY)
    said = await visitor.says("离我最近的服务站")
    assert said.text.startswith("请发一下您现在的位置")
    said = await sends_place(visitor)
    assert list(said.menu.values())[:2] == ["南街服务站（约 1.4 公里）", "北街服务站（约 18 公里）"]


async def test_a_case_has_it_as_it_was_sent(visitor: Visitor) -> None:
    await with_station(visitor)
    await visitor.says("转人工")
    await sends_place(visitor)
    assert await heard(visitor.database) == [HERE]
    assert await kept(visitor.database) == []
    async with visitor.database.snapshot() as db:
        said = [row.payload["text"] for row in await db.scalars(select(Outbox).where(Outbox.channel == "staff"))]
    assert all("30.64" not in text for text in said)


async def test_who_opens_a_case_later_is_known_to_be_in_that_village(visitor: Visitor) -> None:
    await with_station(visitor)
    await sends_place(visitor)
    visitor.clock.advance(60)
    await visitor.says("转人工")
    async with visitor.database.snapshot() as db:
        before = await case_feed.read_before(db, (await db.scalars(select(SupportCase))).one())
    assert [item.place for item in before.items if item.text == "location"] == [ROUGH]


@pytest.mark.parametrize(("words", "place"), [("首页", ROUGH), ("转人工", HERE)], ids=["no case", "in a case"])
async def test_a_turn_that_fails_keeps_no_more_of_it(visitor: Visitor, words: str, place: dict[str, float]) -> None:
    await visitor.says(words)

    async def stumble(_turn: Turn[Any]) -> None:
        raise ZeroDivisionError

    said = await Visitor(visitor.database, route=stumble, clock=visitor.clock).send(
        "event", "location", "again", place=HERE
    )
    assert said.text == texts.APOLOGY
    assert await heard(visitor.database) == [place]


async def test_what_is_no_place_on_earth_is_not_kept(visitor: Visitor) -> None:
    await visitor.send("event", "location", place={"latitude": 91.0, "longitude": 0.0})
    assert await heard(visitor.database) == [None]
    assert await kept(visitor.database) == []


async def test_nothing_of_it_stands_in_the_conversation(visitor: Visitor) -> None:
    await with_station(visitor)
    said = await sends_place(visitor)
    async with visitor.database.snapshot() as db:
        assert "place" not in (await db.get_one(Conversation, said.taken.address_id)).data


async def test_staff_see_where_somebody_in_danger_said_to_be(visitor: Visitor, clock: SettableClock) -> None:
    await with_station(visitor)
    async with visitor.database.transaction() as db:
        await staff_group.configure(db, -100200)
    await sends_place(visitor)
    clock.advance(60)
    await sends_place(Visitor(visitor.database, name="laoli", clock=clock))
    clock.advance(3600)
    await visitor.says("我不想活了")
    assert await heard(visitor.database) == [NEAR, ROUGH]  # of whoever is in no danger it stays rough
    rows = await everything(visitor.database)
    assert "求助以前一天内发过位置（准到大约 100 米）：30.637, 120.569" in rows
