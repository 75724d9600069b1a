"""What runs in the processes that fight for places: each takes its share of people, all at the same moment."""

import asyncio
import random
from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.engine import Database
from services import exam_places
from tests.fakes.clock import START

Act = tuple[str, int, int]
"""What is done, to which place or by which person, and in which session (0 where it needs none)."""


async def do(db: AsyncSession, act: Act) -> None:
    """Do one act."""
    what, whose, session_id = act
    if what == "sign_up":
        await exam_places.sign_up(db, session_id, whose, "本人", START)
    elif what == "move":
        await exam_places.move(db, whose, session_id, START)
    elif what == "cancel":
        await exam_places.cancel(db, whose, START)
    elif what == "cancel_session":
        await exam_places.cancel_session(db, session_id, START)
    else:
        await exam_places.cancel_all(db, whose, START)


def rush(url: str, acts: Sequence[Act], at_once: int, seed: int, go: Any, results: Any) -> None:
    """Do all acts, so many at a time and in an order of its own, once the word is given; tell what became of each."""
    acts = random.Random(seed).sample(acts, len(acts))

    async def one(database: Database, act: Act, gate: asyncio.Semaphore) -> tuple[Act, str]:
        async with gate:
            try:
                async with database.transaction() as db:
                    await do(db, act)
            except Refusal as refusal:
                return act, str(refusal)
        return act, "done"

    async def work() -> None:
        database = Database(url)
        try:
            gate = asyncio.Semaphore(at_once)
            go.wait()
            results.send(await asyncio.gather(*(one(database, act, gate) for act in acts)))
        finally:
            await database.close()

    asyncio.run(work())
