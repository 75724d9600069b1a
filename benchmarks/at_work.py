"""The process of the waiting benchmark: answers are decided while its clock hands a broadcast to its delivery.

It is told on standard input what to do next, and tells for each answer when it was decided and when it was written.
"""

import asyncio
import json
import random
import sys
from datetime import datetime, timedelta
from itertools import count
from time import perf_counter

from benchmarks.bot_api import REPLY
from benchmarks.crowd import NOW
from benchmarks.senders import deliverer
from bot.nursery import Nursery
from bot.wake import DELIVER, Wake
from bot.workers.clock import Ticker
from core.clock import utc_now
from core.reply import Reply
from db.engine import Database
from handlers.casework import Casework
from handlers.ticks import ticks
from knowledge.entry import Profile
from services import outbox
from services.outbox import Recipient
from services.vault import Vault

LEGAL, UNBOUND = 30.0, 1e5
_ANSWERS_A_SECOND = 10.0
_SHIFT = NOW - utc_now()
"""A broadcast is not sent at night; nor is this benchmark run in the morning only."""


def day_time() -> datetime:
    """Return a moment that begins at ten in the morning."""
    return utc_now() + _SHIFT


class Answers:
    """What is said to people who asked."""

    def __init__(self, database: Database, wake: Wake) -> None:
        self._database, self._wake = database, wake
        self._numbers, self._chance = count(), random.Random(7)

    async def give(self, seconds: float) -> dict[str, tuple[float, float]]:
        """Answer for so long, each time somebody else; return when each was decided and written."""
        ends, given = perf_counter() + seconds, {}
        while (decided := perf_counter()) < ends:
            number = next(self._numbers)
            text, to = f"{REPLY}{number}", Recipient("telegram", str(number + 10**6), number + 1, 4096)
            async with self._database.transaction() as db:
                await outbox.post(db, to, Reply(text), day_time())
            given[text] = decided, perf_counter()
            await self._wake.announce([DELIVER])
            await asyncio.sleep(self._chance.expovariate(_ANSWERS_A_SECOND))
        return given


async def main(url: str, api: str, rate: float) -> None:
    """Serve, and obey."""
    wake, database = Wake(), Database(url)
    due = ticks(
        Casework(Profile, timedelta(minutes=30), {}), Vault(b"0" * 32), crisis_repeat=timedelta(minutes=3),
        idle=timedelta(hours=48),
    )  # fmt: skip
    clock = Ticker(database, due, wake, day_time, "benchmark")
    async with deliverer(database, api, rate, wake, day_time) as made:
        nursery, answers = Nursery(database), Answers(database, wake)
        nursery.start("replies", made.run_replies)
        nursery.start("notices", made.run_notices)
        print("ready", flush=True)
        while order := (await asyncio.to_thread(sys.stdin.readline)).split():
            if order[0] == "clock":
                nursery.start("clock", clock.run if rate == LEGAL else lambda: _tick_on(clock))
            else:
                print(json.dumps(await answers.give(float(order[1]))), flush=True)
        await nursery.close()


async def _tick_on(clock: Ticker) -> None:
    """Tick without a rest, for who sends faster than the clock of the service refills."""
    while True:
        await clock.tick_once()
        await asyncio.sleep(0.1)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], float(sys.argv[3])))
