"""Photos, files and voice of both sides: what is known of each; the bytes lie in the data folder by their hash."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Id
from db.people import Address
from db.turns import Inbox, Outbox

MEDIA_KINDS = ("photo", "voice", "video", "document")
MEDIA_STATUSES = ("pending", "stored", "refused", "failed")
_PENDING = text("status = 'pending'")


class Attachment(Base):
    """One file that came with an inbound or goes with an outbox row."""

    __tablename__ = "attachment"
    __table_args__ = (
        ForeignKeyConstraint(["channel", "event_id"], [Inbox.channel, Inbox.event_id]),
        CheckConstraint(f"kind IN {MEDIA_KINDS}", name="kind"),
        CheckConstraint(f"status IN {MEDIA_STATUSES}", name="status"),
        CheckConstraint("status <> 'stored' OR sha256 IS NOT NULL", name="stored"),
        Index("ix_attachment_channel_event_id", "channel", "event_id"),
        Index("ix_attachment_pending", "available_at", sqlite_where=_PENDING, postgresql_where=_PENDING),
    )

    id: Mapped[Id]
    address_id: Mapped[int] = mapped_column(ForeignKey(Address.id), index=True)
    channel: Mapped[str]
    event_id: Mapped[str | None]
    """The inbound it came with."""
    outbox_id: Mapped[int | None] = mapped_column(ForeignKey(Outbox.id), index=True)
    """The message it goes with."""
    kind: Mapped[str]
    name: Mapped[str]
    """As the sender called it, for showing only; never a path."""
    media_type: Mapped[str | None]
    """As sniffed from the bytes, never as claimed."""
    size: Mapped[int | None]
    """Bytes."""
    sha256: Mapped[str | None]
    file_ref: Mapped[str | None]
    """The channel's own name of a file still to be fetched."""
    status: Mapped[str] = mapped_column(default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    available_at: Mapped[datetime]
    error: Mapped[str | None]
    at: Mapped[datetime]
