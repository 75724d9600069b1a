"""How long an answer waits for its delivery while a broadcast runs, against an idle service; and the memory it takes."""

import asyncio
import json
from asyncio.subprocess import Process
from collections.abc import Mapping, Sequence

from benchmarks import crowd
from benchmarks.at_work import LEGAL
from benchmarks.bot_api import Remote, child, said, tell
from benchmarks.figure import Board, percentile, resident
from db.engine import Database
from db.migrate import migrate

_UNDER_WAY, _LOST_SECONDS = 50, 60
Times = Sequence[float]


async def measure(board: Board, name: str, url: str, api: Remote, rate: float, people: int, seconds: float) -> None:
    """Measure at one rate, in milliseconds."""
    await _prepare(url, people)
    async with child("benchmarks.at_work", url, api.url, str(rate)) as service:
        await said(service)
        idle = await _answer(service, api, seconds)
        tell(service, "clock")
        await api.wait_for(_UNDER_WAY)
        busy = await _answer(service, api, seconds)
    pace = "at 30 a second" if rate == LEGAL else "unbound"
    for what, ours, floor in zip(("delivery", "decision and delivery"), busy, idle, strict=True):
        for percent, goal in ((50, None), (99, "ratio<=2")):
            title = f"reply.{name}.broadcast {pace}, {what} p{percent} vs idle"
            board.add(title, percentile(ours, percent), "ms", percentile(floor, percent), goal)


async def memory(board: Board, name: str, url: str, api: Remote, rate: float, people: int) -> None:
    """Measure the memory of the process when a tenth is sent, and when all is."""
    await _prepare(url, people)
    async with child("benchmarks.at_work", url, api.url, str(rate)) as service:
        await said(service)
        tell(service, "clock")
        await api.wait_for(people // 10)
        tenth = resident(service.pid)
        await api.wait_for(people)
        board.add(f"memory.{name}.{people} sent vs {people // 10}", resident(service.pid), "MiB", tenth)
        await api.told()


async def _prepare(url: str, people: int) -> None:
    database = Database(url)
    await migrate(database)
    await crowd.settle(database, people)
    await crowd.approved_broadcast(database)
    await database.close()


async def _answer(service: Process, api: Remote, seconds: float) -> tuple[Times, Times]:
    """Return the milliseconds from writing an answer, and from deciding on it, to its arrival."""
    await api.told()
    tell(service, f"answer {seconds}")
    given: Mapping[str, tuple[float, float]] = json.loads(await said(service))
    arrived: dict[str, float] = {}
    async with asyncio.timeout(_LOST_SECONDS):
        while len(arrived) < len(given):
            arrived |= (await api.told())[1]
    return tuple([(arrived[text] - moments[n]) * 1000 for text, moments in given.items()] for n in (1, 0))  # type: ignore[return-value]
