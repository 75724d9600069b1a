"""Subscriptions to posts: made, changed, paused, stopped and kept, and ended when nobody wants them any more."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from core.clock import CHINA
from core.errors import Refusal
from db.engine import Database
from db.jobs import JobSubscription
from db.people import Person
from knowledge.job_wish import Wish
from services import deaths, subscriptions
from services.subscriptions import first_due
from tests.fakes.clock import START, SettableClock
from tests.fakes.sealed import VAULT
from tests.fakes.seekers import Seekers

DRIVER = Wish(kinds=("司机",))


@pytest.fixture
def seekers(database: Database, clock: SettableClock) -> Seekers:
    return Seekers(database, clock)


@pytest.mark.parametrize(
    ("cadence", "hour", "weekday", "due"),
    [
        ("now", 9, None, None),
        ("daily", 9, None, (22, 9)),  # it is ten already
        ("daily", 10, None, (22, 10)),
        ("daily", 11, None, (21, 11)),
        ("weekly", 9, 6, (28, 9)),  # a Saturday, after nine
        ("weekly", 12, 6, (21, 12)),
        ("weekly", 9, 1, (23, 9)),
        ("weekly", 9, None, (23, 9)),
    ],
)
def test_the_first_one_comes_at_the_next_such_hour(
    cadence: str, hour: int, weekday: int | None, due: tuple[int, int] | None
) -> None:
    wanted = due and datetime(2026, 11, due[0], due[1], tzinfo=CHINA)
    assert first_due(cadence, hour, weekday, START) == wanted


def test_late_in_the_evening_it_is_tomorrow_in_china() -> None:
    late = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)  # half past seven on the 22nd
    assert first_due("daily", 7, None, late) == datetime(2026, 11, 23, 7, tzinfo=CHINA)
    assert first_due("daily", 8, None, late) == datetime(2026, 11, 22, 8, tzinfo=CHINA)


async def test_the_same_wish_again_changes_how_often(seekers: Seekers) -> None:
    account = await seekers.account()
    first = await seekers.wants(account, Wish(kinds=("保安", "司机"), cities=("如东",)))
    async with seekers.database.transaction() as db:
        again, new = await subscriptions.subscribe(
            db, account, Wish(cities=("如东",), kinds=("司机", "保安")), "weekly", 8, 3, START
        )
    assert (again.id, new, again.cadence, again.weekday) == (first, False, "weekly", 3)


async def test_five_are_enough(seekers: Seekers) -> None:
    account = await seekers.account()
    ids = [await seekers.wants(account, Wish(pay_from=number)) for number in range(1, 6)]
    with pytest.raises(Refusal, match="最多订 5 样"):
        await seekers.wants(account)
    await seekers.wants(account, Wish(pay_from=1), "weekly")  # there already
    await seekers.does("stop", account, ids[0])
    await seekers.wants(account)
    with pytest.raises(Refusal):  # its place is taken
        await seekers.does("keep", account, ids[0])


async def test_nobody_else_can_touch_it(seekers: Seekers) -> None:
    mine, other = await seekers.account(), await seekers.account()
    id_ = await seekers.wants(mine)
    for act in ("pause", "resume", "stop", "keep", "change"):
        with pytest.raises(Refusal):
            await seekers.does(act, other, id_)
        with pytest.raises(Refusal):
            await seekers.does(act, mine, id_ + 1000)


async def test_paused_resumed_stopped_and_taken_up_again(seekers: Seekers) -> None:
    account = await seekers.account()
    id_ = await seekers.wants(account)
    assert (await seekers.does("pause", account, id_)).next_at is None
    resumed = await seekers.does("resume", account, id_)
    assert (resumed.status, resumed.next_at) == ("active", first_due("daily", 9, None, START))
    assert (await seekers.does("stop", account, id_)).ended_at == START
    assert (await seekers.does("stop", account, id_)).status == "ended"
    with pytest.raises(Refusal):
        await seekers.does("resume", account, id_)
    assert await seekers.wants(account) == id_
    again = await seekers.subscription(id_)
    assert (again.status, again.ended_at) == ("active", None)


async def test_another_wish_cadence_or_hour(seekers: Seekers) -> None:
    account = await seekers.account()
    id_, other = await seekers.wants(account), await seekers.wants(account, DRIVER)
    changed = await seekers.does(
        "change", account, id_, wish=Wish(kinds=("保洁",)), cadence="weekly", hour=8, weekday=5
    )
    assert (Wish.from_json(changed.wish).kinds, changed.cadence, changed.weekday) == (("保洁",), "weekly", 5)
    assert changed.next_at == datetime(2026, 11, 27, 8, tzinfo=CHINA)
    assert (await seekers.does("change", account, id_, hour=7, cadence="weekly")).weekday == 5
    with pytest.raises(Refusal, match="已经订过"):
        await seekers.does("change", account, id_, wish=DRIVER)
    await seekers.does("stop", account, other)
    assert (await seekers.does("change", account, id_, wish=DRIVER)).wish_key == DRIVER.key
    async with seekers.database.snapshot() as db:
        assert [one.id for one in await subscriptions.of_account(db, account)] == [id_]


async def test_asked_after_twelve_months_and_ended_when_nobody_answers(seekers: Seekers) -> None:
    silent, keeping, stopping = [await seekers.account() for _ in range(3)]
    ids = [await seekers.wants(account) for account in (silent, keeping, stopping)]
    seekers.clock.advance(364 * 86400)
    assert await seekers.tick() == []
    seekers.clock.advance(86400)
    asked = await seekers.tick()
    assert [row.address_id for row in asked] == [silent, keeping, stopping]
    assert [choice["action"] for choice in asked[0].payload["choices"]] == [f"sub-keep:{ids[0]}", f"sub-stop:{ids[0]}"]
    assert "保安" in asked[0].payload["text"]
    await seekers.does("keep", keeping, ids[1])
    await seekers.does("stop", stopping, ids[2])
    assert await seekers.tick() == []
    seekers.clock.advance(29 * 86400)
    await seekers.tick()
    assert (await seekers.subscription(ids[0])).status == "active"
    seekers.clock.advance(86400)
    await seekers.tick()
    assert [(await seekers.subscription(id_)).status for id_ in ids] == ["ended", "active", "ended"]
    assert (await seekers.does("keep", silent, ids[0])).status == "active"  # late, but they do want it
    seekers.clock.advance(336 * 86400)
    assert [row.address_id for row in await seekers.tick()] == [keeping]


async def test_nobody_is_asked_at_night_or_about_five_at_once(seekers: Seekers) -> None:
    account = await seekers.account()
    ids = [await seekers.wants(account, Wish(pay_from=number)) for number in range(1, 4)]
    seekers.clock.advance(365 * 86400 + 9 * 3600)  # seven in the evening
    assert await seekers.tick() == []
    seekers.clock.advance(15 * 3600)
    asked = [row.payload["choices"][0]["action"] for _ in range(3) for row in await seekers.tick()]
    assert asked == [f"sub-keep:{id_}" for id_ in ids]  # one message each, so that a digit means one thing


async def test_a_paused_one_that_is_changed_runs_again(seekers: Seekers) -> None:
    account = await seekers.account()
    id_ = await seekers.wants(account)
    await seekers.does("pause", account, id_)
    changed = await seekers.does("change", account, id_, wish=DRIVER)
    assert (changed.status, changed.next_at) == ("active", first_due("daily", 9, None, seekers.clock()))


@pytest.mark.parametrize("act", ["resume", "change"])
async def test_one_whose_hour_has_come_is_not_put_off(seekers: Seekers, act: str) -> None:
    account = await seekers.account()
    id_ = await seekers.wants(account)
    await seekers.posts()
    seekers.clock.advance(86400)
    await seekers.does(act, account, id_)
    assert len(await seekers.tick()) == 1


async def test_a_paused_one_ends_too(seekers: Seekers) -> None:
    account = await seekers.account()
    id_ = await seekers.wants(account)
    await seekers.does("pause", account, id_)
    seekers.clock.advance(366 * 86400)
    assert len(await seekers.tick()) == 1
    seekers.clock.advance(31 * 86400)
    await seekers.tick()
    assert (await seekers.subscription(id_)).status == "ended"


async def test_one_that_cannot_be_asked_ends_a_month_later(seekers: Seekers) -> None:
    """A page that nobody opens any more is no reason to keep what somebody wanted years ago."""
    account = await seekers.account("web")
    id_ = await seekers.wants(account)
    await seekers.posts()
    seekers.clock.advance(86400)
    await seekers.tick(sends=False)
    seekers.clock.advance(430 * 86400)
    await seekers.tick(sends=False)
    assert (await seekers.subscription(id_)).status == "ended"


async def test_a_death_ends_them_and_a_mistake_takes_it_back(seekers: Seekers) -> None:
    person = await seekers.person()
    account = await seekers.account(person_id=person)
    running, paused, stopped = [await seekers.wants(account, Wish(pay_from=number)) for number in range(1, 4)]
    await seekers.does("pause", account, paused)
    await seekers.does("stop", account, stopped)
    seekers.clock.advance(3600)
    async with seekers.database.transaction() as db:
        await deaths.report(db, VAULT, person, seekers.clock())
    assert (await seekers.subscription(running)).status == "ended"
    await seekers.posts()
    seekers.clock.advance(2 * 86400)
    assert [row for row in await seekers.tick() if row.notice == "jobs"] == []
    async with seekers.database.transaction() as db:
        await deaths.undo(db, await db.get_one(Person, person), seekers.clock())
    states = [(await seekers.subscription(id_)).status for id_ in (running, paused, stopped)]
    assert states == ["active", "paused", "ended"]


async def test_every_moment_of_a_digest_is_ahead(seekers: Seekers) -> None:
    account = await seekers.account()
    await seekers.wants(account)
    async with seekers.database.transaction() as db:
        await db.execute(update(JobSubscription).values(next_at=START - timedelta(days=40)))
    await seekers.tick()
    async with seekers.database.snapshot() as db:
        (next_at,) = await db.scalars(select(JobSubscription.next_at))
    assert next_at == first_due("daily", 9, None, START)
