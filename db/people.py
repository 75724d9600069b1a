"""Whom we serve, on which accounts, and where each conversation stands."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Id


class Person(Base):
    """Whom we serve (服务对象). What identifies is encrypted with the key of the data folder."""

    __tablename__ = "person"

    id: Mapped[Id]
    name: Mapped[str | None]
    """Encrypted."""
    name_key: Mapped[str | None] = mapped_column(index=True)
    """The keyed fingerprint of the name, by which a whole name is found."""
    phone: Mapped[str | None]
    """Encrypted."""
    phone_key: Mapped[str | None] = mapped_column(index=True)
    """The keyed fingerprint of the phone."""
    region: Mapped[str | None]
    """Township and village, as written."""
    categories: Mapped[list[str]] = mapped_column(JSON, default=list)
    station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"), index=True)
    village_id: Mapped[int | None] = mapped_column(ForeignKey("village.id"), index=True)
    grid_id: Mapped[int | None] = mapped_column(ForeignKey("grid.id"), index=True)
    id_key: Mapped[str | None] = mapped_column(index=True)
    """The keyed fingerprint of the ID number, by which a roster finds the same person again; the number is not kept."""
    id_tail_key: Mapped[str | None]
    """The keyed fingerprint of its last four signs, by which a person proves to be on a roster."""
    birth_year: Mapped[int | None]
    quiet_from: Mapped[int | None]
    """Hour of the day (0-23, China) from which nothing unasked is sent; None means the bureau's hours."""
    quiet_until: Mapped[int | None]
    deceased_at: Mapped[datetime | None]
    """When a death was reported: nothing automated is sent to this person's addresses ever again."""
    erased_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Address(Base):
    """One account of a person on one channel."""

    __tablename__ = "address"
    __table_args__ = (UniqueConstraint("channel", "external_id"),)

    id: Mapped[Id]
    person_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id), index=True)
    channel: Mapped[str]
    external_id: Mapped[str]
    reachable: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class NoticeStop(Base):
    """One kind of notice that an account does not want (退订)."""

    __tablename__ = "notice_stop"

    address_id: Mapped[int] = mapped_column(ForeignKey(Address.id), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class SentPlace(Base):
    """Where an account last said to be: enough to tell how far a station is, and swept after a day."""

    __tablename__ = "sent_place"

    address_id: Mapped[int] = mapped_column(ForeignKey(Address.id), primary_key=True)
    latitude: Mapped[float]
    """Degrees, to some 100 metres, as longitude."""
    longitude: Mapped[float]
    at: Mapped[datetime] = mapped_column(index=True)


class Conversation(Base):
    """What is remembered between turns; the row every turn locks."""

    __tablename__ = "conversation"

    address_id: Mapped[int] = mapped_column(ForeignKey(Address.id), primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("support_case.id"))
    """The case of this address that is not closed; read under the lock, so that bot and staff never both answer."""
    state: Mapped[str | None]
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    menu: Mapped[list[dict[str, str]]] = mapped_column(default=list)
