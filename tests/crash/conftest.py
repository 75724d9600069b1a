"""Processes that start in milliseconds and are killed without mercy."""

import multiprocessing
from collections.abc import Callable, Iterator
from multiprocessing.process import BaseProcess
from typing import Any

import pytest

Spawn = Callable[..., BaseProcess]

_PATIENCE = 60
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(
    [
        "tests.crash.driver",
        "tests.crash.case_driver",
        "tests.crash.notice_driver",
        "tests.crash.broadcast_driver",
        "tests.crash.path_driver",
        "tests.crash.digest_driver",
        "tests.crash.booking_driver",
    ]
)


@pytest.fixture
def spawn() -> Iterator[Spawn]:
    """Start a function of the driver in a process of its own."""
    started: list[BaseProcess] = []

    def start(work: Callable[..., None], *args: Any) -> BaseProcess:
        process = _PROCESSES.Process(target=work, args=args)
        process.start()
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.join()
        process.close()


class Progress:
    """The pipe by which processes tell how far they are."""

    def __init__(self) -> None:
        self._reading, self.writing = _PROCESSES.Pipe(duplex=False)

    def wait_for(self, steps: int) -> None:
        """Return after so many more steps, those of processes that are dead by now not counted."""
        while self._reading.poll():
            self._reading.recv()
        for _ in range(steps):
            assert self._reading.poll(_PATIENCE), "no process got anywhere"
            self._reading.recv()

    def close(self) -> None:
        self._reading.close()
        self.writing.close()


@pytest.fixture
def progress() -> Iterator[Progress]:
    opened = Progress()
    yield opened
    opened.close()
