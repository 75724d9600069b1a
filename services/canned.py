"""Replies that staff use often, with blanks that are filled in for the person and the case at hand."""

import re
from string import Formatter

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.cases import CannedReply
from db.upsert import insert_new

BLANKS = {"name": "称呼，例如王同志", "code": "求助单号", "station": "服务站名称"}
"""What may stand in braces, and what staff are told it stands for."""
DEFAULTS = {
    "收到，正在核实": "{name}您好，您反映的情况收到了，我们正在核实，有结果马上在这里告诉您。",
    "请补充材料": "{name}您好，还需要您补充一点情况。请把材料拍照发到这里，看不清也没关系，我们再跟您说。",
    "请到服务站来一趟": "{name}您好，这件事要请您本人带上身份证，到{station}办。行动不便的话请说一声，我们上门。",
    "请再等一等": "{name}您好，让您久等了。您的求助单 {code} 还在办，我们一直记着，有进展马上告诉您。",
    "不归我们办": "{name}您好，这件事按规定不归我们办。我们已经帮您问好该找谁，下面告诉您怎么联系。",
    "办好了": "{name}您好，您的求助单 {code} 办好了。以后有事，随时在这里说一声就行。",
}
"""Offered by a button, never inserted by themselves."""
_LONGEST_TITLE, _LONGEST_TEXT = 30, 1000
_BLANK = re.compile(r"\{(" + "|".join(BLANKS) + r")\}")
_NO_STATION = "服务站"

GONE = "这条常用语已经不在了，可能刚被别人删掉。"


async def everything(db: AsyncSession) -> list[CannedReply]:
    """Return all canned replies by title."""
    return list(await db.scalars(select(CannedReply).order_by(CannedReply.title)))


async def add(db: AsyncSession, title: str, text: str) -> CannedReply:
    """Add a reply.

    Raises:
        Refusal: title or text is missing or too long, the title is taken, or a blank is unknown.
    """
    title, text = _checked(title, text)
    if not await insert_new(db, CannedReply, title=title, text=text):
        raise Refusal(_taken(title))
    return (await db.scalars(select(CannedReply).where(CannedReply.title == title))).one()


async def change(db: AsyncSession, reply_id: int, title: str, text: str) -> CannedReply:
    """Change a reply.

    Raises:
        Refusal: it is gone, or as for adding.
    """
    title, text = _checked(title, text)
    reply = await _locked(db, reply_id)
    same = select(CannedReply.id).where(CannedReply.title == title, CannedReply.id != reply_id)
    if await db.scalar(same) is not None:
        raise Refusal(_taken(title))
    reply.title, reply.text = title, text
    await db.flush()
    return reply


async def remove(db: AsyncSession, reply_id: int) -> CannedReply:
    """Delete a reply.

    Raises:
        Refusal: it is gone already.
    """
    reply = await _locked(db, reply_id)
    await db.delete(reply)
    await db.flush()
    return reply


async def put_in_defaults(db: AsyncSession) -> int:
    """Add the shipped replies whose titles are not taken; return how many that were."""
    return sum([await insert_new(db, CannedReply, title=title, text=text) for title, text in DEFAULTS.items()])


def fill(text: str, name: str, code: str, station: str | None) -> str:
    """Put in what the blanks stand for; without a name or station the sentence still reads well."""
    values = {"name": name, "code": code, "station": station or _NO_STATION}
    return _BLANK.sub(lambda blank: values[blank[1]], text)


def _checked(title: str, text: str) -> tuple[str, str]:
    title, text = title.strip(), text.strip()
    if not title or len(title) > _LONGEST_TITLE:
        raise Refusal(f"请写一个标题，最多 {_LONGEST_TITLE} 个字。")
    if not text or len(text) > _LONGEST_TEXT:
        raise Refusal(f"请写下内容，最多 {_LONGEST_TEXT} 个字。")
    allowed = "、".join(f"{{{blank}}}" for blank in BLANKS)
    try:
        parts = list(Formatter().parse(text))
    except ValueError as error:
        raise Refusal(f"花括号要成对，里面只能写 {allowed}。") from error
    for _, blank, form, conversion in parts:
        if blank is not None and (blank not in BLANKS or form or conversion):
            raise Refusal(f"没有 {{{blank}}} 这个空，花括号里只能写 {allowed}。")
    return title, text


def _taken(title: str) -> str:
    return f"已经有一条叫“{title}”的常用语，请换个标题。"


async def _locked(db: AsyncSession, reply_id: int) -> CannedReply:
    reply = await db.get(CannedReply, reply_id, with_for_update=True)
    if reply is None:
        raise Refusal(GONE)
    return reply
