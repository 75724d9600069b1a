"""Whatever moment a process dies at, a case has every word of its person once, and every answer of staff goes out."""

import random
import re
import signal
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core.clock import utc_now
from db.cases import CaseEvent, StaffGroup, SupportCase
from db.engine import Database
from db.staff import Staff
from db.turns import Inbox, Outbox
from handlers import texts
from services import cases, people
from services.calendar import read_calendar
from services.cases import Plea
from tests.crash import case_driver as driver

pytestmark = pytest.mark.crash

GENERATIONS = 3
SPOKEN = {f"话{number}完" for number in range(driver.PEOPLE * driver.WORDS)}
CLOSED = texts.CLOSED_HOURS.partition("{")[0]


async def _open_office(database: Database, people_count: int) -> None:
    """Hire two of staff with a group, and open a case for everybody: ids count from 1."""
    async with database.transaction() as db:
        db.add(StaffGroup(id=1, chat_id=-100, configured=-100))
        db.add_all(Staff(login=name, name=name, role="agent", created_at=utc_now()) for name in ("钱有才", "孙得胜"))
        for person in range(people_count):
            conversation = await people.open_conversation(db, "telegram", str(person), utc_now())
            plea = Plea("asked", "consult", "")
            await cases.open_case(db, conversation, plea, await read_calendar(db), utc_now())


async def _rows(database: Database) -> list[Outbox]:
    async with database.snapshot() as db:
        return list(await db.scalars(select(Outbox).order_by(Outbox.id)))


def _tokens(text: str) -> list[str]:
    return re.findall(r"[话答][\d:]+完", text)


def _check_seen(seen: Counter[str], wanted: set[str]) -> None:
    """Check that each was seen, and again at most once for each death."""
    assert set(seen) == wanted
    assert max(seen.values()) <= 1 + GENERATIONS


async def test_killed_at_random(
    spawn: Any, progress: Any, database_url: str, database: Database, tmp_path: Path
) -> None:
    chance, acks = random.Random(20261121), tmp_path / "acknowledged"
    await _open_office(database, driver.PEOPLE)
    both = ((1, 2), (2, 1))
    for generation in range(GENERATIONS):
        running = [
            spawn(driver.write, database_url, progress.writing),
            *(spawn(driver.answer, database_url, str(acks), *pair, generation, progress.writing) for pair in both),
            spawn(driver.deliver, database_url, str(tmp_path), generation, progress.writing),
        ]
        progress.wait_for(chance.randrange(3, 25))
        for process in running:
            process.kill()
            process.join()
    for work, args in (
        (driver.write, (progress.writing,)),
        *((driver.answer, (str(acks), *pair, 99, progress.writing)) for pair in both),
    ):
        last = spawn(work, database_url, *args)
        last.join()
        assert last.exitcode == 0
    last = spawn(driver.deliver_rest, database_url, str(tmp_path), GENERATIONS, progress.writing)
    last.join()
    assert last.exitcode == 0

    rows = await _rows(database)
    assert {row.status for row in rows} == {"sent"}
    await _check_words(database, rows)
    written = {row.dedupe_key: row for row in rows if row.staff_id is not None}
    acknowledged = set(acks.read_text(encoding="utf-8").split())
    assert acknowledged == set(written)
    assert len(written) > driver.PEOPLE
    answers = {f"答{key}完" for key in written}
    assert len([row for row in rows if row.staff_id is not None]) == len(written)
    to_person = Counter(_tokens((tmp_path / "telegram").read_text(encoding="utf-8")))
    _check_seen(to_person, answers)
    _check_seen(Counter(_tokens((tmp_path / "staff").read_text(encoding="utf-8"))), SPOKEN | answers)


async def _check_words(database: Database, rows: list[Outbox]) -> None:
    """Check that every word is in its case once, in the group once, and that the bot spoke only where it may."""
    async with database.snapshot() as db:
        inbox = list(await db.scalars(select(Inbox)))
        owners = {case.id: case.address_id for case in await db.scalars(select(SupportCase))}
    assert Counter(row.text for row in inbox) == Counter(SPOKEN)
    assert all(row.error is None and row.case_id and owners[row.case_id] == row.address_id for row in inbox)
    in_group = Counter(
        row.payload["text"] for row in rows if row.channel == "staff" and row.payload.get("who") == "person"
    )
    assert in_group == Counter(SPOKEN)
    replies = Counter((row.in_reply_to, row.payload["text"]) for row in rows if row.in_reply_to)
    assert set(replies.values()) <= {1}
    told = Counter(row.case_id for row in rows if row.in_reply_to and row.payload["text"].startswith(CLOSED))
    assert all(times == 1 for times in told.values())


@pytest.mark.parametrize("work", [driver.write_one, driver.answer_one])
async def test_killed_at_every_step(work: Any, spawn: Any, database_url: str, database: Database) -> None:
    """One message, given to a process that dies two steps later each time, until one lives: all of it is there or nothing."""
    await _open_office(database, 1)
    before = len(await _rows(database))
    token = "话0完" if work is driver.write_one else "答1:1完"
    for step in range(0, 80, 2):
        process = spawn(work, database_url, step)
        process.join()
        rows = await _rows(database)
        there = [row for row in rows if _tokens(row.payload["text"])]
        assert len(there) in ((0, 1) if work is driver.write_one else (0, 2))
        assert there or len(rows) == before
        await _check_whole(database, token, written=bool(there))
        if process.exitcode == 0:
            break
        assert process.exitcode == -signal.SIGKILL
    else:
        pytest.fail("never got through")
    assert step > 8
    assert there


async def _check_whole(database: Database, token: str, *, written: bool) -> None:
    async with database.snapshot() as db:
        case = (await db.scalars(select(SupportCase))).one()
        inbox = list(await db.scalars(select(Inbox.case_id)))
        events = list(await db.scalars(select(CaseEvent.kind).order_by(CaseEvent.id)))
    if token.startswith("话"):
        assert inbox == [case.id] * written
    else:
        assert (case.claimed_by, case.waiting_since is None) == ((1, True) if written else (None, False))
        assert events == ["opened", *["claimed"] * written]
