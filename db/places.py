"""Where the bureau works: service stations in three levels, and the townships, villages and grids they look after."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Id

LEVELS = ("county", "township", "village")


class Township(Base):
    """A town, township or street office (乡镇、街道)."""

    __tablename__ = "township"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[Id]
    name: Mapped[str]


class Station(Base):
    """A service station or centre (退役军人服务站、服务中心); staff are scoped by it."""

    __tablename__ = "station"
    __table_args__ = (UniqueConstraint("name"), CheckConstraint(f"level IN {LEVELS}", name="level"))

    id: Mapped[Id]
    name: Mapped[str]
    level: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"), index=True)
    township_id: Mapped[int | None] = mapped_column(ForeignKey(Township.id))
    address: Mapped[str | None]
    phone: Mapped[str | None]
    latitude: Mapped[float | None]
    """Degrees north (GCJ-02 or WGS-84: the difference, some 500 m, does not matter for the nearest station)."""
    longitude: Mapped[float | None]
    """Degrees east."""
    stars: Mapped[int | None]
    """星级, 1 to 5."""
    week: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """Its own hours, {"0": [["08:30", "12:00"], …]}, 0 being Monday, China time; None means those of the bureau."""
    notice_minutes: Mapped[int | None]
    """How long ahead one has to book at the least; None means as the settings say."""
    horizon_days: Mapped[int | None]
    """How many days ahead one can book at the most; None means as the settings say."""
    closed_on: Mapped[date | None]
    """From which day on there is no such station any more: nothing can be booked there."""


class Village(Base):
    """A village or community (村、社区) and the station that serves it."""

    __tablename__ = "village"
    __table_args__ = (UniqueConstraint("township_id", "name"),)

    id: Mapped[Id]
    township_id: Mapped[int] = mapped_column(ForeignKey(Township.id))
    name: Mapped[str]
    station_id: Mapped[int | None] = mapped_column(ForeignKey(Station.id))


class Grid(Base):
    """A grid of a village and the grid worker (网格员) who looks after its people."""

    __tablename__ = "grid"
    __table_args__ = (UniqueConstraint("village_id", "name"),)

    id: Mapped[Id]
    village_id: Mapped[int] = mapped_column(ForeignKey(Village.id))
    name: Mapped[str]
    worker_name: Mapped[str | None]
    worker_phone: Mapped[str | None]


class TownshipNeighbour(Base):
    """Two townships that border on each other, so that work next door counts as near; kept in both directions."""

    __tablename__ = "township_neighbour"

    township_id: Mapped[int] = mapped_column(ForeignKey(Township.id), primary_key=True)
    neighbour_id: Mapped[int] = mapped_column(ForeignKey(Township.id), primary_key=True)
