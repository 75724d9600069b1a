"""Who works for the bureau, how they sign in, and what they did."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Id
from db.places import Grid, Station

ROLES = ("admin", "lead", "agent", "editor", "grid")


class Staff(Base):
    """A person of staff; one without a station works for the whole bureau."""

    __tablename__ = "staff"
    __table_args__ = (
        UniqueConstraint("login"),
        UniqueConstraint("telegram_id"),
        CheckConstraint(f"role IN {ROLES}", name="role"),
    )

    id: Mapped[Id]
    login: Mapped[str]
    name: Mapped[str]
    role: Mapped[str]
    station_id: Mapped[int | None] = mapped_column(ForeignKey(Station.id))
    grid_id: Mapped[int | None] = mapped_column(ForeignKey(Grid.id))
    telegram_id: Mapped[int | None]
    active: Mapped[bool] = mapped_column(default=True)
    on_duty: Mapped[bool] = mapped_column(default=True)
    password_hash: Mapped[str | None]
    """argon2id; None until the invitation is used."""
    totp_secret: Mapped[str | None]
    """Encrypted with the key of the data folder; None while no second factor is set up."""
    totp_required: Mapped[bool] = mapped_column(default=False)
    totp_used_step: Mapped[int | None]
    """The 30-second step of the last code accepted: a code counts once (RFC 6238, 5.2)."""
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]


class StaffInvite(Base):
    """A link that works once: to set the first password, or, without a staff row, to make the first admin."""

    __tablename__ = "staff_invite"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey(Staff.id))
    expires_at: Mapped[datetime]


class StaffSession(Base):
    """A signed-in browser; the cookie holds the token, the row only its hash."""

    __tablename__ = "staff_session"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey(Staff.id), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    origin: Mapped[str | None]
    """The network address it was opened from."""


class Audit(Base):
    """One act or one view of personal data; each row's hash covers the row before, so a gap or a change shows."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_staff_id_id", "staff_id", "id"),)

    id: Mapped[Id]
    at: Mapped[datetime]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey(Staff.id))
    action: Mapped[str]
    object: Mapped[str]
    detail: Mapped[dict[str, Any]]
    origin: Mapped[str | None]
    hash: Mapped[str]


class AuditHead(Base):
    """The end of the chain, in one row (id 1): locked by every append, so that rows chain in order."""

    __tablename__ = "audit_head"

    id: Mapped[Id]
    count: Mapped[int]
    hash: Mapped[str]
