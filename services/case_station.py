"""Which station a plea belongs to, where the person's record or their own words tell."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.people import Address, Person
from db.places import Station, Township, Village

_ENDINGS = "村镇乡"
_SHORTEST = 2


async def station_of(db: AsyncSession, address_id: int, words: str) -> int | None:
    """Return the station of the person's record, else of the village or town they named, else None."""
    recorded = await db.scalar(
        select(Person.station_id).join(Address, Address.person_id == Person.id).where(Address.id == address_id)
    )
    if recorded is not None:
        return recorded
    return await named_in(db, words)


async def named_in(db: AsyncSession, text: str) -> int | None:
    """Return the station of the village or town that words name, the longest name first."""
    villages = await db.execute(select(Village.name, Village.station_id).where(Village.station_id.is_not(None)))
    towns = await db.execute(
        select(Township.name, Station.id)
        .join(Station, Station.township_id == Township.id)
        .where(Station.level == "township")
    )
    found = [
        (len(name), station_id)
        for name, station_id in [*villages, *towns]
        if len(stem := name.rstrip(_ENDINGS) if name not in text else name) >= _SHORTEST and stem in text
    ]
    return max(found)[1] if found else None
