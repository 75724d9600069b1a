"""However many reach for a place at once, from several processes, none is sold twice and nobody loses the one they had."""

from collections import Counter
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from db.engine import Database
from db.exams import ExamPlace
from services import exam_places
from tests.crash import exam_driver
from tests.crash.crowd import Act, let_loose
from tests.fakes.clock import START
from tests.fakes.examroom import FIRST_DAY, add_batch, add_people, check_places

pytestmark = pytest.mark.crash


async def _filled(database: Database, *capacities: int, people: tuple[int, ...]) -> tuple[list[int], list[int]]:
    """Return the sessions of a batch, and the places that people have in each."""
    days = [(date(2026, 12, number), "am", capacity) for number, capacity in enumerate(capacities, 1)]
    async with database.transaction() as db:
        _, sessions = await add_batch(db, *days)
        ids = iter(await add_people(db, sum(people)))
        signed = [
            await exam_places.sign_up(db, session, next(ids), "本人", START)
            for session, count in zip(sessions, people, strict=True)
            for _ in range(count)
        ]
    return sessions, [one.place.id for one in signed]


async def test_two_hundred_for_fifty_places(spawn: Any, database_url: str, database: Database) -> None:
    """Each of them twice, from two processes, as people do who tap again."""
    async with database.transaction() as db:
        _, (session,) = await add_batch(db, (FIRST_DAY, "am", 50))
        people = await add_people(db, 200)
    shares: list[list[Act]] = [[("sign_up", one, session) for one in people[n::2]] for n in range(2)] * 2
    results = let_loose(spawn, database_url, exam_driver.do, shares)
    told = Counter(said for _, said in results)
    assert told["done"] == 50
    assert set(told) <= {"done", exam_places.FULL, exam_places.HAS_PLACE}
    assert sum(told.values()) == 400
    async with database.snapshot() as db:
        assert await check_places(db) == {session: 50}


async def test_moving_while_others_move(spawn: Any, database_url: str, database: Database) -> None:
    """Two groups that want each other's day, with a little room, and a third day that is full."""
    sessions, places = await _filled(database, 25, 25, 10, people=(20, 20, 10))
    first, second, third = sessions
    acts: list[Act] = [("move", place, second) for place in places[:20]]
    acts += [("move", place, first) for place in places[20:40]] + [("move", place, third) for place in places[:40]]
    results = let_loose(spawn, database_url, exam_driver.do, [acts[n::4] for n in range(4)])
    assert {said for _, said in results} <= {"done", exam_places.FULL, exam_places.CHANGED}
    async with database.snapshot() as db:
        taken = await check_places(db)
        kept = set(await db.scalars(select(ExamPlace.id).where(ExamPlace.status == "active")))
    assert kept == set(places)
    assert (sum(taken.values()), taken[third]) == (50, 10)


async def test_nobody_moves_into_a_full_day(spawn: Any, database_url: str, database: Database) -> None:
    sessions, places = await _filled(database, 20, 20, people=(20, 20))
    acts: list[Act] = [("move", place, sessions[1]) for place in places[:20]]
    acts += [("move", place, sessions[0]) for place in places[20:]]
    results = let_loose(spawn, database_url, exam_driver.do, [acts[n::4] for n in range(4)])
    assert {said for _, said in results} == {exam_places.FULL}
    async with database.snapshot() as db:
        assert await check_places(db) == dict.fromkeys(sessions, 20)


async def test_a_place_is_given_back_once(spawn: Any, database_url: str, database: Database) -> None:
    sessions, places = await _filled(database, 30, 30, people=(30, 0))
    acts: list[Act] = [("cancel", place, 0) for place in places]
    results = let_loose(
        spawn, database_url, exam_driver.do, [acts, acts, acts, [("move", place, sessions[1]) for place in places]]
    )
    done = Counter(act[0] for act, said in results if said == "done")
    assert {told for _, told in results} <= {"done", exam_places.NO_PLACE, exam_places.CHANGED}
    async with database.snapshot() as db:
        taken = await check_places(db)
    assert taken[sessions[0]] == 0  # cancelled, or moved an instant before
    assert taken[sessions[1]] == 30 - done["cancel"]


async def test_a_session_is_cancelled_under_those_who_come_and_go(
    spawn: Any, database_url: str, database: Database
) -> None:
    sessions, places = await _filled(database, 60, 60, people=(30, 10))
    first, second = sessions
    async with database.transaction() as db:
        more = await add_people(db, 40)
        whose = list(await db.scalars(select(ExamPlace.person_id).where(ExamPlace.id.in_(places[:10]))))
    acts: list[Act] = [("sign_up", one, first) for one in more]
    acts += [("move", place, second) for place in places[10:20]] + [("cancel_all", one, 0) for one in whose]
    acts += [("cancel", place, 0) for place in places[20:25]] + [("move", place, first) for place in places[30:]]
    results = let_loose(
        spawn, database_url, exam_driver.do, [acts[n::3] for n in range(3)] + [[("cancel_session", 0, first)]]
    )
    assert ("cancel_session", 0, first) in [act for act, said in results if said == "done"]
    async with database.snapshot() as db:
        taken = await check_places(db)
    assert taken[first] == 0
    assert taken[second] <= 20
