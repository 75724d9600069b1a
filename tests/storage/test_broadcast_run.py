"""A list is frozen once, fed bit by bit, and every single one of it ends with exactly one outcome."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from core.errors import Refusal
from db.broadcasts import Broadcast
from db.engine import Database
from db.people import Person
from services import broadcast_control, broadcast_run, broadcasts
from services.audience import Audience
from services.notice_gate import Rules
from tests.fakes.clock import SettableClock
from tests.fakes.newsroom import HOUR, LEASE, Newsroom
from tests.fakes.population import Account, Soul

TELEGRAM, WEB = Account("telegram"), Account("web")
EVERY_SORT = (
    Soul([TELEGRAM]), Soul([TELEGRAM, WEB]), Soul([WEB]), Soul([Account("telegram", reachable=False)]),
    Soul([Account("telegram", stops=frozenset({"news"}))]), Soul([Account("phone")]), Soul(), Soul([TELEGRAM], deceased=True),
    Soul([], erased=True),
)  # fmt: skip


@pytest.fixture
async def newsroom(database: Database, clock: SettableClock) -> Newsroom:
    return await Newsroom(database, clock).open()


async def test_the_list_holds_everybody_once_with_the_account_or_the_reason(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broadcast_run, "_CHUNK", {"sqlite": 2, "postgresql": 2})
    ids = await newsroom.settle_people(
        *EVERY_SORT, strangers=(TELEGRAM, WEB, Account("web", reachable=False), Account("terminal"))
    )
    broadcast_id = await newsroom.let_out(Audience(strangers=True))
    await newsroom.tick()
    frozen = await newsroom.frozen(broadcast_id)
    people = {row.number: row for row in frozen if row.number > 0}
    assert [people[id_].fate for id_ in ids] == [
        "queued", "queued", "queued", "blocked", "stopped", "never", "never", "deceased", "erased",
    ]  # fmt: skip
    assert sorted(row.fate for row in frozen if row.number < 0) == ["blocked", "queued", "queued"]
    assert all((row.person_id == row.number) if row.number > 0 else (row.address_id == -row.number) for row in frozen)
    assert len(await newsroom.rows(broadcast_id)) == 5
    assert sum((await newsroom.counts(broadcast_id)).values()) == len(frozen) == len(ids) + 3


async def test_it_ends_when_all_have_an_outcome(newsroom: Newsroom, clock: SettableClock) -> None:
    ids = await newsroom.settle_people(*EVERY_SORT, Soul([TELEGRAM]), Soul([TELEGRAM]), Soul([WEB]))
    blocked, dead = await newsroom.names(ids[-3:-1])
    newsroom.mood = lambda name: {blocked: "blocked", dead: "dead"}.get(name, "sent")
    broadcast_id = await newsroom.let_out()
    await newsroom.tick()
    assert await newsroom.deliver() == 4
    assert (await newsroom.counts(broadcast_id))["first"] == 2
    await newsroom.tick()
    assert (await newsroom.read(broadcast_id)).status == "sending"  # somebody may yet open the page
    await newsroom.see_all_pages()
    await newsroom.tick()
    assert (await newsroom.read(broadcast_id)).status == "done"
    assert await newsroom.counts(broadcast_id) == {
        "read": 2, "sent": 2, "failed": 1, "blocked": 2, "stopped": 1, "never": 2, "deceased": 1, "erased": 1,
    }  # fmt: skip
    assert max(newsroom.said.values()) == 1
    clock.advance(HOUR)
    await newsroom.tick()
    assert await newsroom.deliver() == 0


async def test_no_more_than_the_backlog_waits_and_unread_pages_hold_nobody_up(newsroom: Newsroom) -> None:
    newsroom.backlog = 4
    await newsroom.settle_people(*[Soul([WEB])] * 6, *[Soul([TELEGRAM])] * 6)
    broadcast_id = await newsroom.let_out()
    waiting = 0
    for _ in range(12):
        await newsroom.tick()
        rows = [row for row in await newsroom.rows(broadcast_id) if row.channel == "telegram" and row.status == "ready"]
        waiting = max(waiting, len(rows))
        await newsroom.deliver(1)
    assert waiting == 4
    assert await newsroom.counts(broadcast_id) == {"first": 6, "sent": 6}


async def test_at_night_nothing_is_fed_unless_it_is_urgent(newsroom: Newsroom, clock: SettableClock) -> None:
    await newsroom.settle_people(Soul([TELEGRAM]), Soul([TELEGRAM]))
    clock.advance(12 * HOUR)  # ten in the evening
    calm, urgent = await newsroom.let_out(), await newsroom.let_out(urgent=True)
    await newsroom.tick()
    assert await newsroom.deliver() == 2
    assert (await newsroom.counts(calm), await newsroom.counts(urgent)) == ({"waiting": 2}, {"sent": 2})
    clock.advance(10 * HOUR)
    await newsroom.tick()
    assert await newsroom.deliver() == 2
    assert await newsroom.counts(calm) == {"sent": 2}


async def test_what_was_not_sent_in_time_is_not_sent_late(newsroom: Newsroom, clock: SettableClock) -> None:
    newsroom.backlog = 2
    await newsroom.settle_people(*[Soul([TELEGRAM])] * 4)
    broadcast_id = await newsroom.let_out(expires_at=clock() + timedelta(hours=2))
    await newsroom.tick()
    await newsroom.deliver(1)
    clock.advance(3 * HOUR)
    await newsroom.tick()
    assert await newsroom.deliver() == 0
    assert (await newsroom.read(broadcast_id)).status == "done"
    assert await newsroom.counts(broadcast_id) == {"sent": 1, "expired": 3}


async def test_a_pause_holds_all_but_what_is_being_sent_and_nothing_is_lost(
    newsroom: Newsroom, clock: SettableClock
) -> None:
    newsroom.backlog = 6
    await newsroom.settle_people(*[Soul([TELEGRAM])] * 10)
    broadcast_id = await newsroom.let_out()
    await newsroom.tick()
    in_flight = await newsroom.claim(2)
    await newsroom.act(broadcast_control.pause, broadcast_id)
    await newsroom.send(in_flight[0])
    clock.advance(LEASE.total_seconds() + 1)  # the other was claimed by a process that died
    await newsroom.tick()
    assert await newsroom.deliver() == 0
    assert await newsroom.counts(broadcast_id) == {"sent": 1, "waiting": 9}
    await newsroom.act(broadcast_control.resume, broadcast_id)
    for _ in range(3):
        await newsroom.tick()
        await newsroom.deliver()
    await newsroom.tick()
    assert (await newsroom.read(broadcast_id)).status == "done"
    assert await newsroom.counts(broadcast_id) == {"sent": 10}
    assert max(newsroom.said.values()) == 1


async def test_cancelling_takes_back_what_waits_and_web_pages_not_yet_opened(
    newsroom: Newsroom, clock: SettableClock
) -> None:
    newsroom.backlog = 6
    await newsroom.settle_people(*[Soul([WEB])] * 2, *[Soul([TELEGRAM])] * 8)
    broadcast_id = await newsroom.let_out()
    await newsroom.tick()
    in_flight = await newsroom.claim(2)
    await newsroom.act(broadcast_control.cancel, broadcast_id)
    await newsroom.send(in_flight[0])
    clock.advance(LEASE.total_seconds() + 1)
    await newsroom.tick()
    assert await newsroom.deliver() == 0
    await newsroom.see_all_pages()
    assert await newsroom.counts(broadcast_id) == {"sent": 1, "cancelled": 9}
    async with newsroom.database.snapshot() as db:
        with pytest.raises(Exception, match="已经结束"):
            await broadcast_control.cancel(db, broadcast_id, clock())


async def test_stopping_one_leaves_another_that_was_merged_with_it(newsroom: Newsroom) -> None:
    await newsroom.settle_people(Soul([TELEGRAM]), Soul([TELEGRAM]))
    first, second, third = [await newsroom.let_out(title=f"第{n}个") for n in (1, 2, 3)]
    await newsroom.tick()  # each person has one message that says all three
    await newsroom.act(broadcast_control.cancel, second)
    await newsroom.act(broadcast_control.pause, first)
    await newsroom.tick()
    sent = await newsroom.claim()
    assert [("第1个" in r.payload["text"], "第2个" in r.payload["text"], "第3个" in r.payload["text"]) for r in sent] == [
        (False, False, True), (False, False, True),
    ]  # fmt: skip
    for row in sent:
        await newsroom.send(row)
    await newsroom.act(broadcast_control.resume, first)
    await newsroom.tick()
    await newsroom.deliver()
    await newsroom.tick()
    assert [await newsroom.counts(id_) for id_ in (first, second, third)] == [
        {"sent": 2},
        {"cancelled": 2},
        {"sent": 2},
    ]


async def test_merged_messages_count_for_each_broadcast(newsroom: Newsroom) -> None:
    await newsroom.settle_people(Soul([TELEGRAM]))
    both = [await newsroom.let_out(title=title) for title in ("甲", "乙")]
    await newsroom.tick()
    assert await newsroom.deliver() == 1
    await newsroom.tick()
    assert [await newsroom.counts(id_) for id_ in both] == [{"sent": 1}, {"sent": 1}]
    assert [(await newsroom.read(id_)).status for id_ in both] == ["done", "done"]


async def test_who_dies_or_stops_after_the_freezing_is_not_sent_to(newsroom: Newsroom, clock: SettableClock) -> None:
    newsroom.backlog = 1
    ids = await newsroom.settle_people(*[Soul([TELEGRAM])] * 3)
    broadcast_id = await newsroom.let_out()
    await newsroom.tick()
    async with newsroom.database.transaction() as db:
        await db.execute(update(Person).where(Person.id == ids[-1]).values(deceased_at=clock()))
    for _ in range(4):
        await newsroom.deliver()
        await newsroom.tick()
    assert await newsroom.counts(broadcast_id) == {"sent": 2, "deceased": 1}


async def test_a_resend_is_for_those_only_who_were_not_delivered_to(newsroom: Newsroom) -> None:
    ids = await newsroom.settle_people(*EVERY_SORT, Soul([TELEGRAM]), strangers=(TELEGRAM,))
    failing = await newsroom.names(ids[-1:])
    newsroom.mood = lambda name: "dead" if name in failing or name == stranger else "sent"
    broadcast_id = await newsroom.let_out(Audience(strangers=True))
    await newsroom.tick()
    stranger = next(
        row.recipient for row in await newsroom.rows(broadcast_id) if row.dedupe_key and ":-" in row.dedupe_key
    )
    with pytest.raises(Exception, match="没有发完"):
        async with newsroom.database.transaction() as db:
            await broadcasts.resend(db, newsroom.writer, broadcast_id, newsroom.clock())
    await newsroom.deliver()
    await newsroom.see_all_pages()
    await newsroom.tick()
    async with newsroom.database.transaction() as db:
        again = await broadcasts.resend(db, newsroom.writer, broadcast_id, newsroom.clock())
    assert (again.status, again.resend_of) == ("draft", broadcast_id)
    await newsroom.approve(again.id)
    newsroom.said.clear()
    newsroom.mood = lambda _: "sent"
    await newsroom.tick()
    await newsroom.deliver()
    await newsroom.tick()
    assert set(newsroom.said) == {*failing, stranger}
    assert await newsroom.counts(again.id) == {"sent": 2}


async def _resend(newsroom: Newsroom, broadcast_id: int) -> int:
    async with newsroom.database.transaction() as db:
        return (await broadcasts.resend(db, newsroom.writer, broadcast_id, newsroom.clock())).id


async def _goes_out(newsroom: Newsroom, broadcast_id: int) -> None:
    await newsroom.approve(broadcast_id)
    await newsroom.tick()
    await newsroom.deliver()
    await newsroom.tick()


async def test_who_was_not_delivered_to_is_sent_to_again_once(newsroom: Newsroom) -> None:
    ids = await newsroom.settle_people(*[Soul([TELEGRAM])] * 2)
    hopeless, unlucky = await newsroom.names(ids)
    newsroom.mood = lambda _: "dead"
    broadcast_id = await newsroom.draft()
    await _goes_out(newsroom, broadcast_id)
    again = await _resend(newsroom, broadcast_id)
    with pytest.raises(Refusal, match="已经有一个重发了"):
        await _resend(newsroom, broadcast_id)
    await newsroom.act(broadcast_control.cancel, again)
    again = await _resend(newsroom, broadcast_id)  # the first was cancelled before a word of it went out
    newsroom.mood = lambda name: "dead" if name == hopeless else "sent"
    await _goes_out(newsroom, again)
    with pytest.raises(Refusal, match="已经有一个重发了"):
        await _resend(newsroom, broadcast_id)
    newsroom.said.clear()
    await _goes_out(newsroom, await _resend(newsroom, again))
    assert (newsroom.said[hopeless], newsroom.said[unlucky]) == (1, 0)


async def test_a_resend_cancelled_on_its_way_still_counts(newsroom: Newsroom) -> None:
    await newsroom.settle_people(*[Soul([TELEGRAM])] * 2)
    newsroom.mood = lambda _: "dead"
    broadcast_id = await newsroom.draft()
    await _goes_out(newsroom, broadcast_id)
    again = await _resend(newsroom, broadcast_id)
    newsroom.mood = lambda _: "sent"
    newsroom.said.clear()
    await newsroom.approve(again)
    await newsroom.tick()
    await newsroom.deliver(1)
    await newsroom.act(broadcast_control.cancel, again)
    with pytest.raises(Refusal, match="已经有一个重发了"):
        await _resend(newsroom, broadcast_id)
    await _goes_out(newsroom, await _resend(newsroom, again))
    assert sorted(newsroom.said.values()) == [1, 1]


async def test_a_second_clock_adds_nothing(newsroom: Newsroom, clock: SettableClock) -> None:
    """Two processes that both think they hold the lease work on the same lists."""
    newsroom.backlog = 16
    await newsroom.settle_people(*[Soul([TELEGRAM])] * 40)
    broadcast_id = await newsroom.let_out()
    other = Database(newsroom.database.engine.url.render_as_string(hide_password=False))
    second = Newsroom(other, clock, Rules(), backlog=16, said=newsroom.said)
    for _ in range(8):
        await newsroom.tick()
        await second.tick()
        await newsroom.deliver(10)
    await other.close()
    rows = await newsroom.rows(broadcast_id)
    assert len(rows) == len({row.dedupe_key for row in rows}) == 40
    assert (await newsroom.counts(broadcast_id), max(newsroom.said.values())) == ({"sent": 40}, 1)


async def test_an_approval_by_the_drafter_is_refused_by_the_database_itself(newsroom: Newsroom) -> None:
    broadcast_id = await newsroom.draft()
    with pytest.raises(Exception, match="second_person"):
        async with newsroom.database.transaction() as db:
            await db.execute(update(Broadcast).values(status="scheduled", approved_by=newsroom.writer.id))
    with pytest.raises(Exception, match="approved"):
        async with newsroom.database.transaction() as db:
            await db.execute(update(Broadcast).where(Broadcast.id == broadcast_id).values(status="sending"))
    assert await newsroom.rows(broadcast_id) == []
