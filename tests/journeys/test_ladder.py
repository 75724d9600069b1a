"""Rung by rung: who hears of a certification that is still open, once a step, and nobody once it is done."""

import contextlib
from datetime import timedelta

import pytest
from sqlalchemy import select

from db.cases import CaseEvent, SupportCase
from db.engine import Database
from db.people import Address, Conversation
from db.turns import Outbox
from handlers import remind
from services import certifications, notice_gate, reminders
from services.certifications import Done
from services.notice_gate import DEFAULT_RULES
from tests.fakes.clock import SettableClock
from tests.fakes.county import OPENS, County, before, nine
from tests.fakes.sealed import VAULT

AT_STATION = Done("self", "本人", "身份证", None)


@pytest.fixture
async def county(database: Database) -> County:
    made = County(database, SettableClock(nine(OPENS) - timedelta(days=3)))
    await made.build()
    await made.draft()
    return made


def _to(rows: list[Outbox]) -> list[str]:
    return sorted(row.recipient for row in rows)


async def test_each_step_climbs_one_rung_and_the_lower_ones_hear_it_too(county: County) -> None:
    async with county.database.transaction() as db:
        person = await county.person(db)
        own = (await db.scalars(select(Address).where(Address.person_id == person.id))).one().external_id
        daughter = (await county.proxy(db, person)).external_id
    await county.start()
    assert await county.goes(nine(OPENS) - timedelta(minutes=1)) == []

    opening = await county.goes(nine(OPENS))
    assert _to(opening) == [own]
    text = opening[0].payload["text"]
    assert "王同志，您好" in text
    assert "6月30日" in text
    assert "城关镇服务站" in text
    assert "0573-88001234" in text
    assert "第八条" in text
    labels = [choice["label"] for choice in opening[0].payload["choices"]]
    assert labels == ["已办理", "怎么办", "预约到站", "申请上门", "稍后提醒", "不是我"]

    month = await county.goes(before(30))
    assert _to(month) == sorted([own, daughter])
    to_family = next(row for row in month if row.recipient == daughter).payload["text"]
    assert to_family.startswith("您在帮王同志代办")

    week = await county.goes(before(7))
    assert _to(week) == sorted([own, daughter, "902"])
    to_worker = next(row for row in week if row.recipient == "902").payload["text"]
    assert "第一网格还有 1 位" in to_worker
    assert "王**" in to_worker
    assert "王建国" not in to_worker

    eve = await county.goes(before(1))
    assert _to(eve) == sorted([own, daughter, "901", "902"])
    assert "还有 1 位没有办" in next(row for row in eve if row.recipient == "901").payload["text"]

    assert await county.goes(before(0)) == []
    last = await county.goes(before(-3))
    assert _to(last) == sorted([own, daughter, "901", "902"])
    async with county.database.snapshot() as db:
        case = (await db.scalars(select(SupportCase))).one()
        address = await db.get_one(Address, case.address_id)
    assert (case.reason, case.kind, case.station_id, address.external_id) == (
        "no_answer", "errand", county.station_id, own,
    )  # fmt: skip
    assert case.due_at is None
    assert await county.goes(before(-300)) == []
    assert all("停" not in row.payload["text"] for row in county.sent)


async def test_grid_worker_gets_one_list_a_step_however_many_passes_it_takes(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remind, "_AT_ONCE", 10)
    async with county.database.transaction() as db:
        for _ in range(35):
            await county.person(db, channel=None)
    await county.start()
    await county.goes(nine(OPENS))
    week = await county.goes(before(7))
    assert _to(week) == ["902"]
    text = week[0].payload["text"]
    assert "还有 35 位" in text
    assert text.count("编号") == 20
    assert "另有 15 位" in text


async def test_without_any_account_the_family_hears_from_the_first_step_and_the_case_is_by_telephone(
    county: County,
) -> None:
    async with county.database.transaction() as db:
        person = await county.person(db, channel=None)
        daughter = (await county.proxy(db, person)).external_id
    await county.start()
    assert _to(await county.goes(nine(OPENS))) == [daughter]
    await county.goes(before(-3))
    async with county.database.snapshot() as db:
        case, address = (await db.execute(select(SupportCase, Address).join(Address))).one()
    assert (address.channel, address.person_id, address.reachable) == ("phone", person.id, False)
    assert case.status == "open"
    async with county.database.snapshot() as db:
        assert (await db.scalars(select(Outbox).where(Outbox.channel == "phone"))).all() == []


async def test_who_blocked_us_is_not_written_to_but_called(county: County) -> None:
    async with county.database.transaction() as db:
        person = await county.person(db, channel=None)
        await county.account(db, "telegram", person, reachable=False)
    await county.start()
    assert await county.goes(nine(OPENS)) == []
    await county.goes(before(-3))
    async with county.database.snapshot() as db:
        assert (await db.scalar(select(Address.channel).join(SupportCase))) == "phone"


async def test_a_proxy_without_the_scope_or_past_its_end_hears_nothing(county: County) -> None:
    async with county.database.transaction() as db:
        person = await county.person(db, channel=None)
        await county.proxy(db, person, scopes=["book"])
        await county.proxy(db, person, ends_on=OPENS - timedelta(days=1))
        await county.proxy(db, person, status="ended")
    await county.start()
    assert await county.goes(nine(OPENS)) == []
    assert _to(await county.goes(before(30))) == []


