"""Whom we serve, on which accounts, and where each conversation stands."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Id


class Address(Base):
    """One account of a person on one channel."""

    __tablename__ = "address"
    __table_args__ = (UniqueConstraint("channel", "external_id"),)

    id: Mapped[Id]
    channel: Mapped[str]
    external_id: Mapped[str]
    reachable: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class Conversation(Base):
    """What is remembered between turns; the row every turn locks."""

    __tablename__ = "conversation"

    address_id: Mapped[int] = mapped_column(ForeignKey(Address.id), primary_key=True)
    state: Mapped[str | None]
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    menu: Mapped[list[dict[str, str]]] = mapped_column(default=list)
