"""Who may do what only one process may do."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base


class Lease(Base):
    """A named right, held until a moment; an expired one may be taken by anybody."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    until: Mapped[datetime]
