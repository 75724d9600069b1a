"""A petition's acts are registered once, in order, with who did them, and an extension has a reason and an approver."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import pytest
from sqlalchemy import select

from core.errors import Refusal
from db.cases import CaseEvent, Petition, SupportCase
from db.engine import Database
from db.staff import Staff
from services import petitions
from tests.fakes.clock import START


class Ids(NamedTuple):
    case: int
    agent: int
    lead: int


@pytest.fixture
async def ids(database: Database, address_id: int) -> Ids:
    async with database.transaction() as db:
        case = SupportCase(
            code="A7K2", address_id=address_id, kind="petition", reason="petition", crisis=False, question="要求答复",
            opened_at=START, last_at=START,
        )  # fmt: skip
        agent, lead = (Staff(login=role, name=role, role=role, created_at=START) for role in ("agent", "lead"))
        db.add_all([case, agent, lead])
        await db.flush()
        await petitions.start(db, case.id, START)
        return Ids(case.id, agent.id, lead.id)


async def _do(database: Database, act: Callable[..., Any], *arguments: Any) -> None:
    async with database.transaction() as db:
        await act(db, *arguments)


async def _stored(database: Database, case_id: int) -> tuple[Petition, list[tuple[str, int | None]]]:
    async with database.snapshot() as db:
        events = await db.scalars(select(CaseEvent).where(CaseEvent.case_id == case_id).order_by(CaseEvent.id))
        return await db.get_one(Petition, case_id), [(event.kind, event.staff_id) for event in events]


def _after(days: int) -> datetime:
    return START + timedelta(days=days)


async def test_the_whole_way(database: Database, ids: Ids) -> None:
    await _do(database, petitions.start, ids.case, _after(3))
    await _do(database, petitions.notice_given, ids.case, ids.agent, _after(5))
    await _do(database, petitions.extend, ids.case, ids.lead, " 要到外省查档案 ", _after(60))
    await _do(database, petitions.decide, ids.case, ids.agent, _after(80))
    await _do(database, petitions.ask_review, ids.case, ids.agent, _after(110))
    await _do(database, petitions.review_done, ids.case, ids.agent, _after(130))
    petition, events = await _stored(database, ids.case)
    assert (petition.since, petition.extended_reason) == (START, "要到外省查档案")
    assert [clock.state for clock in petitions.clocks(petition, _after(400))] == ["ok"] * 3
    assert events == [
        ("petition_noticed", ids.agent),
        ("petition_extended", ids.lead),
        ("petition_decided", ids.agent),
        ("petition_review_asked", ids.agent),
        ("petition_reviewed", ids.agent),
    ]


@pytest.mark.parametrize(
    ("days", "by", "reason"),
    [(10, "lead", "  "), (10, "agent", "查档案"), (61, "lead", "查档案")],
    ids=["no reason", "not approved", "too late"],
)
async def test_no_extension(database: Database, ids: Ids, days: int, by: str, reason: str) -> None:
    with pytest.raises(Refusal):
        await _do(database, petitions.extend, ids.case, getattr(ids, by), reason, _after(days))
    petition, events = await _stored(database, ids.case)
    assert (petition.extended_at, events) == (None, [])


async def test_one_extension_only(database: Database, ids: Ids) -> None:
    await _do(database, petitions.extend, ids.case, ids.lead, "查档案", _after(10))
    with pytest.raises(Refusal, match="一次"):
        await _do(database, petitions.extend, ids.case, ids.lead, "还要查", _after(70))
    assert (await _stored(database, ids.case))[0].extended_reason == "查档案"


async def test_nothing_is_registered_twice(database: Database, ids: Ids) -> None:
    for act in (petitions.notice_given, petitions.decide, petitions.ask_review, petitions.review_done):
        await _do(database, act, ids.case, ids.agent, _after(1))
        with pytest.raises(Refusal):
            await _do(database, act, ids.case, ids.agent, _after(2))
    petition, events = await _stored(database, ids.case)
    assert (petition.noticed_at, petition.reviewed_at, len(events)) == (_after(1), _after(1), 4)
    with pytest.raises(Refusal, match="办结"):
        await _do(database, petitions.extend, ids.case, ids.lead, "查档案", _after(2))


async def test_order_and_time_of_a_review(database: Database, ids: Ids) -> None:
    for act in (petitions.ask_review, petitions.review_done):
        with pytest.raises(Refusal):
            await _do(database, act, ids.case, ids.agent, _after(1))
    await _do(database, petitions.decide, ids.case, ids.agent, _after(1))
    with pytest.raises(Refusal, match="30"):
        await _do(database, petitions.ask_review, ids.case, ids.agent, _after(32))


async def test_a_case_that_is_no_petition(database: Database, ids: Ids) -> None:
    with pytest.raises(Refusal, match="信访"):
        await _do(database, petitions.decide, ids.case + 1, ids.agent, START)
