"""Cases: what a person of staff must answer, who has it, its clocks, and what staff wrote for themselves."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Id
from db.people import Address
from db.places import Station
from db.staff import Staff

KINDS = ("consult", "benefit", "errand", "petition", "crisis")
REASONS = ("asked", "no_answer", "voice", "crisis", "petition", "staff")
OUTCOMES = ("resolved", "false_alarm", "withdrawn", "idle")
_NOT_CLOSED = text("status <> 'closed'")


class SupportCase(Base):
    """A plea of one address. Its owner is the bot while open, `claimed_by` while claimed, nobody once closed."""

    __tablename__ = "support_case"
    __table_args__ = (
        UniqueConstraint("code"),
        Index(
            "uq_support_case_address_id", "address_id",
            unique=True, sqlite_where=_NOT_CLOSED, postgresql_where=_NOT_CLOSED,
        ),
        Index("ix_support_case_queue", "status", "crisis", "due_at"),
        Index("ix_support_case_closed_at", "closed_at"),
        Index("ix_support_case_address_id_id", "address_id", "id"),
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint(f"reason IN {REASONS}", name="reason"),
        CheckConstraint("status IN ('open', 'claimed', 'closed')", name="status"),
        CheckConstraint("(status = 'claimed') = (claimed_by IS NOT NULL)", name="owner"),
        CheckConstraint(f"outcome IN {OUTCOMES}", name="outcome"),
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
    )  # fmt: skip

    id: Mapped[Id]
    code: Mapped[str]
    address_id: Mapped[int] = mapped_column(ForeignKey(Address.id))
    kind: Mapped[str]
    reason: Mapped[str]
    crisis: Mapped[bool]
    """kind is crisis: as a column of its own it leads the queue's index."""
    status: Mapped[str] = mapped_column(default="open")
    claimed_by: Mapped[int | None] = mapped_column(ForeignKey(Staff.id), index=True)
    claimed_until: Mapped[datetime | None]
    """Until then nobody else may take it; each act of its owner prolongs it."""
    station_id: Mapped[int | None] = mapped_column(ForeignKey(Station.id))
    category: Mapped[str | None]
    question: Mapped[str]
    opened_at: Mapped[datetime]
    last_at: Mapped[datetime]
    """When either side last wrote."""
    waiting_since: Mapped[datetime | None]
    """Since when the person waits for staff; None once staff have answered."""
    due_at: Mapped[datetime | None]
    """When that answer is due by the working calendar."""
    escalation: Mapped[int] = mapped_column(default=0)
    """0 none, 1 its owner was reminded, 2 the station's lead, 3 the bureau's lead."""
    alerted_at: Mapped[datetime | None]
    """When staff were last told of an unclaimed crisis."""
    told_closed_hours: Mapped[bool] = mapped_column(default=False)
    """The person was told that we are outside office hours: once is enough."""
    first_answer_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey(Staff.id))
    outcome: Mapped[str | None]
    reopened: Mapped[int] = mapped_column(default=0)
    rating: Mapped[int | None]
    rating_comment: Mapped[str | None]


class CaseNote(Base):
    """What staff write for staff; nothing that sends to a person ever reads this table."""

    __tablename__ = "case_note"
    __table_args__ = (UniqueConstraint("dedupe_key"), Index("ix_case_note_case_id_id", "case_id", "id"))

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey(SupportCase.id))
    staff_id: Mapped[int] = mapped_column(ForeignKey(Staff.id))
    text: Mapped[str]
    at: Mapped[datetime]
    dedupe_key: Mapped[str | None]


class CaseEvent(Base):
    """What happened to a case: opened, claimed, transferred, escalated, closed, reopened, rated, and so on."""

    __tablename__ = "case_event"
    __table_args__ = (Index("ix_case_event_case_id_id", "case_id", "id"),)

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey(SupportCase.id))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey(Staff.id))
    kind: Mapped[str]
    detail: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class CaseSeen(Base):
    """When a person of staff last opened a case: what its person wrote since is new to them."""

    __tablename__ = "case_seen"

    case_id: Mapped[int] = mapped_column(ForeignKey(SupportCase.id), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey(Staff.id), primary_key=True)
    at: Mapped[datetime]


class Petition(Base):
    """The legal clock of a petition (信访工作条例 2022, arts. 22-23, 34-36)."""

    __tablename__ = "petition"

    case_id: Mapped[int] = mapped_column(ForeignKey(SupportCase.id), primary_key=True)
    since: Mapped[datetime]
    noticed_at: Mapped[datetime | None]
    """When the written notice of acceptance was given."""
    extended_at: Mapped[datetime | None]
    extended_reason: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    review_since: Mapped[datetime | None]
    reviewed_at: Mapped[datetime | None]


class CannedReply(Base):
    """A reply that staff use often; may hold {name}, {code} and {station}."""

    __tablename__ = "canned_reply"
    __table_args__ = (UniqueConstraint("title"),)

    id: Mapped[Id]
    title: Mapped[str]
    text: Mapped[str]


class StaffGroup(Base):
    """The Telegram staff group in use (id 1); its chat id changes when Telegram upgrades the group."""

    __tablename__ = "staff_group"

    id: Mapped[Id]
    chat_id: Mapped[int]
    configured: Mapped[int]
    """The chat id of the settings, by which a restart tells another group from the same one upgraded."""


class CaseTopic(Base):
    """Where a case stands in the staff group: its topic, or its card; disposable, made again when lost."""

    __tablename__ = "case_topic"
    __table_args__ = (Index("ix_case_topic_thread", "chat_id", "thread_id"),)

    case_id: Mapped[int] = mapped_column(ForeignKey(SupportCase.id), primary_key=True)
    chat_id: Mapped[int]
    thread_id: Mapped[int | None]
    card_id: Mapped[int | None]
    """The card's message id."""
    shown: Mapped[str | None]
    """The card's text as last sent, so that nothing is edited for nothing."""
