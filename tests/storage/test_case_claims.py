"""Two who act on one case at the same moment: whoever commits first wins, the other is told so, and no word falls between."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.errors import Refusal
from db.cases import CaseEvent, StaffGroup, SupportCase
from db.engine import Database
from db.people import Conversation
from db.staff import Staff
from db.turns import Inbox, Outbox
from handlers import texts, watch
from handlers.casework import Casework
from knowledge.entry import Profile
from tests.fakes.clock import SettableClock
from tests.journeys.world import Said, Visitor

ROUNDS, SEVERAL = 3, 5
NAMES = ("钱有才", "孙得胜", "李为民", "周正", "吴一凡")
Act = Callable[..., Awaitable[Any]]


@pytest.fixture
async def desks(database_url: str) -> AsyncIterator[list[Database]]:
    """Give databases that know nothing of each other, as processes have."""
    opened = [Database(database_url) for _ in range(SEVERAL)]
    yield opened
    for database in opened:
        await database.close()


@pytest.fixture
async def staff(database: Database, clock: SettableClock) -> list[Staff]:
    people = [Staff(login=name, name=name, role="agent", created_at=clock()) for name in NAMES]
    async with database.transaction() as db:
        db.add(StaffGroup(id=1, chat_id=-100, configured=-100))
        db.add_all(people)
    return people


@pytest.fixture
def act(desks: list[Database], staff: list[Staff], clock: SettableClock) -> Act:
    """Do something as one of staff at their own desk; return what it gives, or the refusal."""
    casework = Casework(Profile, timedelta(minutes=30), {})

    async def do(who: int, what: str, case_id: int, *args: Any, **more: Any) -> Any:
        try:
            async with desks[who].transaction() as db:
                return await getattr(casework, what)(db, case_id, staff[who], *args, clock(), **more)
        except Refusal as refusal:
            return refusal

    return do


@pytest.fixture
def meet(desks: list[Database], clock: SettableClock) -> Callable[[str], Visitor]:
    """Let somebody come in whose words another process takes."""

    def come(name: str) -> Visitor:
        return Visitor(desks[-1], clock=clock, name=name)

    return come


async def _open(visitor: Visitor) -> int:
    case_id = (await visitor.says("找人工")).taken.case_id
    assert case_id is not None
    return case_id


async def _case(database: Database, case_id: int) -> SupportCase:
    async with database.snapshot() as db:
        return await db.get_one(SupportCase, case_id)


async def _written(database: Database, case_id: int) -> list[str]:
    async with database.snapshot() as db:
        rows = select(Outbox.payload).where(Outbox.case_id == case_id, Outbox.staff_id.is_not(None))
        return [payload["text"].partition("\n")[2] for payload in await db.scalars(rows)]


async def _in_group(database: Database, event_id: str) -> int:
    async with database.snapshot() as db:
        said = select(Outbox.id).where(Outbox.dedupe_key == f"staff:in:web:{event_id}")
        return len((await db.scalars(said)).all())


async def _event(database: Database, said: Said) -> Inbox:
    async with database.snapshot() as db:
        mine = select(Inbox).where(Inbox.address_id == said.taken.address_id).order_by(Inbox.at.desc())
        rows = {row.event_id: row for row in await db.scalars(mine)}
    return rows[max(rows, key=lambda event_id: int(event_id.partition("-")[2]))]


async def test_one_of_many_claims(act: Act, meet: Any, database: Database, staff: list[Staff]) -> None:
    case_id = await _open(meet("laozhang"))
    found = await asyncio.gather(*(act(who, "claim", case_id) for who in range(SEVERAL)))
    case = await _case(database, case_id)
    winner = next(person for person in staff if person.id == case.claimed_by)
    refused = [str(result) for result in found if isinstance(result, Refusal)]
    assert len(refused) == SEVERAL - 1
    assert all(winner.name in sentence for sentence in refused)
    async with database.snapshot() as db:
        claims = list(await db.scalars(select(CaseEvent.staff_id).where(CaseEvent.kind == "claimed")))
    assert claims == [winner.id]


async def test_taken_over_by_one_when_the_claim_ran_out(act: Act, meet: Any, clock: SettableClock) -> None:
    case_id = await _open(meet("laozhang"))
    await act(0, "claim", case_id)
    clock.advance(31 * 60)
    found = await asyncio.gather(*(act(who, "claim", case_id) for who in range(1, SEVERAL)))
    assert sum(isinstance(result, Refusal) for result in found) == SEVERAL - 2


async def test_claim_and_words(act: Act, meet: Any, database: Database) -> None:
    for number in range(ROUNDS):
        visitor = meet(f"person{number}")
        case_id = await _open(visitor)
        _, said = await asyncio.gather(act(0, "claim", case_id), visitor.says("孩子上学的事"))
        event = await _event(database, said)
        assert (event.case_id, await _in_group(database, event.event_id)) == (case_id, 1)
        case = await _case(database, case_id)
        assert (case.status, case.waiting_since is not None) == ("claimed", True)
        assert {row.payload["text"] for row in said.rows} <= {texts.NOTED.format(code=case.code)}
        assert (await visitor.says("还有一件")).rows == []


async def test_opened_once_by_many_events(meet: Any, database: Database, desks: list[Database]) -> None:
    visitors = [meet("laozhang") for _ in desks]
    for visitor, desk in zip(visitors, desks, strict=True):
        visitor.database, visitor.ids = desk, iter([id(desk)])
    said = await asyncio.gather(*(visitor.says("找人工") for visitor in visitors))
    async with database.snapshot() as db:
        (case,) = (await db.scalars(select(SupportCase))).all()
        opened = (await db.scalars(select(CaseEvent).where(CaseEvent.kind == "opened"))).all()
        inbox = set(await db.scalars(select(Inbox.case_id)))
        conversation = (await db.scalars(select(Conversation))).one()
    assert len(opened) == 1
    assert inbox == {case.id}
    assert conversation.case_id == case.id
    assert all(case.code in one.text for one in said)


async def test_two_answers_at_once(act: Act, meet: Any, database: Database, staff: list[Staff]) -> None:
    for number in range(ROUNDS):
        case_id = await _open(meet(f"person{number}"))
        found = await asyncio.gather(
            act(0, "answer", case_id, "从工作台答", key=f"console:{number}"),
            act(1, "answer", case_id, "从工作群答", key=f"group:{number}", origin=number),
        )
        winner = 0 if isinstance(found[0], list) else 1
        assert len(found[winner]) == 1
        assert staff[winner].name in str(found[1 - winner])
        assert await _written(database, case_id) == [("从工作台答", "从工作群答")[winner]]


async def test_one_key_at_once(act: Act, meet: Any, database: Database) -> None:
    for number in range(ROUNDS):
        case_id = await _open(meet(f"person{number}"))
        found = await asyncio.gather(
            *(act(0, "answer", case_id, "您好", key=f"k{number}") for _ in range(2)),
            *(act(0, "note", case_id, "备注", key=f"n{number}") for _ in range(2)),
        )
        assert sorted(map(len, found[:2])) == [0, 1]
        assert await _written(database, case_id) == ["您好"]


async def test_transfer_and_answer(act: Act, meet: Any, database: Database, staff: list[Staff]) -> None:
    for number in range(ROUNDS):
        case_id = await _open(meet(f"person{number}"))
        await act(0, "claim", case_id)
        _, mine, theirs = await asyncio.gather(
            act(0, "transfer", case_id, to_staff=staff[1].id),
            act(0, "answer", case_id, "转之前的话", key=f"a{number}"),
            act(1, "answer", case_id, "转之后的话", key=f"b{number}"),
        )
        assert (await _case(database, case_id)).claimed_by == staff[1].id
        sent = [text for text, ids in (("转之前的话", mine), ("转之后的话", theirs)) if isinstance(ids, list)]
        assert sorted(await _written(database, case_id)) == sorted(sent)
        assert staff[1].name in str(mine) if isinstance(mine, Refusal) else mine


async def test_close_and_words(act: Act, meet: Any, database: Database) -> None:
    """Either staff still get them, or the bot answers; silence with nobody reading is what must not be."""
    for number in range(ROUNDS):
        visitor = meet(f"person{number}")
        case_id = await _open(visitor)
        await act(0, "claim", case_id)
        _, said = await asyncio.gather(act(0, "close", case_id), visitor.says("孩子上学的事"))
        event = await _event(database, said)
        assert (event.case_id == case_id) == (said.rows == [])
        assert await _in_group(database, event.event_id) == (event.case_id is not None)
        case = await _case(database, case_id)
        assert (case.status, case.waiting_since, case.due_at) == ("closed", None, None)


async def test_both_sides_close(act: Act, meet: Any, database: Database) -> None:
    for number in range(ROUNDS):
        visitor = meet(f"person{number}")
        case_id = await _open(visitor)
        await act(0, "claim", case_id)
        await asyncio.gather(act(0, "close", case_id), visitor.says("结束"))
        async with database.snapshot() as db:
            events = list(await db.scalars(select(CaseEvent.kind).where(CaseEvent.case_id == case_id)))
        assert events.count("closed") == 1


async def test_reopened_and_asked_anew(act: Act, meet: Any, database: Database) -> None:
    for number in range(ROUNDS):
        visitor = meet(f"person{number}")
        case_id = await _open(visitor)
        await act(0, "close", case_id)
        again, said = await asyncio.gather(act(0, "reopen", case_id), visitor.presses("open"))
        async with database.snapshot() as db:
            mine = select(SupportCase).where(SupportCase.address_id == said.taken.address_id)
            (case,) = (await db.scalars(mine.where(SupportCase.status != "closed"))).all()
            assert (await db.get_one(Conversation, case.address_id)).case_id == case.id
        assert (case.id == case_id) != isinstance(again, Refusal)
        assert case.code in str(again) if isinstance(again, Refusal) else said.rows


async def test_two_clocks_call_and_close_once(
    act: Act, meet: Any, database: Database, desks: list[Database], clock: SettableClock
) -> None:
    idle = await _open(meet("laozhang"))
    await act(0, "answer", idle, "办好了", key="k")
    danger = (await meet("laoli").says("我不想活了")).taken.case_id
    clock.advance(50 * 3600)
    casework = Casework(Profile, timedelta(minutes=30), {})

    async def tick(desk: Database) -> None:
        async with desk.transaction() as db:
            await watch.call_staff(db, clock(), timedelta(minutes=3))
        async with desk.transaction() as db:
            await watch.close_idle(db, casework, clock(), timedelta(hours=48))

    await asyncio.gather(*map(tick, desks))
    async with database.snapshot() as db:
        events = (await db.execute(select(CaseEvent.case_id, CaseEvent.kind).order_by(CaseEvent.id))).all()
        goodbyes = (await db.scalars(select(Outbox.id).where(Outbox.dedupe_key == f"closed:{idle}:0"))).all()
    assert events.count((danger, "alerted")) == 2  # at once, and when nobody had come
    assert events.count((idle, "closed")) == 1
    assert len(goodbyes) == 1
