"""What runs in the processes that the handoff's crash tests kill: people's turns, staff's answers, deliveries to both."""

import asyncio
import os
import random
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from bot.intake import Intake
from bot.metrics import Metrics
from bot.wake import Wake
from bot.workers.deliver import Deliverer
from core.clock import utc_now
from core.errors import Refusal
from core.turn import Inbound
from db.engine import Database
from db.staff import Staff
from handlers import routes
from handlers.casework import Casework
from knowledge.entry import Profile
from knowledge.heard import Heard
from tests.crash.driver import LEASE, FileChannel, _each, _later, die_at
from tests.fakes.sealed import VAULT

PEOPLE, WORDS, ANSWERS = 3, 10, 12
_OFTEN = 3
"""After so many answers a case is handed to the colleague, so that both write in every case."""


def words(number: int) -> Inbound:
    """Return one of the messages; which of the people wrote it follows from its number."""
    return Inbound("telegram", str(number), str(number % PEOPLE), "text", f"话{number}完")


def _intake(database: Database) -> Intake:
    snapshot: Any = SimpleNamespace(profile=Profile(), leans=lambda _text: False)
    snapshot.hear = lambda text, _context: Heard(snapshot, text)  # understanding is not what crashes here
    library: Any = SimpleNamespace(snapshot=snapshot)
    return Intake(database, library, routes(VAULT).route, Wake(), Metrics(), utc_now, {})


def write(url: str, progress: Any) -> None:
    """Deliver everybody's messages in their order, as a channel does that never got an acknowledgement."""
    database = Database(url)
    intake = _intake(database)

    async def one(person: int) -> None:
        for number in range(person, PEOPLE * WORDS, PEOPLE):
            await intake.receive(words(number))
            progress.send(number)

    async def work() -> None:
        await asyncio.gather(*map(one, range(PEOPLE)))

    asyncio.run(_each(database, work))


async def _answer(database: Database, case_id: int, staff: Staff, colleague: int, number: int) -> list[int]:
    casework, key = Casework(Profile, timedelta(minutes=30), {}), f"{staff.id}:{number}"
    async with database.transaction() as db:
        sent = await casework.answer(db, case_id, staff, f"答{key}完", utc_now(), key=key)
    if sent and number % _OFTEN == 0:
        async with database.transaction() as db:
            await casework.transfer(db, case_id, staff, utc_now(), to_staff=colleague)
    return sent


async def _staff(database: Database, staff_id: int) -> Staff:
    async with database.snapshot() as db:
        return await db.get_one(Staff, staff_id)


def answer(url: str, path: str, staff_id: int, colleague: int, seed: int, progress: Any) -> None:
    """Write to everybody; what was acknowledged stands in a file, which outlives this process."""
    database = Database(url)
    acknowledged = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    numbers = list(range(ANSWERS))
    random.Random(seed).shuffle(numbers)

    async def work() -> None:
        staff = await _staff(database, staff_id)
        for number in numbers:
            try:
                await _answer(database, 1 + number % PEOPLE, staff, colleague, number)
            except Refusal:
                continue
            os.write(acknowledged, f"{staff_id}:{number}\n".encode())
            progress.send(number)

    asyncio.run(_each(database, work))


def _deliverer(database: Database, folder: str, generation: int, progress: Any) -> Deliverer:
    channels = {
        name: FileChannel(str(Path(folder) / name), progress, seed)
        for seed, name in enumerate(("telegram", "staff"), generation)
    }
    return Deliverer(database, channels, Wake(), Metrics(), _later(generation), LEASE, Path)


def deliver(url: str, folder: str, generation: int, progress: Any) -> None:
    """Send to people and to the staff group, whose other side are files, until killed."""
    database = Database(url)
    asyncio.run(_each(database, _deliverer(database, folder, generation, progress).run_replies))


def deliver_rest(url: str, folder: str, generation: int, progress: Any) -> None:
    """Send until nothing is due."""
    database = Database(url)
    deliverer = _deliverer(database, folder, generation, progress)

    async def work() -> None:
        while await deliverer.deliver_once():
            pass

    asyncio.run(_each(database, work))


def write_one(url: str, step: int) -> None:
    """Take one message and die on the way, or live when the step is behind the end."""
    database = Database(url)
    die_at(database, step)

    async def work() -> None:
        await _intake(database).receive(words(0))

    asyncio.run(_each(database, work))


def answer_one(url: str, step: int) -> None:
    """Write one answer, which takes the case, and die on the way, or live when the step is behind the end."""
    database = Database(url)

    async def work() -> None:
        staff = await _staff(database, 1)
        die_at(database, step)
        await _answer(database, 1, staff, 2, 1)

    asyncio.run(_each(database, work))
