"""Digests: the right posts to the right people, each post once to a person, whatever happens to posts and accounts."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from db.engine import Database
from db.jobs import Employer, Job, JobSubscription, JobTold
from db.people import Address, NoticeStop
from db.turns import Outbox
from knowledge.job_wish import Wish
from services import digest_rounds, digests, job_board, job_feedback, notices, people
from services.notices import Notice
from tests.fakes.clock import START, SettableClock
from tests.fakes.hiring import LAST_DAY
from tests.fakes.seekers import Seekers, offered

DRIVER = Wish(kinds=("司机",))
DAY, HOUR = 86400, 3600


@pytest.fixture
def seekers(database: Database, clock: SettableClock) -> Seekers:
    return Seekers(database, clock)


async def _change(seekers: Seekers, job_id: int, **columns: Any) -> None:
    """Change a post as staff do."""
    async with seekers.database.transaction() as db:
        await job_board.bump(db)
        await db.execute(
            update(Job).where(Job.id == job_id).values(changed_at=seekers.clock(), matched_to=0, **columns)
        )


async def test_the_hour_comes_and_with_it_what_matches(seekers: Seekers) -> None:
    account = await seekers.account()
    await seekers.wants(account)
    guard, _ = [*await seekers.posts(), *await seekers.posts(title="司机", kind="司机")]
    assert await seekers.tick() == []
    seekers.clock.advance(DAY - 1 - HOUR)
    assert await seekers.tick() == []
    seekers.clock.advance(1)
    (row,) = await seekers.tick()
    assert (row.address_id, row.notice, offered(row)) == (account, "jobs", [guard])
    assert [choice["digit"] for choice in row.payload["choices"]] == ["1", "9"]
    assert row.payload["text"].startswith("给您找到一个合适的岗位：\n1 保安")
    assert row.expires_at is not None
    assert row.expires_at.date() >= LAST_DAY
    seekers.clock.advance(DAY)
    assert await seekers.tick() == []  # none when empty


async def test_five_and_the_rest_by_asking_for_more(seekers: Seekers) -> None:
    account = await seekers.account()
    await seekers.wants(account)
    jobs = await seekers.posts(8)
    seekers.clock.advance(DAY)
    (row,) = await seekers.tick()
    assert offered(row) == jobs[:2:-1]
    assert row.payload["choices"][5]["action"] == "job-more"
    assert len(row.payload["choices"]) == 7
    assert "8 个合适的岗位，先看这 5 个" in row.payload["text"]
    assert max(map(len, row.payload["text"].split("\n"))) <= 60
    async with seekers.database.transaction() as db:
        found = await digests.more(db, seekers.shelf, account, seekers.clock())
    assert ([match.post.id for match in found.matches], found.total) == (jobs[2::-1], 3)
    async with seekers.database.transaction() as db:
        assert (await digests.more(db, seekers.shelf, account, seekers.clock())).matches == ()
    seekers.clock.advance(DAY)
    assert await seekers.tick() == []


async def test_what_closes_soon_comes_first_and_what_is_over_not_at_all(seekers: Seekers) -> None:
    account = await seekers.account()
    await seekers.wants(account)
    tomorrow = START.date() + timedelta(days=1)
    (_,), (soon,), (later,) = [
        await seekers.posts(closes_on=day) for day in (START.date(), tomorrow, tomorrow + timedelta(days=9))
    ]
    await seekers.posts(status="closed"), await seekers.posts(status="review")
    seekers.clock.advance(DAY)
    (row,) = await seekers.tick()
    assert offered(row) == [soon, later]
    assert "今天截止" in row.payload["text"]


async def test_several_wishes_of_an_account_are_one_message(seekers: Seekers) -> None:
    account = await seekers.account()
    await seekers.wants(account), await seekers.wants(account, DRIVER)
    guards, drivers = await seekers.posts(4), await seekers.posts(4, kind="司机", title="司机")
    seekers.clock.advance(DAY)
    (row,) = await seekers.tick()
    assert len(set(offered(row)) & set(guards)) == 3
    assert len(set(offered(row)) & set(drivers)) == 2


async def test_at_once_means_the_next_tick(seekers: Seekers) -> None:
    account, later = await seekers.account(), await seekers.account()
    await seekers.posts()  # from before
    await seekers.tick()
    await seekers.wants(account, cadence="now"), await seekers.wants(later)
    assert await seekers.tick() == []
    (job,) = await seekers.posts()
    (row,) = await seekers.tick()
    assert (row.address_id, offered(row)) == (account, [job])
    assert (await seekers.job(job)).matched_to is None
    assert await seekers.tick() == []


async def test_at_once_goes_through_the_subscribers_page_by_page(
    seekers: Seekers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest_rounds, "_SUBSCRIPTIONS", 3)
    accounts = [await seekers.account() for _ in range(8)]
    for account in accounts:
        await seekers.wants(account, cadence="now")
    (first,) = await seekers.posts()
    async with seekers.database.transaction() as db:
        made, _ = await digest_rounds.at_once(db, seekers.shelf, seekers.clock())
        await notices.post(db, [], seekers.clock())
    assert len(made) == 3
    (second,) = await seekers.posts()
    await seekers.tick()
    assert {(await seekers.job(id_)).matched_to for id_ in (first, second)} == {None}
    async with seekers.database.snapshot() as db:
        pairs = (await db.execute(select(JobTold.address_id, JobTold.job_id))).all()
    assert sorted(pairs) == sorted((account, job) for account in accounts for job in (first, second))


async def test_edited_closed_reopened_and_imported_twice_it_comes_once(seekers: Seekers) -> None:
    at_once, daily = await seekers.account(), await seekers.account()
    await seekers.wants(at_once, cadence="now"), await seekers.wants(daily)
    (job,) = await seekers.posts()
    seekers.clock.advance(DAY)
    await seekers.tick()
    for columns in (
        {"title": "保安队长"},
        {"status": "closed"},
        {"status": "open"},
        {"pay_to": 9000},
        {"status": "open"},
    ):
        await _change(seekers, job, **columns)
        seekers.clock.advance(DAY)
        await seekers.tick()
    assert (await seekers.told(at_once), await seekers.told(daily)) == ([job], [job])


async def test_the_same_post_from_two_sources_comes_once(seekers: Seekers) -> None:
    at_once, daily, asking = [await seekers.account() for _ in range(3)]
    await seekers.wants(at_once, cadence="now")
    for account in (daily, asking):
        await seekers.wants(account)
    (first,) = await seekers.posts()
    await seekers.tick()
    await seekers.posts(2, source="人社局名单", group_id=first)
    seekers.clock.advance(DAY)
    async with seekers.database.transaction() as db:
        found = await digests.more(db, seekers.shelf, asking, seekers.clock())
        sought = await digests.search(db, seekers.shelf, Wish(), seekers.clock())
    assert (len(found.matches), found.total, len(sought.matches), sought.total) == (1, 1, 1, 1)
    seekers.clock.advance(DAY)
    await seekers.tick()
    assert await seekers.told(at_once) == [first]
    assert len(await seekers.told(daily)) == 1
    assert await seekers.told(asking) == []


async def test_two_accounts_of_one_person_are_one(seekers: Seekers) -> None:
    person = await seekers.person()
    accounts = [await seekers.account(channel, person) for channel in ("telegram", "web")]
    for account in accounts:
        await seekers.wants(account)
    jobs = await seekers.posts(7)
    seekers.clock.advance(DAY)
    await seekers.tick()
    told = [number for account in accounts for number in await seekers.told(account)]
    assert sorted(told) == jobs


@pytest.mark.parametrize("act", ["stop", "pause"])
async def test_stopped_one_second_before(seekers: Seekers, act: str) -> None:
    account = await seekers.account()
    id_ = await seekers.wants(account)
    await seekers.posts()
    seekers.clock.advance(DAY - HOUR - 1)
    await seekers.does(act, account, id_)
    seekers.clock.advance(DAY)
    assert await seekers.tick() == []


@pytest.mark.parametrize("act", ["stop", "pause"])
async def test_stopped_while_the_digest_waits_for_the_morning(seekers: Seekers, act: str) -> None:
    """What was made of two wishes is made anew of the one that is left."""
    account = await seekers.account()
    gone = await seekers.wants(account, hour=6)
    await seekers.wants(account, DRIVER, hour=6)
    guard, driver = [*await seekers.posts(), *await seekers.posts(kind="司机", title="司机")]
    seekers.clock.advance(DAY - 3 * HOUR)  # seven in the morning
    assert await seekers.tick() == []
    assert {row.status for row in await seekers.outbox()} == {"held"}
    await seekers.does(act, account, gone)
    await seekers.tick()
    seekers.clock.advance(HOUR)
    (row,) = await seekers.tick()
    assert offered(row) == [driver]
    if act == "pause":  # it was never told, so it comes when it is wanted again
        await seekers.does("resume", account, gone)
        seekers.clock.advance(DAY)
        (row,) = await seekers.tick()
        assert offered(row) == [guard]


async def test_at_night_the_posts_come_together_in_the_morning(seekers: Seekers) -> None:
    account = await seekers.account()
    await seekers.wants(account, cadence="now")
    seekers.clock.advance(11 * HOUR)  # nine in the evening
    jobs = []
    for _ in range(3):
        jobs += await seekers.posts()
        assert await seekers.tick() == []
        seekers.clock.advance(60)
    (driver,) = await seekers.posts(kind="司机", title="司机")
    await _change(seekers, jobs[0], status="closed")
    jobs += await seekers.posts()
    assert await seekers.tick() == []
    seekers.clock.advance(11 * HOUR)
    (row,) = await seekers.tick()
    assert offered(row) == jobs[:0:-1]
    assert driver not in await seekers.told(account)


async def test_what_nobody_fetches_does_not_pile_up_and_nothing_of_it_is_lost(seekers: Seekers) -> None:
    """A page that is not opened for weeks has one digest, and when it was read, the rest comes."""
    weekly, at_once = await seekers.account("web"), await seekers.account("web")
    await seekers.wants(weekly, cadence="weekly", day=1), await seekers.wants(at_once, cadence="now")
    jobs = []
    for _ in range(4):
        jobs += await seekers.posts()
        seekers.clock.advance(7 * DAY)
        await seekers.tick(sends=False)
    async with seekers.database.snapshot() as db:
        waiting = dict((await db.execute(select(Outbox.address_id, func.count()).group_by(Outbox.address_id))).all())
    assert waiting == {weekly: 1, at_once: 1}
    await seekers.deliver()
    for _ in range(8):
        seekers.clock.advance(DAY)
        await seekers.tick()
    for account in (weekly, at_once):
        assert sorted(await seekers.told(account)) == jobs


async def test_what_was_cancelled_before_it_came_is_told_again(seekers: Seekers) -> None:
    account = await seekers.account()
    await seekers.wants(account)
    (job,) = await seekers.posts()
    seekers.clock.advance(DAY)
    await seekers.tick(sends=False)
    async with seekers.database.transaction() as db:
        await db.execute(update(Outbox).values(status="cancelled", error="expired"))
    seekers.clock.advance(DAY)
    (row,) = await seekers.tick()
    assert offered(row) == [job]


@pytest.mark.parametrize("values", [{"status": "dead"}, {"status": "cancelled", "attempts": 1}])
async def test_what_may_have_come_is_not(seekers: Seekers, values: dict[str, Any]) -> None:
    account = await seekers.account()
    await seekers.wants(account)
    await seekers.posts()
    seekers.clock.advance(DAY)
    await seekers.tick(sends=False)
    async with seekers.database.transaction() as db:
        await db.execute(update(Outbox).values(**values))
    seekers.clock.advance(DAY)
    assert await seekers.tick() == []


async def test_a_digest_merged_into_another_notice_counts_as_told(seekers: Seekers) -> None:
    account = await seekers.account()
    await seekers.wants(account, hour=6)
    (job,) = await seekers.posts()
    seekers.clock.advance(DAY - 4 * HOUR)
    await seekers.tick()
    (held,) = await seekers.outbox()
    async with seekers.database.transaction() as db:
        other = Notice("jobs", held.channel, held.recipient, account, "别的", "other")
        await notices.post(db, [other], seekers.clock())
    seekers.clock.advance(2 * HOUR)
    (row,) = await seekers.tick()
    assert "保安" in row.payload["text"]
    assert offered(row) == [job]
    seekers.clock.advance(2 * DAY)
    assert await seekers.tick() == []


async def test_who_cannot_or_will_not_be_told_is_left_in_peace(seekers: Seekers) -> None:
    blocked, stopped = await seekers.account(), await seekers.account()
    ids = [await seekers.wants(blocked), await seekers.wants(stopped)]
    async with seekers.database.transaction() as db:
        (await db.get_one(Address, blocked)).reachable = False
        db.add(NoticeStop(address_id=stopped, kind="jobs", at=START))
    await seekers.posts()
    seekers.clock.advance(DAY)
    assert await seekers.tick() == []
    assert await seekers.outbox() == []
    for id_ in ids:
        assert (await seekers.subscription(id_)).next_at == START + timedelta(days=1, hours=23)


async def test_what_was_said_of_posts_tunes_the_order(seekers: Seekers) -> None:
    account = await seekers.account()
    good, bad = await seekers.employer(), await seekers.employer()
    await seekers.wants(account)
    (liked,), (disliked,) = await seekers.posts(employer=good), await seekers.posts(employer=bad)
    async with seekers.database.transaction() as db:
        await job_feedback.say(db, account, liked, fits=True, now=START)
        await job_feedback.say(db, account, disliked, fits=False, now=START)
    (first,), (plain,), (last,) = (
        await seekers.posts(employer=good), await seekers.posts(), await seekers.posts(employer=bad),
    )  # fmt: skip
    seekers.clock.advance(DAY)
    (row,) = await seekers.tick()
    assert offered(row) == [first, liked, plain, last, disliked]


async def test_the_board_follows_every_change(seekers: Seekers) -> None:
    (job,) = await seekers.posts()

    async def found(wish: Wish = Wish()) -> list[str]:  # noqa: B008 - it never changes
        async with seekers.database.transaction() as db:
            matches = (await digests.search(db, seekers.shelf, wish, seekers.clock())).matches
            return [f"{match.post.title} {match.post.employer} {match.post.verified}" for match in matches]

    (before,) = await found()
    assert await found() == [before]
    await _change(seekers, job, title="保安队长")
    assert (await found())[0].startswith("保安队长")
    async with seekers.database.transaction() as db:
        await job_board.bump(db)
        await db.execute(update(Employer).values(name="新公司", verified_at=START))
    assert await found() == ["保安队长 新公司 True"]
    await _change(seekers, job, status="closed")
    assert await found() == []


async def test_search_goes_on_where_it_stopped(seekers: Seekers) -> None:
    jobs = await seekers.posts(12)
    async with seekers.database.transaction() as db:
        pages = [await digests.search(db, seekers.shelf, Wish(), START, skip) for skip in (0, 5, 10, 15)]
    assert [match.post.id for page in pages for match in page.matches] == jobs[::-1]
    assert {page.total for page in pages} == {12}


async def test_two_clocks_and_somebody_asking_for_more(seekers: Seekers) -> None:
    """All at the same moment: no post comes twice to one person."""
    person = await seekers.person()
    accounts = [await seekers.account("telegram", person if n < 2 else None) for n in range(12)]
    for account in accounts:
        await seekers.wants(account), await seekers.wants(account, Wish(), cadence="now")
    jobs = await seekers.posts(9)
    seekers.clock.advance(DAY)

    async def asks(account: int) -> list[int]:
        async with seekers.database.transaction() as db:
            address = await db.get_one(Address, account)
            await people.open_conversation(db, address.channel, address.external_id, START)  # as a turn does
            found = await digests.more(db, seekers.shelf, account, seekers.clock())
            return [match.post.id for match in found.matches]

    asked, *_ = await asyncio.gather(asks(accounts[0]), *(seekers.tick(sends=False) for _ in range(3)))
    seekers.clock.advance(2 * DAY)
    await seekers.deliver()
    for _ in range(3):
        await seekers.tick()
        seekers.clock.advance(DAY)
    ours = [*asked, *await seekers.told(accounts[0]), *await seekers.told(accounts[1])]
    assert sorted(ours) == jobs
    for account in accounts[2:]:
        assert sorted(await seekers.told(account)) == jobs


@pytest.mark.parametrize("_template", ["postgresql"], indirect=True)
async def test_somebody_just_talking_is_told_at_the_next_tick(seekers: Seekers) -> None:
    """On SQLite there is one writer: nobody talks while a tick writes."""
    accounts = [await seekers.account() for _ in range(4)]
    for account in accounts:
        await seekers.wants(account, cadence="now"), await seekers.wants(account, DRIVER)
    (job,), (driver,) = await seekers.posts(), await seekers.posts(kind="司机", title="司机")
    seekers.clock.advance(DAY)
    async with seekers.database.transaction() as db:
        address = await db.get_one(Address, accounts[1])
        await people.open_conversation(db, address.channel, address.external_id, START)  # as a turn does
        told = {row.address_id for row in await seekers.tick()}
    assert accounts[1] not in told
    assert accounts[0] in told
    await seekers.tick()
    for account in accounts:
        seen = await seekers.told(account)
        assert sorted(seen) == [job, driver]


async def test_the_board_number_is_raised_by_one_at_a_time(seekers: Seekers) -> None:
    async def one() -> None:
        async with seekers.database.transaction() as db:
            await job_board.bump(db)

    await asyncio.gather(*(one() for _ in range(8)))
    async with seekers.database.snapshot() as db:
        assert [board.version for board in await db.scalars(select(job_board.JobBoard))] == [8]


async def test_a_subscription_of_another_account_is_never_used(seekers: Seekers) -> None:
    guard, driver = await seekers.account(), await seekers.account()
    await seekers.wants(guard), await seekers.wants(driver, DRIVER)
    (job,), (other,) = await seekers.posts(), await seekers.posts(kind="司机", title="司机")
    seekers.clock.advance(DAY)
    await seekers.tick()
    assert (await seekers.told(guard), await seekers.told(driver)) == ([job], [other])
    async with seekers.database.snapshot() as db:
        assert await db.scalar(select(func.count()).select_from(JobSubscription)) == 2
