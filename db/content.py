"""What comes back from people and staff into the knowledge: refused offers, and drafts of new entries."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Id
from db.people import Address


class OfferReport(Base):
    """Somebody was refused an offer of the catalogue; staff follow it up."""

    __tablename__ = "offer_report"
    __table_args__ = (Index("ix_offer_report_offer_at", "offer", "at"),)

    id: Mapped[Id]
    offer: Mapped[str]
    address_id: Mapped[int] = mapped_column(ForeignKey(Address.id))
    at: Mapped[datetime]


class FaqDraft(Base):
    """A question and staff's answer to it, to be made an entry once somebody adds the source and reviews it."""

    __tablename__ = "faq_draft"
    __table_args__ = (
        UniqueConstraint("case_id"),
        CheckConstraint("status IN ('review', 'done', 'dropped')", name="status"),
    )

    id: Mapped[Id]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("support_case.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    question: Mapped[str]
    answer: Mapped[str]
    source: Mapped[str | None]
    status: Mapped[str] = mapped_column(default="review")
    at: Mapped[datetime]
