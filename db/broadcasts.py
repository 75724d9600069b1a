"""Broadcasts: what is said to many, who approved it, and what became of it for every single one."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Id
from db.people import Address, Person
from db.staff import Staff

STATUSES = ("draft", "submitted", "scheduled", "freezing", "sending", "paused", "cancelled", "done")
FATES = ("waiting", "queued", "blocked", "never", "stopped", "erased", "deceased")
"""Waiting to be queued, queued in the outbox, and the reasons why nothing is sent."""
_WAITING = text("fate = 'waiting'")


class Broadcast(Base):
    """One broadcast, from draft to done; nobody approves what they drafted."""

    __tablename__ = "broadcast"
    __table_args__ = (
        CheckConstraint(f"status IN {STATUSES}", name="status"),
        CheckConstraint("approved_by <> drafted_by", name="second_person"),
        CheckConstraint(
            "status IN ('draft', 'submitted', 'cancelled') OR approved_by IS NOT NULL", name="approved"
        ),
    )  # fmt: skip

    id: Mapped[Id]
    title: Mapped[str]
    body: Mapped[str]
    audience: Mapped[dict[str, Any]]
    """What services.audience.Audience is made of."""
    urgent: Mapped[bool] = mapped_column(default=False)
    """Sent in quiet hours too."""
    status: Mapped[str] = mapped_column(default="draft")
    drafted_by: Mapped[int] = mapped_column(ForeignKey(Staff.id))
    submitted_at: Mapped[datetime | None]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey(Staff.id))
    approved_at: Mapped[datetime | None]
    returned: Mapped[str | None]
    """Why it was not approved."""
    starts_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    """What was not sent by then is not sent late."""
    frozen_to: Mapped[int] = mapped_column(default=0)
    """Up to which person id, below 0 up to which account, the recipients are written down."""
    fed_to: Mapped[int | None]
    """Up to which recipient the outbox has been filled."""
    started_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    resend_of: Mapped[int | None] = mapped_column(ForeignKey("broadcast.id"))
    created_at: Mapped[datetime]


class BroadcastRecipient(Base):
    """One of the frozen list: a person, or an account of somebody not known."""

    __tablename__ = "broadcast_recipient"
    __table_args__ = (
        CheckConstraint(f"fate IN {FATES}", name="fate"),
        Index(
            "ix_broadcast_recipient_waiting", "broadcast_id", "number",
            sqlite_where=_WAITING, postgresql_where=_WAITING,
        ),
    )  # fmt: skip

    broadcast_id: Mapped[int] = mapped_column(ForeignKey(Broadcast.id), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    """The person's id; below 0 the id of an account that belongs to no record, so that each is listed once."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    address_id: Mapped[int | None] = mapped_column(ForeignKey(Address.id))
    """Where it is sent; None when there is nowhere."""
    fate: Mapped[str]
