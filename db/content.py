"""What people report about the catalogue."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
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
