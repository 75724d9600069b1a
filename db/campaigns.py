"""The yearly survival certification: whom a campaign is for, and how each of them was certified."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Id
from db.people import Address, Person
from db.staff import Staff

WAYS = ("self", "proxy", "visit", "online")
"""自主（到站）、代理、上门、线上小程序."""
STATUSES = ("open", "claimed", "done", "deceased", "removed")


class Campaign(Base):
    """One year's certification of one cohort (军人抚恤优待条例 2024, art. 8)."""

    __tablename__ = "campaign"
    __table_args__ = (
        UniqueConstraint("title"),
        CheckConstraint("status IN ('draft', 'running', 'closed')", name="status"),
        CheckConstraint("opens_on < deadline", name="dates"),
    )

    id: Mapped[Id]
    title: Mapped[str]
    year: Mapped[int]
    basis: Mapped[str]
    """The legal basis as shown."""
    opens_on: Mapped[date]
    deadline: Mapped[date]
    steps: Mapped[list[dict[str, Any]]]
    """In order: {"days": from the deadline, None for the opening; "rung": person, proxy, grid, station or case; "text"}."""
    status: Mapped[str] = mapped_column(default="draft")
    created_by: Mapped[int | None] = mapped_column(ForeignKey(Staff.id))
    created_at: Mapped[datetime]


class Certification(Base):
    """One person of a campaign, and how, when and by whom the person was certified; never an image of a face."""

    __tablename__ = "certification"
    __table_args__ = (
        UniqueConstraint("campaign_id", "person_id"),
        CheckConstraint(f"status IN {STATUSES}", name="status"),
        CheckConstraint(f"way IN {WAYS}", name="way"),
        CheckConstraint("(status = 'done') = (done_at IS NOT NULL)", name="done"),
        CheckConstraint("(status = 'done') = (way IS NOT NULL)", name="done_way"),
        Index("ix_certification_campaign_id_status", "campaign_id", "status"),
        Index("ix_certification_person_id", "person_id"),
    )

    id: Mapped[Id]
    campaign_id: Mapped[int] = mapped_column(ForeignKey(Campaign.id))
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    status: Mapped[str] = mapped_column(default="open")
    """claimed: the person, or family, says it is done elsewhere, and staff have yet to confirm."""
    claimed_at: Mapped[datetime | None]
    claimed_from: Mapped[int | None] = mapped_column(ForeignKey(Address.id))
    way: Mapped[str | None]
    done_by: Mapped[str | None]
    """Who did it for the person: 本人, 女儿, 网格员."""
    evidence: Mapped[str | None]
    """What it was seen from: 身份证, 现场见面, 小程序结果, 村（社区）证明."""
    staff_id: Mapped[int | None] = mapped_column(ForeignKey(Staff.id))
    done_at: Mapped[datetime | None]
    visit: Mapped[str | None]
    """What a home visit found when it did not certify, or asked: the person wants one."""
