"""What falls due for one person at a time: certification, examinations, visits."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Id
from db.people import Person

KINDS = ("certification", "exam", "recuperation", "visit")
STATUSES = ("pending", "done", "stopped")
_PENDING = text("status = 'pending'")


class Reminder(Base):
    """What a person is reminded of, and which step comes next."""

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("person_id", "kind", "period"),
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint(f"status IN {STATUSES}", name="status"),
        Index("ix_reminder_due", "next_at", "id", sqlite_where=_PENDING, postgresql_where=_PENDING),
        Index("ix_reminder_about", "kind", "about_id"),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    kind: Mapped[str]
    period: Mapped[str]
    """What it is for, so that it is made once: the campaign, or the place that was signed up for."""
    about_id: Mapped[int]
    """The campaign's id, or the id of the place that was signed up for, by kind."""
    due_on: Mapped[date]
    step: Mapped[int] = mapped_column(default=0)
    """How many steps are behind."""
    next_at: Mapped[datetime | None]
    """When the next step is due; None when none is left."""
    status: Mapped[str] = mapped_column(default="pending")
