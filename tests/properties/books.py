"""What the database holds after anything has happened, read at once."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from core.turn import Inbound
from db.base import Base
from db.cases import CaseEvent, CaseNote, SupportCase
from db.engine import Database
from db.media import Attachment
from db.people import Address, Conversation
from db.turns import Inbox, InboxVersion, Outbox
from services import staff_group

_TABLES = (Address, Attachment, CaseEvent, CaseNote, Conversation, Inbox, InboxVersion, Outbox, SupportCase)


@dataclass
class Books:
    """Every row of a case and of what was said."""

    tables: dict[type[Base], list[Any]]

    def __post_init__(self) -> None:
        self.cases: list[SupportCase] = self.tables[SupportCase]
        self.conversations: list[Conversation] = self.tables[Conversation]
        self.inbox: list[Inbox] = self.tables[Inbox]
        self.versions: list[InboxVersion] = self.tables[InboxVersion]
        self.attachments: list[Attachment] = self.tables[Attachment]
        self.notes: list[CaseNote] = self.tables[CaseNote]
        said: list[Outbox] = self.tables[Outbox]
        self.group = [row for row in said if row.channel == staff_group.CHANNEL]
        self.outbox = [row for row in said if row.channel != staff_group.CHANNEL]
        self.addresses = {a.id: (a.channel, a.external_id) for a in self.tables[Address]}
        events: list[CaseEvent] = self.tables[CaseEvent]
        self.failures = {e.detail["outbox_id"] for e in events if e.kind in ("unreachable", "undelivered")}

    def case(self, case_id: int) -> SupportCase:
        """Return a case."""
        return next(case for case in self.cases if case.id == case_id)

    def replies_to(self, inbound: Inbound) -> list[Outbox]:
        """Return what the service itself answered an inbound with."""
        return [o for o in self.outbox if (o.channel, o.in_reply_to) == (inbound.channel, inbound.event_id)]

    @property
    def everything(self) -> dict[str, list[dict[str, Any]]]:
        """Return all rows as plain values, to compare."""
        return {
            table.__tablename__: [{c.key: getattr(row, c.key) for c in table.__table__.columns} for row in rows]
            for table, rows in self.tables.items()
        }


async def read_books(database: Database) -> Books:
    """Read everything."""
    async with database.snapshot() as db:
        return Books(
            {t: list(await db.scalars(select(t).order_by(*t.__table__.primary_key.columns))) for t in _TABLES}  # type: ignore[attr-defined]
        )
