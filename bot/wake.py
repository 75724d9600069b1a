"""Wake whoever waits for new outbox rows: inside the process by events, between processes by Redis."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

DELIVER = "deliver"
NOTICES = "notices"
"""What is said unasked has been let go."""
CONSOLE = "console"
"""Everything that staff see live."""
FETCH = "fetch"
"""Files of a case that are still with the channel."""


def stream(address_id: int) -> str:
    """Return the topic that a browser's stream waits on."""
    return f"web:{address_id}"


class Wake:
    """Topics and the events that wait on them. A lost wake-up costs a second, never a message: waiters also poll."""

    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Event]] = defaultdict(set)

    @contextmanager
    def listen(self, topic: str) -> Iterator[asyncio.Event]:
        """Give an event that is set at each announcement of the topic."""
        event = asyncio.Event()
        self._waiting[topic].add(event)
        try:
            yield event
        finally:
            self._waiting[topic].discard(event)
            if not self._waiting[topic]:
                del self._waiting[topic]

    def topics(self) -> list[str]:
        """Return the topics that somebody waits on."""
        return list(self._waiting)

    def announce_here(self, topics: Iterable[str]) -> None:
        """Set the events of this process."""
        for topic in topics:
            for event in self._waiting.get(topic, ()):
                event.set()

    async def announce(self, topics: Iterable[str]) -> None:
        """Tell everyone who waits on the topics."""
        self.announce_here(topics)

    async def relay(self) -> None:
        """Pass on what other processes announce; inside one process there are none."""

    async def close(self) -> None:
        """Let go of connections; inside one process there are none."""


async def wait(event: asyncio.Event, seconds: float) -> None:
    """Wait for an event at most so many seconds, and clear it."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
    event.clear()
