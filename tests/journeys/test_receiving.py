"""Events are taken once, whatever becomes of them, and what is not words gets an honest answer."""

import pytest
from sqlalchemy import func, select

from core.turn import Inbound
from db.engine import Database
from db.people import Address
from db.turns import Inbox, Outbox
from handlers import routes, texts
from handlers.turn import Turn
from services import masks
from tests.fakes.sealed import VAULT
from tests.journeys.world import Visitor


@pytest.mark.parametrize("event", [*texts.MEDIA, "dance"])
async def test_media_gets_an_honest_answer(visitor: Visitor, event: str) -> None:
    said = await visitor.send("event", event)
    assert said.text.startswith("收到")
    assert "{" not in said.text
    assert list(said.menu.values()) == ["找人工", "回首页"] or set(said.menu.values()) == {"找人工", "回首页"}
    assert said.result["outcome"] == "refuse"


async def test_a_group_is_politely_declined(visitor: Visitor) -> None:
    assert (await visitor.send("event", "group")).text == texts.GROUP


async def test_blocked_and_back(visitor: Visitor) -> None:
    for event, reachable in (("blocked", False), ("unblocked", True)):
        said = await visitor.send("event", event)
        assert said.rows == []
        async with visitor.database.snapshot() as db:
            assert (await db.scalars(select(Address.reachable))).one() is reachable


async def test_a_repeated_event_returns_the_stored_replies(visitor: Visitor) -> None:
    first = await visitor.send("text", "优待证怎么办", "same")
    visitor.clock.advance(60)
    again = await visitor.send("text", "优待证怎么办", "same")
    assert again.taken.repeated
    assert again.taken.replies == first.taken.replies
    assert again.text == first.text
    async with visitor.database.snapshot() as db:
        assert await db.scalar(select(func.count()).select_from(Inbox)) == 1
        assert await db.scalar(select(func.count()).select_from(Outbox)) == 1


async def test_a_repeated_digit_is_not_taken_against_the_new_menu(visitor: Visitor) -> None:
    await visitor.says("优待证怎么办")
    first = await visitor.send("text", "1", "digit")
    again = await visitor.send("text", "1", "digit")
    assert first.result == again.result
    assert (await visitor.says("返回")).result["entry"] == "card-apply"


async def test_the_same_event_id_on_two_channels_is_two_events(database: Database) -> None:
    web, telegram = Visitor(database, channel="web"), Visitor(database, channel="telegram")
    assert not (await web.send("text", "优待证怎么办", "1")).taken.repeated
    assert not (await telegram.send("text", "优待证怎么办", "1")).taken.repeated


class Stumbling:
    """The composed routes, that fail while told to and count what they were asked."""

    def __init__(self) -> None:
        self.asked, self.broken, self._route = 0, True, routes(VAULT).route

    async def __call__(self, turn: Turn) -> None:
        self.asked += 1
        turn.say("half a sentence")
        if self.broken:
            raise KeyError("poison")
        turn.replies.clear()
        await self._route(turn)


async def test_a_handler_that_raises(database: Database) -> None:
    route = Stumbling()
    visitor = Visitor(database, route=route)
    said = await visitor.send("text", "优待证怎么办", "poison")
    assert said.text == texts.APOLOGY
    async with database.snapshot() as db:
        inbox = (await db.scalars(select(Inbox))).one()
    assert inbox.error == "KeyError('poison')"
    assert inbox.text == "优待证怎么办"
    assert inbox.address_id is not None
    route.broken = False
    again = await visitor.send("text", "优待证怎么办", "poison")
    assert again.text == texts.APOLOGY
    assert again.taken.repeated
    assert route.asked == 1
    assert (await visitor.says("优待证怎么办")).result["entry"] == "card-apply"


@pytest.mark.parametrize(
    ("before", "words", "kept"),
    [
        (("绑定", "2"), "王建国", masks.HIDDEN), (("绑定", "2", "王建国"), "1234", masks.HIDDEN),
        (("代办",), "123456", masks.HIDDEN), ((), "绑定 ＡCDE 2346", masks.HIDDEN), ((), "绑定是什么意思", "绑定是什么意思"),
    ],
)  # fmt: skip
async def test_what_identifies_is_not_kept_of_a_failed_turn(
    database: Database, before: tuple[str, ...], words: str, kept: str
) -> None:
    route = Stumbling()
    route.broken = False
    visitor = Visitor(database, route=route)
    for one in before:
        await visitor.says(one)
    route.broken = True
    await visitor.send("text", words, "poison")
    async with database.snapshot() as db:
        assert (await db.scalars(select(Inbox.text).where(Inbox.event_id == "poison"))).one() == kept


async def test_a_failed_turn_leaves_the_conversation_as_it_was(database: Database) -> None:
    route = Stumbling()
    visitor = Visitor(database, route=route)
    route.broken = False
    before = await visitor.says("优待证怎么办")
    route.broken = True
    await visitor.says("1")
    route.broken = False
    after = await visitor.says("1")
    assert after.result["entry"] == "card-lost"
    assert before.menu["1"] == "优待证丢了怎么补"


async def test_failures_and_repeats_are_counted_without_words(database: Database) -> None:
    visitor = Visitor(database, route=Stumbling())
    await visitor.send("text", "优待证怎么办", "a")
    await visitor.send("text", "优待证怎么办", "a")
    registry = visitor.metrics.registry
    assert registry.get_sample_value("yizhan_turns_failed_total", {"channel": "web"}) == 1
    assert registry.get_sample_value("yizhan_inbound_repeated_total", {"channel": "web"}) == 1


async def test_two_people_do_not_share_a_menu(database: Database) -> None:
    zhang, li = Visitor(database, name="zhang"), Visitor(database, name="li")
    await zhang.says("优待证怎么办")
    assert (await li.says("1")).text == texts.HOT
    assert (await zhang.says("1")).result["entry"] == "card-lost"


async def test_replies_are_waiting_in_order_for_the_one_who_asked(visitor: Visitor) -> None:
    said = await visitor.says("优待证丢了怎么补?光荣牌怎么领?")
    assert [row.id for row in said.rows] == sorted(row.id for row in said.rows)
    assert {(row.recipient, row.status, row.lane, row.available_at) for row in said.rows} == {
        (visitor.name, "ready", 0, visitor.clock())
    }


def test_an_inbound_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Inbound("web", "1", "zhang", "text", "x").text = "y"  # type: ignore[misc]
