"""Work: employers and their posts, what people subscribed to, what they were told of, and what became of it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Id
from db.events import Event
from db.people import Address, Person
from db.places import Township
from db.staff import Staff

FORMS = ("full", "part", "temporary")
SHIFTS = ("day", "night", "rotating", "flexible")
STATUSES = ("review", "open", "closed")
CADENCES = ("now", "daily", "weekly")
REFERRAL_STATUSES = ("new", "introduced", "hired", "not_hired", "withdrawn")
_LIKELY = text("likely_of IS NOT NULL")
_OPEN, _NEW = text("status = 'open'"), text("matched_to IS NOT NULL")
_ACTIVE, _STANDING = text("status = 'active'"), text("status <> 'ended'")
_AT_ONCE = text("status = 'active' AND cadence = 'now'")


class Employer(Base):
    """An employer (用人单位)."""

    __tablename__ = "employer"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[Id]
    name: Mapped[str]
    credit_code: Mapped[str | None]
    """The unified social credit code (统一社会信用代码), 18 signs."""
    phone: Mapped[str | None]
    verified_at: Mapped[datetime | None]
    """When staff had checked that it is what it says; None shows as 还没核验."""
    verified_by: Mapped[int | None] = mapped_column(ForeignKey(Staff.id))
    created_at: Mapped[datetime]


class Job(Base):
    """A post (岗位). Only open ones before their closing date are ever shown."""

    __tablename__ = "job"
    __table_args__ = (
        UniqueConstraint("source", "source_ref"),
        CheckConstraint(f"form IN {FORMS}", name="form"),
        CheckConstraint(f"shift IN {SHIFTS}", name="shift"),
        CheckConstraint(f"status IN {STATUSES}", name="status"),
        CheckConstraint("pay_from >= 0 AND pay_to >= pay_from", name="pay"),
        CheckConstraint("age_to >= age_from", name="age"),
        Index("ix_job_open", "closes_on", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_job_new", "matched_to", "id", sqlite_where=_NEW, postgresql_where=_NEW),
        Index("ix_job_employer_id", "employer_id"),
        Index("ix_job_group_id", "group_id"),
        Index("ix_job_event_id", "event_id"),
        Index("ix_job_likely_of", "likely_of", sqlite_where=_LIKELY, postgresql_where=_LIKELY),
    )

    id: Mapped[Id]
    source: Mapped[str]
    """Where it came from: "console", or the name of the list that was imported."""
    source_ref: Mapped[str]
    """Its number there: imported again, it is the same post."""
    employer_id: Mapped[int] = mapped_column(ForeignKey(Employer.id))
    title: Mapped[str]
    kind: Mapped[str]
    """Its kind of work, a name of knowledge/data/jobs.yaml."""
    city: Mapped[str]
    """County or city in its short name, such as 如东."""
    township_id: Mapped[int | None] = mapped_column(ForeignKey(Township.id))
    place: Mapped[str | None]
    """The address, as written."""
    pay_from: Mapped[int | None]
    """Yuan a month; both None means 面议."""
    pay_to: Mapped[int | None]
    form: Mapped[str] = mapped_column(default="full")
    shift: Mapped[str | None]
    """None when the post does not say."""
    age_from: Mapped[int | None]
    """Years; both may be missing."""
    age_to: Mapped[int | None]
    veterans_quota: Mapped[int | None]
    """How many of its places are kept for veterans."""
    places: Mapped[int]
    closes_on: Mapped[date]
    """The last day on which it is shown."""
    contact: Mapped[str | None]
    phone: Mapped[str | None]
    about: Mapped[str]
    """Duties, demands and perks, as the employer wrote them."""
    flags: Mapped[list[str]] = mapped_column(JSON)
    """What in it the law may forbid: names of services/job_law.py, for staff to look at."""
    status: Mapped[str]
    """review: waits for staff, because of a flag or a report."""
    group_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    """The post that it is the same as, or is thought to be: nobody hears of two of one group. Its own id when alone."""
    likely_of: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    """The post that it looks like, while staff have not said whether it is the same."""
    same_as: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    """The post that staff said it is the same as."""
    event_id: Mapped[int | None] = mapped_column(ForeignKey(Event.id))
    """The fair that it is offered at."""
    source_mark: Mapped[str | None]
    """A digest of its row as last imported: a row that has not changed does not undo what staff changed here."""
    matched_to: Mapped[int | None]
    """Up to which subscription the at-once ones were looked at since it changed; None when all were."""
    created_by: Mapped[int | None] = mapped_column(ForeignKey(Staff.id))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class JobBoard(Base):
    """One row: the number of the last change of any post, raised first by whoever changes one, so that changes queue."""

    __tablename__ = "job_board"

    id: Mapped[Id]
    version: Mapped[int]


class JobSubscription(Base):
    """What work an account wants to hear of, and how often."""

    __tablename__ = "job_subscription"
    __table_args__ = (
        UniqueConstraint("address_id", "wish_key"),
        CheckConstraint(f"cadence IN {CADENCES}", name="cadence"),
        CheckConstraint("status IN ('active', 'paused', 'ended')", name="status"),
        CheckConstraint("hour BETWEEN 0 AND 23", name="hour"),
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
        Index("ix_job_subscription_due", "next_at", "id", sqlite_where=_ACTIVE, postgresql_where=_ACTIVE),
        Index("ix_job_subscription_at_once", "id", sqlite_where=_AT_ONCE, postgresql_where=_AT_ONCE),
        Index("ix_job_subscription_renewed_at", "renewed_at", "id", sqlite_where=_STANDING, postgresql_where=_STANDING),
    )

    id: Mapped[Id]
    address_id: Mapped[int] = mapped_column(ForeignKey(Address.id))
    wish: Mapped[dict[str, Any]]
    """The criteria, as knowledge.job_wish.Wish writes itself."""
    wish_key: Mapped[str]
    """The criteria in one canonical text: the same wish is subscribed once."""
    cadence: Mapped[str]
    hour: Mapped[int]
    """Of the day, China; for daily and weekly."""
    weekday: Mapped[int | None]
    """1 is Monday; for weekly."""
    status: Mapped[str] = mapped_column(default="active")
    next_at: Mapped[datetime | None]
    """When its next digest is due; None for at once."""
    created_at: Mapped[datetime]
    renewed_at: Mapped[datetime]
    """When the person last made, changed or kept it: twelve months later they are asked, and then it ends."""
    warned_at: Mapped[datetime | None]
    """When they were asked."""
    ended_at: Mapped[datetime | None]


class JobTold(Base):
    """An account heard of a post: never of the same one, or one of its group, again."""

    __tablename__ = "job_told"
    __table_args__ = (Index("ix_job_told_job_id", "job_id"),)

    address_id: Mapped[int] = mapped_column(ForeignKey(Address.id), primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey(Job.id), primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey(Job.id))
    key: Mapped[str | None]
    """The dedupe key of the notice that told; None when it was shown in an answer."""
    at: Mapped[datetime]


class JobFeedback(Base):
    """合适 or 不合适, said of a post: it tunes the order of what comes next."""

    __tablename__ = "job_feedback"

    address_id: Mapped[int] = mapped_column(ForeignKey(Address.id), primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey(Job.id), primary_key=True)
    fits: Mapped[bool]
    at: Mapped[datetime]


class JobReport(Base):
    """Somebody says that a post is not true (举报虚假); staff decide."""

    __tablename__ = "job_report"
    __table_args__ = (
        UniqueConstraint("job_id", "address_id"),
        CheckConstraint("outcome IN ('false', 'fine')", name="outcome"),
    )

    id: Mapped[Id]
    job_id: Mapped[int] = mapped_column(ForeignKey(Job.id))
    address_id: Mapped[int] = mapped_column(ForeignKey(Address.id))
    words: Mapped[str]
    at: Mapped[datetime]
    outcome: Mapped[str | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey(Staff.id))
    decided_at: Mapped[datetime | None]


class JobReferral(Base):
    """Somebody wants a post (我想去): staff introduce them, and we ask after 7 and 30 days what came of it."""

    __tablename__ = "job_referral"
    __table_args__ = (
        UniqueConstraint("job_id", "address_id"),
        CheckConstraint(f"status IN {REFERRAL_STATUSES}", name="status"),
        CheckConstraint("asked BETWEEN 0 AND 2", name="asked"),
        Index("ix_job_referral_due", "next_ask_at", "id"),
        Index("ix_job_referral_status", "status", "id"),
        Index("ix_job_referral_created_at", "created_at"),
    )

    id: Mapped[Id]
    job_id: Mapped[int] = mapped_column(ForeignKey(Job.id))
    address_id: Mapped[int] = mapped_column(ForeignKey(Address.id))
    person_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("support_case.id"))
    name: Mapped[str | None]
    """Encrypted, as given for this post."""
    phone: Mapped[str | None]
    """Encrypted."""
    status: Mapped[str] = mapped_column(default="new")
    note: Mapped[str | None]
    """Staff's own line on it."""
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    asked: Mapped[int] = mapped_column(default=0)
    """How many of the two questions (7 and 30 days) were sent."""
    next_ask_at: Mapped[datetime | None]
    hired_on: Mapped[date | None]
    still_there: Mapped[bool | None]
    """What was answered after 30 days; None while nothing was."""
