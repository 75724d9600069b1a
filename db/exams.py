"""Physical examinations and short recuperation: batches, their sessions, and who has a place."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Id
from db.people import Person
from db.staff import Staff

_ACTIVE = text("status = 'active'")


class ExamBatch(Base):
    """A batch of physical examinations (体检) or of short recuperation (短期疗养)."""

    __tablename__ = "exam_batch"
    __table_args__ = (
        UniqueConstraint("title"),
        CheckConstraint("kind IN ('exam', 'recuperation')", name="kind"),
        CheckConstraint("status IN ('draft', 'open', 'closed')", name="status"),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    title: Mapped[str]
    place: Mapped[str]
    """The hospital or sanatorium and its address."""
    before: Mapped[str]
    """What to mind before, such as fasting."""
    bring: Mapped[str]
    """What to bring."""
    phone: Mapped[str]
    categories: Mapped[list[str]] = mapped_column(JSON)
    """Whom it is for; empty means all who are on file."""
    closes_on: Mapped[date]
    """The last day of signing up, moving and cancelling in the chat."""
    status: Mapped[str] = mapped_column(default="draft")
    created_by: Mapped[int | None] = mapped_column(ForeignKey(Staff.id))
    created_at: Mapped[datetime]


class ExamSession(Base):
    """A half-day of an examination, or the days of a recuperation group, with so many places."""

    __tablename__ = "exam_session"
    __table_args__ = (
        UniqueConstraint("batch_id", "day", "half"),
        CheckConstraint("half IN ('am', 'pm', 'days')", name="half"),
        CheckConstraint("taken BETWEEN 0 AND capacity", name="taken"),
    )

    id: Mapped[Id]
    batch_id: Mapped[int] = mapped_column(ForeignKey(ExamBatch.id))
    day: Mapped[date]
    until: Mapped[date | None]
    """The last day, of a recuperation."""
    half: Mapped[str]
    capacity: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)


class ExamPlace(Base):
    """A person's place; moving keeps the row, cancelling gives the place back."""

    __tablename__ = "exam_place"
    __table_args__ = (
        Index(
            "uq_exam_place_batch_id_person_id", "batch_id", "person_id",
            unique=True, sqlite_where=_ACTIVE, postgresql_where=_ACTIVE,
        ),
        UniqueConstraint("code"),
        CheckConstraint("status IN ('active', 'cancelled')", name="status"),
        Index("ix_exam_place_session_id", "session_id"),
        Index("ix_exam_place_person_id", "person_id"),
    )  # fmt: skip

    id: Mapped[Id]
    batch_id: Mapped[int] = mapped_column(ForeignKey(ExamBatch.id))
    session_id: Mapped[int] = mapped_column(ForeignKey(ExamSession.id))
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    code: Mapped[str]
    made_by: Mapped[str]
    """本人, the relation of who acted for the person, or 工作人员."""
    status: Mapped[str] = mapped_column(default="active")
    attended: Mapped[bool | None]
    """None until it was typed in or imported."""
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
