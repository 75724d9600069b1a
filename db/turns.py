"""What came in and what goes out: together the transcript."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Id
from db.people import Address


class Inbox(Base):
    """One inbound event, taken once: the primary key is the guard against deliveries that repeat."""

    __tablename__ = "inbox"
    __table_args__ = (Index("ix_inbox_case_id_at", "case_id", "at"),)

    channel: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(primary_key=True)
    address_id: Mapped[int | None] = mapped_column(ForeignKey(Address.id), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("support_case.id"))
    kind: Mapped[str]
    text: Mapped[str]
    message_id: Mapped[str | None]
    """The channel's own id of the message, by which an edit names it."""
    place: Mapped[dict[str, Any] | None]
    """{"latitude", "longitude"} in degrees, of a sent location; exact within a case only (services/sent_places.py)."""
    at: Mapped[datetime]
    result: Mapped[dict[str, Any] | None]
    """journey, outcome, entry, score, facts, near: how it was answered."""
    error: Mapped[str | None]


class InboxVersion(Base):
    """What an inbound said before the person edited it."""

    __tablename__ = "inbox_version"
    __table_args__ = (
        ForeignKeyConstraint(["channel", "event_id"], [Inbox.channel, Inbox.event_id]),
        Index("ix_inbox_version_channel_event_id", "channel", "event_id"),
    )

    id: Mapped[Id]
    channel: Mapped[str]
    event_id: Mapped[str]
    text: Mapped[str]
    until: Mapped[datetime]
    """When it was replaced."""


STATUSES = ("ready", "held", "sent", "dead", "cancelled")
_READY, _HELD, _DEAD = text("status = 'ready'"), text("status = 'held'"), text("status = 'dead'")


class Outbox(Base):
    """One message that is decided; its status says whether it reached the channel."""

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint(f"status IN {STATUSES}", name="status"),
        CheckConstraint("lane BETWEEN 0 AND 2", name="lane"),
        UniqueConstraint("dedupe_key"),
        UniqueConstraint("channel", "recipient", "external_id"),
        Index("ix_outbox_ready", "channel", "lane", "id", sqlite_where=_READY, postgresql_where=_READY),
        Index(
            "ix_outbox_ready_recipient",
            "channel",
            "recipient",
            "lane",
            "id",
            sqlite_where=_READY,
            postgresql_where=_READY,
        ),
        Index("ix_outbox_address_id_id", "address_id", "id"),
        Index("ix_outbox_in_reply_to", "channel", "in_reply_to"),
        Index("ix_outbox_case_id_id", "case_id", "id"),
        Index(
            "ix_outbox_held",
            "channel",
            "recipient",
            "id",
            "available_at",
            "expires_at",
            sqlite_where=_HELD,
            postgresql_where=_HELD,
        ),
        Index("ix_outbox_dead", "at", sqlite_where=_DEAD, postgresql_where=_DEAD),
        Index("ix_outbox_broadcast_id", "broadcast_id", "status"),
        Index("ix_outbox_reminder_id", "reminder_id"),
    )

    id: Mapped[Id]
    channel: Mapped[str]
    recipient: Mapped[str]
    address_id: Mapped[int | None] = mapped_column(ForeignKey(Address.id))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("support_case.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Who of staff wrote it; None for the service itself."""
    lane: Mapped[int]
    notice: Mapped[str | None]
    """The kind of what is said unasked (services/notice_kinds.py); None for an answer."""
    broadcast_id: Mapped[int | None] = mapped_column(ForeignKey("broadcast.id"))
    reminder_id: Mapped[int | None] = mapped_column(ForeignKey("reminder.id"))
    released_at: Mapped[datetime | None]
    """When the notice policy let it go: what a person's day is counted by."""
    window_end: Mapped[datetime | None]
    """When its recipient's quiet hours begin: not sent from then on, but held until they end."""
    payload: Mapped[dict[str, Any]]
    """{"text", "choices": [{"label", "action", "digit"}]}, perhaps "document" {"name", "media_type",
    "text"} and "qr" (core/reply.py); other keys belong to the channel named "staff"."""
    at: Mapped[datetime]
    dedupe_key: Mapped[str | None]
    in_reply_to: Mapped[str | None]
    """The event id of the inbound that this answers."""
    edits_id: Mapped[int | None]
    """The outbox row whose message this one takes the place of."""
    status: Mapped[str] = mapped_column(default="ready")
    available_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_token: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    external_id: Mapped[str | None]
    read_at: Mapped[datetime | None]
    """When the person's screen showed it, where the channel tells."""
    error: Mapped[str | None]


class FollowUp(Base):
    """Staff have seen to what did not reach an account, up to a moment."""

    __tablename__ = "follow_up"

    channel: Mapped[str] = mapped_column(primary_key=True)
    recipient: Mapped[str] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]