async def test_done_at_once_on_every_channel(county: County) -> None:
    async with county.database.transaction() as db:
        person = await county.person(db)
        await county.person(db, "李四", None)
        await county.proxy(db, person)
    await county.start()
    county.clock.moment = before(30)
    async with county.database.transaction() as db:
        assert (await remind.send_due(db, county.clock(), VAULT)).done == 2
    found = await county.listed(person)
    async with county.database.transaction() as db:
        await certifications.certify(db, found.id, AT_STATION, county.clock())
    await county.release()
    assert county.sent == []
    assert (await county.reminder(person)).status == "done"
    for moment in (before(7), before(1), before(-3)):
        assert not [row for row in await county.goes(moment) if row.address_id is not None]
    async with county.database.snapshot() as db:
        assert len((await db.scalars(select(SupportCase))).all()) == 1


async def test_done_closes_the_case_of_silence_without_a_word(county: County) -> None:
    async with county.database.transaction() as db:
        person = await county.person(db)
    await county.start()
    await county.goes(nine(OPENS))
    await county.goes(before(-3))
    sent = len(county.sent)
    async with county.database.transaction() as db:
        await certifications.certify(db, (await county.listed(person)).id, AT_STATION, county.clock())
    await county.release()
    async with county.database.snapshot() as db:
        case = (await db.scalars(select(SupportCase))).one()
        conversation = await db.get_one(Conversation, case.address_id)
    assert (case.status, case.outcome, conversation.case_id) == ("closed", "resolved", None)
    assert len(county.sent) == sent


async def test_a_case_that_is_open_already_takes_the_silence_in(county: County) -> None:
    async with county.database.transaction() as db:
        await county.person(db)
    await county.start()
    await county.goes(nine(OPENS))
    async with county.database.transaction() as db:
        address = (await db.scalars(select(Address))).one()
        asked = SupportCase(
            code="A7K2", address_id=address.id, kind="consult", reason="asked", crisis=False, question="优待证",
            opened_at=county.clock(), last_at=county.clock(),
        )  # fmt: skip
        db.add(asked)
        await db.flush()
        (await db.get_one(Conversation, address.id)).case_id = asked.id
    await county.goes(before(-3))
    async with county.database.snapshot() as db:
        case = (await db.scalars(select(SupportCase))).one()
        assert await db.scalar(select(CaseEvent.kind).where(CaseEvent.case_id == case.id)) == "silent"
    assert (case.reason, case.question) == ("asked", "优待证")


async def test_a_clock_that_stood_still_says_the_latest_step_only(county: County) -> None:
    async with county.database.transaction() as db:
        person = await county.person(db)
    await county.start()
    await county.goes(nine(OPENS))
    late = await county.goes(before(6))
    assert sorted(row.recipient for row in late if row.address_id is None) == ["902"]
    assert "还有一个星期" in next(row for row in late if row.address_id is not None).payload["text"]
    assert (await county.reminder(person)).step == 3


async def test_a_campaign_that_starts_late_skips_what_is_past_but_the_opening(county: County) -> None:
    async with county.database.transaction() as db:
        await county.person(db)
    county.clock.moment = before(10)
    await county.start()
    first = await county.goes(before(10))
    assert len(first) == 1
    assert "开始了" in first[0].payload["text"]
    assert await county.goes(before(8)) == []
    assert len(await county.goes(before(7))) == 2


async def test_put_off_it_comes_again_and_the_steps_go_on(county: County) -> None:
    async with county.database.transaction() as db:
        person = await county.person(db)
    await county.start()
    await county.goes(nine(OPENS))
    reminder = await county.reminder(person)
    async with county.database.transaction() as db:
        assert await reminders.snooze(db, reminder.id, nine(OPENS) + timedelta(days=1))
    again = await county.goes(nine(OPENS) + timedelta(days=1))
    assert len(again) == 1
    assert "开始了" in again[0].payload["text"]
    assert await county.goes(nine(OPENS) + timedelta(days=2)) == []
    assert len(await county.goes(before(30))) == 1


async def test_what_comes_too_late_is_not_sent(county: County) -> None:
    async with county.database.transaction() as db:
        await county.person(db, channel="web")
    await county.start()
    county.clock.moment = before(7)
    async with county.database.transaction() as db:
        await remind.send_due(db, county.clock(), VAULT)
    async with county.database.transaction() as db:
        row = (await db.scalars(select(Outbox).where(Outbox.channel == "web"))).one()
        assert row.expires_at == nine((before(1)).date()) - timedelta(hours=9)
        await notice_gate.release(db, county.clock(), DEFAULT_RULES)
    county.clock.moment = before(1)
    await county.release()
    async with county.database.snapshot() as db:
        row = (await db.scalars(select(Outbox).where(Outbox.channel == "web"))).one()
    assert (row.status, row.error) == ("cancelled", "expired")


async def test_a_tick_that_dies_repeats_nothing(county: County) -> None:
    async with county.database.transaction() as db:
        for _ in range(4):
            await county.person(db)
    await county.start()
    county.clock.moment = nine(OPENS)
    with contextlib.suppress(ZeroDivisionError):
        async with county.database.transaction() as db:
            assert (await remind.send_due(db, county.clock(), VAULT)).done == 4
            raise ZeroDivisionError
    await county.tick()
    await county.tick()
    assert len(county.sent) == 4
