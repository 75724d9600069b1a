"""When the bureau works: what staff changed of the decreed calendar, the hours of a week, and how fast a reply is due."""

from datetime import date, time

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Id


class CalendarDay(Base):
    """A day that staff marked as worked or as free, over what the State Council's notice or the weekday says."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    working: Mapped[bool]
    note: Mapped[str | None]


class OfficeHours(Base):
    """One open period of a weekday, China time; two of a day leave lunch between them."""

    __tablename__ = "office_hours"
    __table_args__ = (
        UniqueConstraint("weekday", "opens"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("opens < closes", name="order"),
    )

    id: Mapped[Id]
    weekday: Mapped[int]
    """0 is Monday."""
    opens: Mapped[time]
    closes: Mapped[time]


class ReplyTarget(Base):
    """How many working minutes staff may take, by kind of case; kinds without a row have the shipped ones."""

    __tablename__ = "reply_target"

    kind: Mapped[str] = mapped_column(primary_key=True)
    first_minutes: Mapped[int]
    next_minutes: Mapped[int]
