"""Keep what people tell us about offers of the catalogue."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from db.content import OfferReport


async def report_refused(db: AsyncSession, offer: str, address_id: int, now: datetime) -> None:
    """Record that somebody was refused an offer, for staff to check."""
    db.add(OfferReport(offer=offer, address_id=address_id, at=now))
    await db.flush()
