"""Write down what became of each send: until that is done, a message on somebody's screen may be sent once more."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.metrics import Metrics
from bot.wake import CONSOLE, Wake
from core.clock import Clock
from db.engine import Database
from db.turns import Outbox
from services import case_marks, outbox, people

DATABASE_DOWN = (DBAPIError, PoolTimeoutError, OSError)
"""What a database raises that is being restarted; asyncpg lets a refused connection through as the bare OSError."""
_AGAIN_SECONDS = 0.25
_FIRST_RETRY, _LONGEST_RETRY = 1.0, 300.0

Change = Callable[[AsyncSession], Awaitable[bool]]

log = structlog.get_logger()


class Outcomes:
    """Ends a claimed row in one of the ways there are, in a transaction of its own."""

    def __init__(self, database: Database, wake: Wake, metrics: Metrics, now: Clock, patience: timedelta) -> None:
        self._database, self._wake, self._metrics, self._now = database, wake, metrics, now
        self._patience = patience.total_seconds()

    async def sent(self, row: Outbox, external_id: str | None) -> None:
        """Note that a message is on the screen, and let digits mean what it offers."""
        offered = row.payload["choices"] if row.notice is not None and row.address_id is not None else ()

        async def settle(db: AsyncSession) -> bool:
            if offered and row.address_id is not None:  # first the conversation, as in a turn: else they deadlock
                await people.offer(db, row.address_id, offered)
            ours = await outbox.settle(db, row, external_id)
            if ours:
                await case_marks.sent(db, [row], self._now())
            return ours

        async def settle_lightly() -> bool:
            return await self._database.lightly(outbox.SETTLE, outbox.settling(row, external_id)) == 1

        plain = row.notice is not None and not offered and row.case_id is None
        ours = await self._insist(settle_lightly) if plain else await self._change(settle)
        self.count(row, "sent" if ours else "lease lost")
        await self._tell_staff(row)

    async def postpone(self, row: Outbox, until: datetime, error: str, *, counts: bool = False) -> None:
        """Have it sent later."""
        ours = await self._change(lambda db: outbox.postpone(db, row, until, error, counts=counts))
        self.count(row, "postponed" if ours else "lease lost")

    async def retry(self, row: Outbox, error: str) -> None:
        """Have it sent later, ever later, and after the last try not at all."""
        if row.attempts >= outbox.ATTEMPTS:
            await self.bury(row, error, unreachable=False)
            return
        pause = min(_FIRST_RETRY * 2 ** (row.attempts - 1), _LONGEST_RETRY)
        await self.postpone(row, self._now() + timedelta(seconds=pause), error, counts=True)

    async def bury(self, row: Outbox, error: str, *, unreachable: bool) -> None:
        """Note that it will never arrive, where staff see it."""

        async def give_up(db: AsyncSession) -> bool:
            ours = await outbox.give_up(db, row, error)
            if ours:
                await case_marks.lost(db, row, error, self._now(), unreachable=unreachable)
            if unreachable:
                await people.set_reachable(db, row.channel, row.recipient, reachable=False)
            return ours

        await self._change(give_up)
        self.count(row, "unreachable" if unreachable else "dead")
        log.warning("message not deliverable", outbox_id=row.id, channel=row.channel, error=error)
        await self._tell_staff(row)

    async def hold_back(self, row: Outbox) -> None:
        """Give a notice back to the policy: quiet hours have begun."""
        ours = await self._change(lambda db: outbox.hold_back(db, row, self._now()))
        self.count(row, "held" if ours else "lease lost")

    async def let_expire(self, row: Outbox) -> None:
        """Drop what would come too late."""
        ours = await self._change(lambda db: outbox.let_expire(db, row))
        self.count(row, "expired" if ours else "lease lost")

    def count(self, row: Outbox, outcome: str) -> None:
        """Count it for the operators."""
        self._metrics.deliveries.labels(row.channel, outcome).inc()

    async def _change(self, change: Change) -> bool:
        async def in_transaction() -> bool:
            async with self._database.transaction() as db:
                return await change(db)

        return await self._insist(in_transaction)

    async def _insist(self, write: Callable[[], Awaitable[bool]]) -> bool:
        """Try until the lease has ended, for a database that is away comes back, and what was sent stays sent."""
        time = asyncio.get_running_loop().time
        last = time() + self._patience
        while True:
            try:
                return await write()
            except IntegrityError:
                raise
            except DATABASE_DOWN as error:
                if time() >= last:
                    raise
                log.warning("outcome not written yet", error=type(error).__name__)
            await asyncio.sleep(_AGAIN_SECONDS)

    async def _tell_staff(self, row: Outbox) -> None:
        if row.case_id is not None:
            await self._wake.announce([CONSOLE])
