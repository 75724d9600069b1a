"""What a turn costs: handlers alone, with a database, behind the webhook; and what the process costs idle."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, cast

from benchmarks import stage, startup, storage, webhook
from benchmarks.figure import Board, percentile, quick_asked
from core.clock import utc_now
from core.turn import Inbound, Turn
from handlers import routes
from knowledge.heard import Heard
from services.vault import Vault


async def main() -> None:
    """Measure and print."""
    quick, board = quick_asked(__doc__), Board()
    snapshot, asked = stage.build(quick=quick)
    heard = stage.understood(snapshot, asked[: 100 if quick else 300])
    await _stubbed(board, heard, 10 if quick else 30)
    with TemporaryDirectory() as name:
        folder = Path(name)
        await storage.measure(board, folder, heard, quick=quick)
        await webhook.measure(board, folder, snapshot, asked, quick=quick)
        if not quick:  # the whole knowledge is indexed at each start
            await startup.measure(board, folder, model=False)
        if not quick and stage.has_model():
            await startup.measure(board, folder, model=True)
    board.close()


async def _stubbed(board: Board, heard: Sequence[Heard], rounds: int) -> None:
    """Time the handlers on turns without a database; the floor is a turn that says one sentence."""
    route, inbound, now = routes(Vault(b"0" * 32)).route, Inbound("bench", "1", "1", "text", "优待证怎么办"), utc_now()
    ours: list[float] = []
    floor: list[float] = []
    for _ in range(rounds):
        started = perf_counter()
        for one in heard:
            await route(_turn(inbound, one, now))
        ours.append((perf_counter() - started) / len(heard) * 1e6)
        started = perf_counter()
        for one in heard:
            await _echo(_turn(inbound, one, now))
        floor.append((perf_counter() - started) / len(heard) * 1e6)
    board.add("turn.stubbed vs one sentence said", percentile(ours, 50), "us", percentile(floor, 50), "value<=200")


def _turn(inbound: Inbound, heard: Heard, now: Any) -> Turn[Heard]:
    return Turn(db=cast("Any", None), now=now, inbound=inbound, heard=heard, address_id=1)


async def _echo(turn: Turn[Heard]) -> None:
    turn.say("您好")


if __name__ == "__main__":
    asyncio.run(main())
