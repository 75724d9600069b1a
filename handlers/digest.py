"""What is told of work unasked: posts that somebody subscribed to, and once a year whether they still want to hear."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from core.reply import Choice
from core.tick import Pass
from handlers import job_lines, texts
from handlers.job_words import in_short, wrapped
from knowledge.job_why import why
from knowledge.job_wish import Wish
from services import digest_rounds, notices, subscription_year
from services.digest_accounts import KIND
from services.digest_rounds import Digest
from services.job_board import Shelf
from services.notices import Notice

ONE, SEVERAL = "给您找到一个合适的岗位：", "给您找到 {count} 个合适的岗位："
FIRST = "给您找到 {count} 个合适的岗位，先看这 {shown} 个："
ASK_ONE, ASK = "想看详细，回复 1。", "想看哪一个，回复它前面的数字。"
ASK_MORE = "想看哪一个，回复它前面的数字；还要看，回复：更多"
ENOUGH = "不想收了，回复：退订"
STILL = "您一年前订了岗位提醒：\n{wish}\n还要接着给您留意吗？回复数字就行。\n30 天内不回，我就先停了。"
KEEP, STOP = "接着留意", "停掉"
_MORE = Choice(texts.MORE, "job-more")


async def send_due(db: AsyncSession, now: datetime, shelf: Shelf) -> Pass:
    """Write the digests whose hour has come."""
    return await _send(db, *await digest_rounds.due(db, shelf, now), now)


async def send_at_once(db: AsyncSession, now: datetime, shelf: Shelf) -> Pass:
    """Write of posts that have just changed to those who want to know at once."""
    return await _send(db, *await digest_rounds.at_once(db, shelf, now), now)


async def ask_whether_still(db: AsyncSession, now: datetime, shelf: Shelf) -> Pass:
    """Ask about subscriptions that are a year old."""
    asked = await subscription_year.to_ask(db, now)
    names = (await shelf.board(db)).townships if asked else {}
    written = [
        Notice(
            KIND, address.channel, address.external_id, address.id,
            STILL.format(wish=wrapped(in_short(Wish.from_json(one.wish), names))), f"job-year:{one.id}:{one.renewed_at.date()}",
            (Choice(KEEP, f"sub-keep:{one.id}"), Choice(STOP, f"sub-stop:{one.id}")),
        )
        for one, address in asked
    ]  # fmt: skip
    return Pass(await notices.post(db, written, now))


async def end_unkept(db: AsyncSession, now: datetime) -> Pass:
    """End subscriptions that nobody kept."""
    return Pass(await subscription_year.end(db, now))


async def _send(db: AsyncSession, digests: list[Digest], seen: int, now: datetime) -> Pass:
    await notices.post(db, [_notice(one, now) for one in digests], now)
    return Pass(seen)


def _notice(digest: Digest, now: datetime) -> Notice:
    address, posts = digest.address, [match.post for match in digest.matches]
    choices = (*job_lines.choices(posts), *([_MORE] if digest.total > len(posts) else []), texts.BACK_CHOICE)
    return Notice(
        KIND, address.channel, address.external_id, address.id, _text(digest, now), digest.key, choices,
        expires_at=digest.expires_at,
    )  # fmt: skip


def _text(digest: Digest, now: datetime) -> str:
    names, shown = digest.board.townships, len(digest.matches)
    listed = [(match.post, why(match.wish, match.post, names)) for match in digest.matches]
    if digest.total > shown:
        head, ask = FIRST.format(count=digest.total, shown=shown), ASK_MORE
    else:
        head, ask = (ONE, ASK_ONE) if shown == 1 else (SEVERAL.format(count=shown), ASK)
    return "\n".join([head, job_lines.lines(listed, now.astimezone(CHINA).date()), ask, ENOUGH])
