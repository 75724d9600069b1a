"""Talk to the service without a network: the same turn, on a database of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from secrets import token_bytes
from tempfile import TemporaryDirectory
from uuid import uuid4

from sqlalchemy import select

from bot.intake import Intake
from bot.library import Library
from bot.metrics import Metrics
from bot.settings import Settings
from bot.wake import Wake
from core.clock import utc_now
from core.turn import Inbound
from db.engine import Database
from db.migrate import migrate
from db.turns import Inbox, Outbox
from handlers import routes
from services.vault import Vault


class Desk:
    """One conversation after another through the real intake."""

    def __init__(self, database: Database, library: Library, intake: Intake) -> None:
        self._database, self.library, self._intake = database, library, intake

    async def say(self, sender: str, text: str) -> tuple[list[Outbox], Inbox]:
        """Say something; return the replies and the record of the turn."""
        event_id = uuid4().hex
        taken = await self._intake.receive(Inbound("terminal", event_id, sender, "text", text))
        async with self._database.snapshot() as db:
            rows = await db.scalars(select(Outbox).where(Outbox.id.in_(taken.replies)).order_by(Outbox.id))
            inbox = await db.get_one(Inbox, ("terminal", event_id))
            return list(rows), inbox


@asynccontextmanager
async def desk(settings: Settings) -> AsyncIterator[Desk]:
    """Open a desk on a database that is thrown away afterwards."""
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite+aiosqlite:///{Path(folder) / 'desk.sqlite3'}")
        await migrate(database)
        metrics = Metrics()
        library = Library(settings.data_dir, settings.region, metrics, utc_now, samples=not settings.production)
        route = routes(Vault(token_bytes(32))).route  # for a database that is thrown away
        intake = Intake(database, library, route, Wake(), metrics, utc_now, {})
        try:
            yield Desk(database, library, intake)
        finally:
            await database.close()


def drawn(row: Outbox) -> str:
    """Return a reply as a terminal shows it, the name of its file and its choices below."""
    choices = [f"  {c['digit']} {c['label']}" for c in row.payload["choices"]]
    document = row.payload.get("document")
    beside = [] if document is None else [f"  〔文件 {document['name']}〕"]
    return "\n".join([row.payload["text"], *beside, *choices])
