"""Visits to service stations: what is done there, the times one can have, who has one, who waits, who stands in line."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Id
from db.people import Address, Person
from db.places import Station
from db.staff import Staff

BOOKING_STATUSES = ("booked", "came", "no_show", "over", "cancelled")
"""Whoever came, or did not, used the place up, also when nobody noted which (over); only what is cancelled gives it back."""
WAITING_STATUSES = ("waiting", "offered", "taken", "passed", "left")
"""In line; a place is kept for them; they took it; they let it pass; they left, or nothing came of it."""
TICKET_STATUSES = ("waiting", "called", "done", "gone")
WAITING_NEWS = ("offered", "passed", "closed", "ended")
"""A place is kept for them; they let it run out; nothing is open that day any more; the day is over without a place."""
LETTERS = ("A", "B")
"""Of queue numbers: A was booked, B just came."""
_BOOKED = text("status = 'booked'")
_IN_LINE = text("status IN ('waiting', 'offered')")
_REMINDED = text("remind_at IS NOT NULL")
_UNTOLD = text("untold_slot_id IS NOT NULL")
_CALLED = text("status = 'called'")
_NEWS = text("news IS NOT NULL")


class Service(Base):
    """What people come to a station for (事项), and what they bring."""

    __tablename__ = "service"
    __table_args__ = (
        UniqueConstraint("name"),
        CheckConstraint("minutes BETWEEN 5 AND 480", name="minutes"),
        CheckConstraint("capacity > 0", name="capacity"),
    )

    id: Mapped[Id]
    name: Mapped[str]
    words: Mapped[list[str]] = mapped_column(JSON)
    """What else people call it."""
    bring: Mapped[str]
    """What to bring, a thing a line; "" for nothing but oneself."""
    entry: Mapped[str | None]
    """The slug of the knowledge entry that says what has to be brought, with its source."""
    minutes: Mapped[int]
    """How long one visit takes, where a station does not say otherwise."""
    capacity: Mapped[int]
    """How many are served at the same time, where a station does not say otherwise."""


class StationService(Base):
    """A service that a station offers; None means as the service has it."""

    __tablename__ = "station_service"
    __table_args__ = (
        CheckConstraint("minutes BETWEEN 5 AND 480", name="minutes"),
        CheckConstraint("capacity > 0", name="capacity"),
        Index("ix_station_service_service_id", "service_id"),
    )

    station_id: Mapped[int] = mapped_column(ForeignKey(Station.id), primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey(Service.id), primary_key=True)
    minutes: Mapped[int | None]
    capacity: Mapped[int | None]


class StationClosure(Base):
    """A day on which a station is closed, although the calendar and its week would have it open."""

    __tablename__ = "station_closure"

    station_id: Mapped[int] = mapped_column(ForeignKey(Station.id), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    reason: Mapped[str]
    """Whoever had booked reads it."""
    staff_id: Mapped[int | None] = mapped_column(ForeignKey(Staff.id))
    at: Mapped[datetime]


class Slot(Base):
    """A time for a service at a station (时段); the row is there once somebody wanted it."""

    __tablename__ = "slot"
    __table_args__ = (
        UniqueConstraint("station_id", "service_id", "starts_at"),
        CheckConstraint("taken BETWEEN 0 AND capacity", name="taken"),
        CheckConstraint("ends_at > starts_at", name="ends_at"),
        Index("ix_slot_service_id_starts_at", "service_id", "starts_at"),
    )

    id: Mapped[Id]
    station_id: Mapped[int] = mapped_column(ForeignKey(Station.id))
    service_id: Mapped[int] = mapped_column(ForeignKey(Service.id))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    capacity: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    """Bookings that are not cancelled, and places kept for those who wait."""


class Booking(Base):
    """A visit (预约); moving keeps the row and its code, cancelling gives the place back."""

    __tablename__ = "booking"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint(f"status IN {BOOKING_STATUSES}", name="status"),
        CheckConstraint("late_minutes BETWEEN 0 AND 600", name="late_minutes"),
        Index(
            "uq_booking_service_id_who_key", "service_id", "who_key",
            unique=True, sqlite_where=_BOOKED, postgresql_where=_BOOKED,
        ),
        Index(
            "uq_booking_slot_id_person_id", "slot_id", "person_id",
            unique=True, sqlite_where=_BOOKED, postgresql_where=_BOOKED,
        ),
        Index("ix_booking_slot_id", "slot_id"),
        Index("ix_booking_address_id", "address_id"),
        Index("ix_booking_person_id", "person_id"),
        Index("ix_booking_who_key", "who_key"),
        Index("ix_booking_remind_at", "remind_at", sqlite_where=_REMINDED, postgresql_where=_REMINDED),
        Index("ix_booking_untold_slot_id", "untold_slot_id", sqlite_where=_UNTOLD, postgresql_where=_UNTOLD),
    )  # fmt: skip

    id: Mapped[Id]
    code: Mapped[str]
    slot_id: Mapped[int] = mapped_column(ForeignKey(Slot.id))
    service_id: Mapped[int] = mapped_column(ForeignKey(Service.id))
    """The slot's, here so that the database itself allows one open booking a person and service."""
    address_id: Mapped[int | None] = mapped_column(ForeignKey(Address.id))
    """The account that booked; None for what staff wrote down for somebody without one."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    who_key: Mapped[str]
    """Whom it is for, so that two of the same can be told: the record, else the account, else name and number."""
    name: Mapped[str | None]
    """Encrypted, as given for this visit."""
    phone: Mapped[str | None]
    """Encrypted."""
    purpose: Mapped[str]
    made_by: Mapped[str]
    """本人, the relation of who acted, or 工作人员."""
    staff_id: Mapped[int | None] = mapped_column(ForeignKey(Staff.id))
    status: Mapped[str] = mapped_column(default="booked")
    sequence: Mapped[int] = mapped_column(default=0)
    """How often it was changed: SEQUENCE of the calendar file (RFC 5545, 3.8.7.4)."""
    remind_at: Mapped[datetime | None]
    """When the next reminder is due."""
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    changed_by: Mapped[str | None]
    """Who moved or cancelled it last, in the words of made_by."""
    reason: Mapped[str | None]
    """Why they did."""
    changed_staff_id: Mapped[int | None] = mapped_column(ForeignKey(Staff.id))
    """Who of staff did, when it was staff."""
    untold_slot_id: Mapped[int | None] = mapped_column(ForeignKey(Slot.id))
    """The time they still believe in, when staff changed it and nothing reached them; None once somebody rang them up."""
    late_minutes: Mapped[int | None]
    """By how much they said they will be late; 0 when they did not say how much, None when they said nothing."""


class Waiting(Base):
    """A place in the waiting list (候补) of a day, or of a half of it, for a service at a station."""

    __tablename__ = "waiting"
    __table_args__ = (
        CheckConstraint("half IN ('am', 'pm', 'any')", name="half"),
        CheckConstraint(f"status IN {WAITING_STATUSES}", name="status"),
        CheckConstraint("(status = 'offered') = (slot_id IS NOT NULL)", name="offered"),
        CheckConstraint(f"news IN {WAITING_NEWS}", name="news"),
        Index(
            "uq_waiting_service_id_who_key", "service_id", "who_key",
            unique=True, sqlite_where=_IN_LINE, postgresql_where=_IN_LINE,
        ),
        Index(
            "ix_waiting_line", "station_id", "service_id", "day", "id",
            sqlite_where=_IN_LINE, postgresql_where=_IN_LINE,
        ),
        Index("ix_waiting_address_id", "address_id"),
        Index("ix_waiting_person_id", "person_id"),
        Index("ix_waiting_slot_id", "slot_id"),
        Index("ix_waiting_news", "id", sqlite_where=_NEWS, postgresql_where=_NEWS),
    )  # fmt: skip

    id: Mapped[Id]
    station_id: Mapped[int] = mapped_column(ForeignKey(Station.id))
    service_id: Mapped[int] = mapped_column(ForeignKey(Service.id))
    day: Mapped[date]
    half: Mapped[str]
    address_id: Mapped[int | None] = mapped_column(ForeignKey(Address.id))
    person_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    who_key: Mapped[str]
    name: Mapped[str | None]
    """Encrypted."""
    phone: Mapped[str | None]
    """Encrypted."""
    purpose: Mapped[str]
    made_by: Mapped[str]
    status: Mapped[str] = mapped_column(default="waiting")
    slot_id: Mapped[int | None] = mapped_column(ForeignKey(Slot.id))
    """Where a place is kept for them, while it is offered: that place counts as taken."""
    offer_until: Mapped[datetime | None]
    news: Mapped[str | None]
    """What still has to be told of it (WAITING_NEWS); None when nothing has."""
    by_phone: Mapped[bool] = mapped_column(default=False)
    """No push reaches them: staff tell the news by telephone."""
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Ticket(Base):
    """A number in the line of a day at a station (排队号): A for who booked, B for who just came."""

    __tablename__ = "ticket"
    __table_args__ = (
        UniqueConstraint("station_id", "day", "letter", "number"),
        UniqueConstraint("booking_id"),
        CheckConstraint(f"letter IN {LETTERS}", name="letter"),
        CheckConstraint(f"status IN {TICKET_STATUSES}", name="status"),
        Index(
            "uq_ticket_station_id_day_window", "station_id", "day", "window",
            unique=True, sqlite_where=_CALLED, postgresql_where=_CALLED,
        ),
    )  # fmt: skip

    id: Mapped[Id]
    station_id: Mapped[int] = mapped_column(ForeignKey(Station.id))
    day: Mapped[date]
    letter: Mapped[str]
    number: Mapped[int]
    booking_id: Mapped[int | None] = mapped_column(ForeignKey(Booking.id))
    service_id: Mapped[int | None] = mapped_column(ForeignKey(Service.id))
    turn_at: Mapped[datetime]
    """When it is this number's turn at the earliest: the time that was booked, or when they came."""
    status: Mapped[str] = mapped_column(default="waiting")
    window: Mapped[str | None]
    """Where they were called to (窗口)."""
    staff_id: Mapped[int | None] = mapped_column(ForeignKey(Staff.id))
    """Who called them."""
    came_at: Mapped[datetime]
    called_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
