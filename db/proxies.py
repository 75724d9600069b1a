"""Who acts for a person (亲属代办), and how an account is bound to a person on a roster."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Id
from db.people import Address, Person
from db.staff import Staff

SCOPES = ("remind", "book", "ask")
STATUSES = ("offered", "active", "ended")


class Proxy(Base):
    """A member of the family who may act for a person: offered with a code, active once the code was used."""

    __tablename__ = "proxy"
    __table_args__ = (
        UniqueConstraint("code_hash"),
        CheckConstraint(f"status IN {STATUSES}", name="status"),
        CheckConstraint("status <> 'active' OR address_id IS NOT NULL", name="holder"),
        Index("ix_proxy_person_id", "person_id"),
        Index("ix_proxy_address_id", "address_id"),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    """For whom."""
    address_id: Mapped[int | None] = mapped_column(ForeignKey(Address.id))
    """The account of the one who acts."""
    relation: Mapped[str]
    """女儿, 儿子, 配偶, ..."""
    name: Mapped[str | None]
    """Encrypted."""
    scopes: Mapped[list[str]] = mapped_column(JSON)
    """Of remind, book, ask."""
    consent_by: Mapped[int | None] = mapped_column(ForeignKey(Staff.id))
    """Who of staff took the consent at the counter; None when the person gave the code in the chat."""
    code_hash: Mapped[str | None]
    code_until: Mapped[datetime | None]
    ends_on: Mapped[date]
    status: Mapped[str] = mapped_column(default="offered")
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class BindingCode(Base):
    """A code on paper by which an account is bound to a person, once."""

    __tablename__ = "binding_code"

    code_hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey(Staff.id))
    expires_at: Mapped[datetime]
    used_by: Mapped[int | None] = mapped_column(ForeignKey(Address.id))
    used_at: Mapped[datetime | None]


class BindingRequest(Base):
    """Somebody says to be on a roster, by name, the last four of the ID and the station; staff confirm."""

    __tablename__ = "binding_request"
    __table_args__ = (
        CheckConstraint("status IN ('waiting', 'accepted', 'refused')", name="status"),
        Index("ix_binding_request_status_id", "status", "id"),
        Index("ix_binding_request_address_id", "address_id"),
    )

    id: Mapped[Id]
    address_id: Mapped[int] = mapped_column(ForeignKey(Address.id))
    name: Mapped[str]
    """Encrypted."""
    name_key: Mapped[str]
    id_tail_key: Mapped[str]
    station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    """The one it was accepted for."""
    status: Mapped[str] = mapped_column(default="waiting")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey(Staff.id))
    decided_at: Mapped[datetime | None]
    at: Mapped[datetime]


class BindingGuess(Base):
    """Wrong codes of one account: too many, and it has to wait."""

    __tablename__ = "binding_guess"

    address_id: Mapped[int] = mapped_column(ForeignKey(Address.id), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    at: Mapped[datetime]
