"""Who of staff is meant: by Telegram account, or by what a colleague calls them."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.places import Station
from db.staff import Staff

NOBODY = "没有找到“{word}”。请写同事的登录名或姓名，或服务站的名称。"
SEVERAL = "叫“{word}”的不止一个，请写登录名。"


async def by_telegram(db: AsyncSession, telegram_id: int) -> Staff | None:
    """Return who of staff has a Telegram account; a row of staff is the only proof of it."""
    return await db.scalar(select(Staff).where(Staff.telegram_id == telegram_id, Staff.active))


async def find(db: AsyncSession, word: str) -> Staff | Station:
    """Find a colleague by login or name, or else a station by name.

    Raises:
        Refusal: nobody is called so, or more than one.
    """
    word = word.strip()
    named = await db.scalar(select(Staff).where(Staff.login == word.removeprefix("@"), Staff.active))
    if named is not None:
        return named
    same_name = list(await db.scalars(select(Staff).where(Staff.name == word, Staff.active).limit(2)))
    if len(same_name) > 1:
        raise Refusal(SEVERAL.format(word=word))
    found: Staff | Station | None = same_name[0] if same_name else None
    found = found or await db.scalar(select(Station).where(Station.name == word))
    if found is None:
        raise Refusal(NOBODY.format(word=word))
    return found
