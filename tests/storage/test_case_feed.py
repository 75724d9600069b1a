"""A case shows each word of both sides once, in order, with what became of it; and nothing of anybody else."""

from datetime import timedelta

import pytest

from core.errors import Refusal
from db.cases import CaseNote
from db.engine import Database
from db.media import Attachment
from db.turns import InboxVersion
from services import case_feed, cases
from tests.fakes.casebook import add_case, add_staff, add_station, hear, say
from tests.fakes.clock import SettableClock
from tests.storage.test_case_queue import statements

MINUTE = timedelta(minutes=1)


async def test_everything_stands_in_its_order(database: Database, clock: SettableClock) -> None:
    async with database.transaction() as db:
        me, now = await add_staff(db, clock(), name="王五"), clock()
        case = await add_case(db, now)
        other = await add_case(db, now)
        await hear(db, case, "补助没发", now)
        await say(db, case, "已经转给工作人员了", now)
        await cases.note_event(db, case, "opened", now, reason="asked")
        await say(db, case, "【工作人员1号】\n请问您是哪个村的", now + 2 * MINUTE, staff_id=me.id)
        db.add(CaseNote(case_id=case.id, staff_id=me.id, text="脾气急，慢慢说", at=now + MINUTE))
        await hear(db, case, "城关村", now + 3 * MINUTE)
        await hear(db, case, "blocked", now + 4 * MINUTE, kind="event")
        await hear(db, other, "别人的话", now)
        await say(db, other, "给别人的话", now)
        feed = await case_feed.read_feed(db, case)
        assert [(item.by, item.who, item.text) for item in feed.items] == [
            ("person", "", "补助没发"), ("bot", "", "已经转给工作人员了"), ("event", "", ""),
            ("note", "王五", "脾气急，慢慢说"), ("staff", "王五", "请问您是哪个村的"), ("person", "", "城关村"),
        ]  # fmt: skip
        assert feed.last_question == "城关村"
        assert len({item.key for item in feed.items}) == len(feed.items)


async def test_what_became_of_each_message(database: Database, clock: SettableClock) -> None:
    async with database.transaction() as db:
        me, now = await add_staff(db, clock()), clock()
        case = await add_case(db, now)
        for number, columns in enumerate(
            [{"status": "ready"}, {"status": "sent"}, {"status": "sent", "read_at": now}, {"status": "dead"}]
        ):
            await say(db, case, str(number), now + number * MINUTE, staff_id=me.id, **columns)
        lost = await say(db, case, "4", now + 4 * MINUTE, staff_id=me.id, status="dead")
        await cases.note_event(db, case, "unreachable", now, me.id, outbox_id=lost.id, error="Forbidden")
        feed = await case_feed.read_feed(db, case)
        marks = [item.mark for item in feed.items if item.by == "staff"]
        assert marks == ["ready", "sent", "read", "dead", "blocked"]


async def test_files_and_earlier_wordings_stand_with_their_message(database: Database, clock: SettableClock) -> None:
    async with database.transaction() as db:
        me, now = await add_staff(db, clock()), clock()
        case = await add_case(db, now)
        said = await hear(db, case, "我住城东村", now)
        db.add(InboxVersion(channel=said.channel, event_id=said.event_id, text="我住城西村", until=now))
        answer = await say(db, case, "发来一张照片", now + MINUTE, staff_id=me.id)
        file = {"address_id": case.address_id, "channel": "web", "available_at": now, "at": now, "status": "pending"}
        db.add(Attachment(event_id=said.event_id, kind="photo", name="证.jpg", **file))
        db.add(Attachment(event_id=said.event_id, kind="voice", name="话.ogg", **file))
        db.add(Attachment(outbox_id=answer.id, kind="document", name="表.pdf", **file))
        await db.flush()
        first, second = (await case_feed.read_feed(db, case)).items
        assert [file.name for file in first.files] == ["证.jpg", "话.ogg"]
        assert [version.text for version in first.earlier] == ["我住城西村"]
        assert [file.name for file in second.files] == ["表.pdf"]


async def test_the_last_messages_are_shown_first_and_more_on_demand(database: Database, clock: SettableClock) -> None:
    async with database.transaction() as db:
        now = clock()
        case = await add_case(db, now)
        for number in range(7):
            await hear(db, case, str(number), now + number * MINUTE)
        feed = await case_feed.read_feed(db, case, 3)
        assert ([item.text for item in feed.items], feed.more) == (["4", "5", "6"], True)
        feed = await case_feed.read_feed(db, case, 10)
        assert (len(feed.items), feed.more) == (7, False)


async def test_the_talk_before_the_handoff_and_what_was_found(database: Database, clock: SettableClock) -> None:
    async with database.transaction() as db:
        now = clock()
        case = await add_case(db, now)
        for number in range(25):
            near = [{"entry": f"near-{number}", "score": 0.2}]
            at = now - (30 - number) * MINUTE
            row = await hear(db, case, f"问{number}", at, case_id=None)
            row.result = {"entry": "card" if number == 24 else None, "score": 0.4, "near": near}
            await say(db, case, f"答{number}", at, case_id=None)
        opening = await hear(db, case, "转人工", now)
        opening.result = {"entry": None, "near": []}
        before = await case_feed.read_before(db, case)
        said = [item.text for item in before.items]
        assert said == [text for number in range(5, 25) for text in (f"问{number}", f"答{number}")]
        matches = await case_feed.read_matches(db, case)
        assert [(m.entry, m.near) for m in matches[:3]] == [("card", False), ("near-24", True), ("near-23", True)]


async def test_a_case_out_of_scope_is_not_there(database: Database, clock: SettableClock) -> None:
    async with database.transaction() as db:
        now = clock()
        mine, theirs = await add_station(db, "城关镇服务站"), await add_station(db, "南山镇服务站")
        me = await add_staff(db, now, station_id=mine.id)
        case = await add_case(db, now, station_id=theirs.id)
        for case_id in (case.id, case.id + 1):
            with pytest.raises(Refusal, match="没有找到"):
                await case_feed.find_visible(db, me, case_id)


async def test_as_many_statements_for_a_long_talk_as_for_a_short_one(database: Database, clock: SettableClock) -> None:
    counted = []
    async with database.transaction() as db:
        me = await add_staff(db, clock())
        talks = [await add_case(db, clock()), await add_case(db, clock())]
        for case, length in zip(talks, (1, 60), strict=True):
            for _ in range(length):
                await hear(db, case, "在吗", clock())
                await say(db, case, "在", clock(), staff_id=me.id)
    for case in talks:
        async with database.snapshot() as db:
            with statements(database) as seen:
                await case_feed.read_feed(db, case)
                counted.append(len([text for text in seen if text.startswith("SELECT")]))
    assert counted[0] == counted[1]
