"""What comes unasked of work is answered by a digit: a post of a digest, the next ones, and what came of it."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from db.engine import Database
from db.jobs import JobReferral, JobSubscription
from db.people import Address
from handlers import digest, job_list, job_subscriptions, referral_plan
from services.job_board import Shelf
from tests.fakes.job_list import ROW, JobDesk
from tests.journeys.job_market import GUARD, NIGHT_GUARD, market, seeker, snapshot
from tests.journeys.notified import Notified
from tests.journeys.test_jobs import posts
from tests.journeys.world import Visitor


async def subscribed(database: Database, count: int) -> Visitor:
    """Give somebody who subscribed to so many posts."""
    await market(database, *(GUARD | {"编号": str(n), "岗位": f"保安{n}号岗"} for n in range(count)))
    one = seeker(database)
    await one.says("订阅", "保安", "随便", "随便", "随便", "每天早上8点")
    return one


async def told(one: Visitor, work: Any, days: int) -> list[str]:
    """Let days pass, let the clock do its work, and deliver what came of it; return the texts."""
    one.clock.advance(timedelta(days=days, hours=1).total_seconds())
    async with one.database.transaction() as db:
        await (work(db, one.clock(), Shelf()) if work is not referral_plan.ask_due else work(db, one.clock()))
    async with one.database.snapshot() as db:
        addresses = list(await db.scalars(select(Address)))
    rows = await Notified(one.database, one.clock, 0, addresses, [one]).tick()
    one.clock.advance(60)
    return [row.payload["text"] for row in rows]


async def test_a_digest_is_gone_through_by_digits(database: Database) -> None:
    one = await subscribed(database, 7)
    (text,) = await told(one, digest.send_due, 1)
    assert "给您找到 7 个合适的岗位，先看这 5 个" in text
    said = await one.says("2")
    assert "工资：4000–4800 元" in said.text
    first = said.text.split("\n")[0]
    said = await one.says("返回")
    assert len(posts(said)) == 5
    assert posts(said)[1] == first
    seen = set(posts(said))
    said = await one.says("更多")
    assert len(posts(said)) == 2
    assert not set(posts(said)) & seen
    assert (await one.says("还有吗")).text == job_list.NONE_NEW


async def test_more_right_after_the_digest(database: Database) -> None:
    one = await subscribed(database, 7)
    (text,) = await told(one, digest.send_due, 1)
    said = await one.says("还有吗")
    assert len(posts(said)) == 2
    assert not any(title in text for title in posts(said))


async def test_what_came_of_it_is_told_by_a_digit(database: Database) -> None:
    one = await subscribed(database, 1)
    await one.says("招聘保安", "1", "1", "王建国13800001234")
    (text,) = await told(one, referral_plan.ask_due, 7)
    assert "现在怎么样了" in text
    assert (await one.says("1")).text == referral_plan.THANKS[1]
    (text,) = await told(one, referral_plan.ask_due, 30)
    assert "现在还在那里干吗" in text
    assert (await one.says("1")).text == referral_plan.THANKS[5]
    async with database.snapshot() as db:
        (referral,) = await db.scalars(select(JobReferral))
    assert (referral.status, referral.still_there) == ("hired", True)


async def test_whoever_did_not_get_it_is_offered_others(database: Database) -> None:
    one = await subscribed(database, 1)
    await one.says("招聘保安", "1", "1", "王建国13800001234")
    await told(one, referral_plan.ask_due, 7)
    said = await one.says("3")
    assert said.text == referral_plan.THANKS[3]
    assert "看看别的岗位" in said.menu.values()


async def test_after_a_year_one_digit_keeps_it_and_one_stops_it(database: Database) -> None:
    one = await subscribed(database, 1)
    for digit, status in (("1", "active"), ("2", "ended")):
        (text,) = await told(one, digest.ask_whether_still, 366)
        assert "还要接着给您留意吗" in text
        said = await one.says(digit)
        async with database.snapshot() as db:
            (kept,) = await db.scalars(select(JobSubscription))
        assert kept.status == status
    assert said.text == job_subscriptions.STOPPED


async def test_only_the_last_digest_is_among_what_waits(database: Database) -> None:
    one = await subscribed(database, 1)
    await told(one, digest.send_due, 1)
    desk = JobDesk(database, snapshot())
    desk.townships = {"大杨镇": 2}
    await desk.bring(ROW | NIGHT_GUARD | {"编号": "new"})
    (text,) = await told(one, digest.send_due, 1)
    assert "夜班保安" in text
    said = await one.says("我的提醒")
    assert posts(said) == ["夜班保安"]
