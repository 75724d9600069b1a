"""我想去 and what came of it, in simulated time: asked after a week and after a month, answered by a digit or a button."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.wake import Wake
from bot.workers.clock import Ticker
from db.engine import Database
from db.jobs import Job, JobReferral
from db.turns import Outbox
from handlers import job_false, referral_plan
from handlers.ticks import ticks
from services import job_reports
from tests.fakes.clock import SettableClock
from tests.fakes.sealed import VAULT
from tests.journeys.job_market import DRIVER, market, seeker
from tests.journeys.office import Clerk, hire
from tests.journeys.world import Visitor

WIDEST = 60


@pytest.fixture
async def one(request: pytest.FixtureRequest, database: Database, clock: SettableClock) -> Visitor:
    """Give somebody who has just said that they want to drive the lorry."""
    await market(database, DRIVER)
    visitor: Visitor = seeker(database, clock=clock, channel=getattr(request, "param", "web"))
    await visitor.says("招聘货车司机", "1")
    said = await visitor.says("我想去", "王建国 13800001234")
    assert "求助单号" in said.text
    return visitor


async def days(one: Visitor, count: int) -> list[str]:
    """Let days pass, and the clock come by on the last two; deliver everything, and return what was said of referrals."""
    clerk = Clerk(one.database, await hire(one.database, f"值班{one.clock().timestamp()}"), one.clock)
    due = ticks(clerk.casework, VAULT, crisis_repeat=timedelta(days=999), idle=timedelta(hours=48))
    ticker = Ticker(one.database, due, Wake(), one.clock, "test")
    said = []
    for passed in (count - 1, 1):
        one.clock.advance(timedelta(days=passed).total_seconds())
        await ticker.tick_once()
        async with one.database.transaction() as db:
            for row in await db.scalars(select(Outbox).where(Outbox.status == "ready").order_by(Outbox.id)):
                row.status = "sent"
                said += [row.payload["text"]] if row.notice == "referral" else []
    return said


async def referral(one: Visitor) -> JobReferral:
    async with one.database.snapshot() as db:
        return (await db.scalars(select(JobReferral))).one()


@pytest.mark.parametrize("one", ["web", "telegram"], indirect=True)
async def test_asked_after_a_week_and_after_a_month_and_answered_by_digits(one: Visitor) -> None:
    assert await days(one, 6) == []
    (asked,) = await days(one, 1)
    assert "您11月21日说想去“货车司机”（顺通物流有限公司）。" in asked
    assert max(map(len, asked.split("\n"))) <= WIDEST
    said = await one.says("1")
    assert said.text == referral_plan.THANKS[1]
    assert (await referral(one)).hired_on == date(2026, 11, 28)
    assert await days(one, 22) == []
    (asked,) = await days(one, 1)
    assert "顺通物流有限公司" in asked
    said = await one.says("还在干")
    assert said.text == referral_plan.THANKS[5]
    assert (await referral(one)).still_there
    assert await days(one, 60) == []


async def test_still_talking_is_asked_once_more(one: Visitor) -> None:
    await days(one, 7)
    assert (await one.says("2")).text == referral_plan.THANKS[2]
    (asked,) = await days(one, 23)
    assert "现在怎么样了" in asked
    said = await one.says("没成")
    assert "看看别的岗位" in said.menu.values()
    assert (await referral(one)).status == "not_hired"


async def test_who_is_not_going_is_left_alone(one: Visitor) -> None:
    await days(one, 7)
    said = await one.says("4")
    assert said.text == referral_plan.THANKS[4]
    assert await days(one, 40) == []


async def test_a_button_of_an_old_question_is_still_understood(one: Visitor) -> None:
    await days(one, 7)
    await one.says("2")
    await days(one, 23)
    said = await one.presses(f"ref:{(await referral(one)).id}:1")
    assert said.text == referral_plan.THANKS[1]
    said = await one.presses(f"ref:{(await referral(one)).id}:7")
    assert "谢谢" in said.text


async def test_a_post_found_to_be_false_is_warned_of(one: Visitor) -> None:
    wanted = await referral(one)
    staff = await hire(one.database)
    async with one.database.transaction() as db:
        await job_reports.report(db, wanted.job_id, wanted.address_id, "要我先交钱", one.clock())
        job = await job_reports.decide(db, wanted.job_id, staff.id, false=True, now=one.clock())
        await job_false.warn(db, job, one.clock())
    (warned,) = await days(one, 8)
    assert "货车司机" in warned
    assert "别给" in warned
    assert max(map(len, warned.split("\n"))) <= WIDEST
    async with one.database.snapshot() as db:
        assert (await db.get_one(Job, wanted.job_id)).status == "closed"
