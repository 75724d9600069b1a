"""Which townships border on each other, so that work next door counts as near."""

from collections.abc import Iterable

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.places import Township, TownshipNeighbour
from db.upsert import insert_all_new
from services import job_board


async def set_(db: AsyncSession, township_id: int, neighbour_ids: Iterable[int]) -> None:
    """Say which townships border on one; the others border on it, too. What it bordered on before is forgotten.

    Raises:
        Refusal: there is no such township.
    """
    wanted = set(neighbour_ids) - {township_id}
    await job_board.bump(db)  # whose board tells which posts are near
    known = set(await db.scalars(select(Township.id).where(Township.id.in_({township_id, *wanted}))))
    if known != {township_id, *wanted}:
        raise Refusal("没有找到这个乡镇，可能已经改过，请刷新页面再选。")
    theirs = or_(TownshipNeighbour.township_id == township_id, TownshipNeighbour.neighbour_id == township_id)
    await db.execute(delete(TownshipNeighbour).where(theirs))
    pairs = [pair for other in sorted(wanted) for pair in ((township_id, other), (other, township_id))]
    await insert_all_new(db, TownshipNeighbour, [{"township_id": one, "neighbour_id": other} for one, other in pairs])
