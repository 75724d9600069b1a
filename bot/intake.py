"""The way in for every channel: understand in a thread, then decide in one transaction, then wake the delivery."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

import structlog
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.library import Library
from bot.metrics import Metrics
from bot.wake import CONSOLE, DELIVER, FETCH, Wake, stream
from core.clock import Clock
from core.text import clean
from core.turn import Inbound
from db.engine import Database, collided
from handlers import Route, texts
from knowledge.heard import Context, Heard
from knowledge.index import Snapshot
from services import people, turns
from services.amend import Amendment, amend

log = structlog.get_logger()


DATABASE_DOWN = (OperationalError, InterfaceError, PoolTimeoutError, OSError)
"""What a database that cannot be reached raises; asyncpg lets a refused connection through as the bare OSError."""
_TRIES = 3
"""How often a turn is taken that others keep standing in the way of."""


class Intake:
    """Takes inbounds of every channel through the same turn."""

    def __init__(
        self, database: Database, library: Library, route: Route, wake: Wake, metrics: Metrics, now: Clock,
        limits: Mapping[str, int],
    ) -> None:  # fmt: skip
        self._database, self._library, self._route = database, library, route
        self._wake, self._metrics, self.now, self._limits = wake, metrics, now, limits

    @property
    def snapshot(self) -> Snapshot:
        """Return the knowledge in use."""
        return self._library.snapshot

    async def receive(self, inbound: Inbound) -> turns.Taken:
        """Take one inbound; on return its effects are committed, so the channel may acknowledge it.

        Raises:
            One of DATABASE_DOWN: the channel fails the request, and upstream repeats it.
        """
        inbound = replace(inbound, text=clean(inbound.text))  # PostgreSQL cannot store a NUL
        structlog.contextvars.bind_contextvars(channel=inbound.channel, turn_id=inbound.event_id)
        with self._metrics.turn_seconds.labels(inbound.channel).time():
            try:
                taken = await self._insist(inbound)
            except DATABASE_DOWN:
                raise
            except Exception as error:
                log.exception("turn failed")
                self._metrics.failed.labels(inbound.channel).inc()
                async with self._database.transaction() as db:
                    taken = await turns.fail(db, inbound, texts.APOLOGY, repr(error)[:500], self.now())
        if taken.repeated:
            self._metrics.repeated.labels(inbound.channel).inc()
        topics = [
            DELIVER,
            *([stream(taken.address_id)] if taken.address_id else []),
            *([CONSOLE, FETCH] if taken.case_id else []),
        ]
        await self._wake.announce(topics)
        return taken

    async def amend(self, amendment: Amendment) -> None:
        """Put new words in place of a message's old ones; words of danger are answered like any others.

        Raises:
            One of DATABASE_DOWN: as `receive`.
        """
        channel, event_id, text = amendment.channel, amendment.event_id, clean(amendment.text)
        inbound = Inbound(channel, event_id, amendment.sender, "text", text)
        if (await self._hear(inbound)).crisis is not None:
            await self.receive(inbound)
            return
        async with self._database.transaction() as db:
            seen_by_staff = await amend(db, replace(amendment, text=text), self.now())
        if seen_by_staff:
            await self._wake.announce([DELIVER, CONSOLE])

    async def _insist(self, inbound: Inbound) -> turns.Taken:
        """Take it, and again where two transactions stood in each other's way: no tap is lost for that."""
        for _ in range(_TRIES - 1):
            try:
                return await self._take(inbound)
            except DBAPIError as error:
                if not collided(error):
                    raise
                log.warning("turn collided with another, taken again", error=str(error.orig)[:500])
                self._metrics.collided.labels(inbound.channel).inc()
        return await self._take(inbound)

    async def _take(self, inbound: Inbound) -> turns.Taken:
        heard = await self._hear(inbound)
        async with self._database.transaction() as db:
            taken = await turns.take(
                db, self._route, inbound, heard, self.now(), self._limits.get(inbound.channel, turns.DEFAULT_LIMIT)
            )
        if taken.result is not None:
            self._metrics.turns.labels(inbound.channel, taken.result.journey, taken.result.outcome).inc()
        return taken

    async def _hear(self, inbound: Inbound) -> Heard:
        snapshot = self.snapshot
        if inbound.kind != "text":
            return snapshot.nothing_said()
        context = Context()
        if snapshot.leans(inbound.text):
            async with self._database.snapshot() as db:
                conversation = await people.read_conversation(db, inbound.channel, inbound.sender)
            context = Context.remembered(conversation.data) if conversation else context
        return await asyncio.to_thread(snapshot.hear, inbound.text, context)
