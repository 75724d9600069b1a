"""Job fairs, training classes, lectures and memorial activities: who comes, who waits, who was there."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Id
from db.people import Address, Person
from db.staff import Staff

KINDS = ("fair", "adaptation", "skill", "degree", "startup", "lecture", "memorial", "other")
GROUPS = ("fair", "training", "activity")
"""What people subscribe to: fairs; 适应性培训, 技能培训, 学历提升, 创业培训; the rest."""
STATUSES = ("draft", "open", "over", "cancelled")
NEWS = ("signed", "moved_up", "changed", "dropped", "cancelled")
"""Staff signed somebody up; a place became free; time or place changed; staff took it back; the event is off."""
_STANDING = text("status <> 'cancelled'")
_WAITING = text("status = 'waiting'")
_NEWS = text("news IS NOT NULL")


class Event(Base):
    """One fair, class or activity; signing up ends at `closes_at`, or when it begins."""

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint(f"status IN {STATUSES}", name="status"),
        CheckConstraint("taken BETWEEN 0 AND capacity", name="taken"),
        CheckConstraint("ends_at > starts_at", name="ends_at"),
        Index("ix_event_starts_at", "starts_at"),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    title: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    """Until when one may sign up in the chat."""
    place: Mapped[str]
    phone: Mapped[str]
    about: Mapped[str]
    bring: Mapped[str]
    materials: Mapped[str]
    """What those who signed up may read: course materials, lists, links; "" for none."""
    categories: Mapped[list[str]] = mapped_column(JSON)
    """Whom it is for; empty means everybody."""
    capacity: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    door_code: Mapped[str]
    """Four digits shown at the door: whoever sends them on the day has been there."""
    status: Mapped[str] = mapped_column(default="draft")
    announced_to: Mapped[int | None]
    """Up to which account's id its announcement went; None when it is not being announced."""
    moved_at: Mapped[datetime | None]
    """When its time or place was last changed after it was opened: whoever heard of it hears of that too."""
    reason: Mapped[str | None]
    """Why it was cancelled: everybody who signed up reads it."""
    applicants: Mapped[int | None]
    """What staff counted afterwards, of a fair: 求职人数, with those who never signed up."""
    intentions: Mapped[int | None]
    """达成意向, of a fair."""
    hired: Mapped[int | None]
    """现场签约, of a fair."""
    attended: Mapped[int | None]
    """到场人数 counted by hand, where it is more than those who checked in."""
    created_by: Mapped[int | None] = mapped_column(ForeignKey(Staff.id))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class EventEmployer(Base):
    """An employer at a fair and its booth; its posts are those jobs that name the fair."""

    __tablename__ = "event_employer"

    event_id: Mapped[int] = mapped_column(ForeignKey(Event.id), primary_key=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id"), primary_key=True)
    booth: Mapped[str | None]


class EventSignUp(Base):
    """A place, or a place in the waiting list, of an account or of somebody whom staff wrote down."""

    __tablename__ = "event_sign_up"
    __table_args__ = (
        UniqueConstraint("code"),
        Index(
            "uq_event_sign_up_event_id_address_id", "event_id", "address_id",
            unique=True, sqlite_where=_STANDING, postgresql_where=_STANDING,
        ),
        Index(
            "uq_event_sign_up_event_id_person_id", "event_id", "person_id",
            unique=True, sqlite_where=_STANDING, postgresql_where=_STANDING,
        ),
        Index("ix_event_sign_up_waiting", "event_id", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_event_sign_up_event_id", "event_id"),
        Index("ix_event_sign_up_address_id", "address_id"),
        Index("ix_event_sign_up_person_id", "person_id"),
        Index("ix_event_sign_up_news", "id", sqlite_where=_NEWS, postgresql_where=_NEWS),
        CheckConstraint("status IN ('active', 'waiting', 'cancelled')", name="status"),
        CheckConstraint(f"news IN {NEWS}", name="news"),
    )  # fmt: skip

    id: Mapped[Id]
    event_id: Mapped[int] = mapped_column(ForeignKey(Event.id))
    address_id: Mapped[int | None] = mapped_column(ForeignKey(Address.id))
    person_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    name: Mapped[str | None]
    """Encrypted, as given for this event."""
    phone: Mapped[str | None]
    """Encrypted."""
    code: Mapped[str]
    made_by: Mapped[str]
    """本人, the relation of who acted, or 工作人员."""
    status: Mapped[str]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    attended_at: Mapped[datetime | None]
    news: Mapped[str | None]
    """What still has to be told of it (NEWS); None when nothing has."""
    reason: Mapped[str | None]
    """Why staff cancelled it."""
    reminded_for: Mapped[datetime | None]
    """The beginning that it was reminded of: an event put off is reminded of again."""


class EventSubscription(Base):
    """An account wants to hear of new events of a group."""

    __tablename__ = "event_subscription"
    __table_args__ = (
        CheckConstraint(f"kind IN {GROUPS}", name="kind"),
        Index("ix_event_subscription_kind", "kind", "address_id"),
    )

    address_id: Mapped[int] = mapped_column(ForeignKey(Address.id), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
