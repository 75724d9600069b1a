"""What goes wrong around a case: processes die before a commit, people block us, the network is down."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

from bot.channels.base import Message, PauseChannelError, RejectedError, UnavailableError, UnreachableError
from db.engine import Database

_FAULTS = {
    "blocked": UnreachableError("blocked"),
    "rejected": RejectedError("bad request"),
    "down": UnavailableError("no network"),
    "pause": PauseChannelError(7),
}


class Killed(BaseException):
    """The process is gone, its transaction with it."""


class MortalDatabase(Database):
    """A database whose process can be made to die just before a commit."""

    lives: int | None = None
    """So many commits until one that is not reached; None for a long life."""

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Any]:
        async with super().transaction() as db:
            yield db
            if self.lives is not None:
                self.lives -= 1
                if self.lives == 0:
                    self.lives = None
                    raise Killed


class FakeChannel:
    """Whoever is on the other side, in any mood."""

    def __init__(self, name: str) -> None:
        self.name, self.seen, self.moods, self._ids = name, list[str](), dict[str, str](), count(1)

    async def send(self, message: Message) -> str:
        fault = _FAULTS.get(self.moods.get(message.recipient, ""))
        if fault is not None:
            raise fault
        self.seen.append(message.text)
        return str(next(self._ids))
