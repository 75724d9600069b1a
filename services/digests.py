"""Which posts are shown next: of a search all that a wish allows, of subscriptions what the person has not heard of."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from itertools import islice
from operator import or_

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from db.jobs import JobSubscription
from db.people import Address, Person
from knowledge.job_board import Board
from knowledge.job_rank import SOON, Likes, order
from knowledge.job_wish import Post, Wish
from services import job_likes, job_told
from services.job_board import Shelf

AT_ONCE = 5
"""Posts of one message."""


@dataclass(frozen=True, slots=True)
class Match:
    """A post, and the wish that it answers."""

    post: Post
    wish: Wish


@dataclass(frozen=True, slots=True)
class Found:
    """Posts to be shown, and how many there are in all."""

    matches: tuple[Match, ...]
    total: int
    """search: of the wish; more: not heard of yet, with those shown."""
    board: Board
    """For job_why: board.townships names townships by id."""


@dataclass(frozen=True, slots=True)
class Want:
    """A wish, and the posts on a board that may be shown for it."""

    wish: Wish
    bits: int


async def search(
    db: AsyncSession, shelf: Shelf, wish: Wish, now: datetime, skip: int = 0, address_id: int | None = None
) -> Found:
    """Return the next posts that a wish allows, best first; what an account said of others orders them, too."""
    board, today = await shelf.board(db), now.astimezone(CHINA).date()
    likes = (await job_likes.of_accounts(db, [address_id] if address_id else [])).get(address_id or 0, job_likes.NONE)
    bits = board.bits(wish, today)
    posts = islice(_one_a_group(order(board, bits, wish, likes, today)), skip, skip + AT_ONCE)
    return Found(tuple(Match(post, wish) for post in posts), board.count(bits), board)


async def more(db: AsyncSession, shelf: Shelf, address_id: int, now: datetime) -> Found:
    """Return the next posts of all that an account subscribed to, and note them as heard of (更多)."""
    board, today = await shelf.board(db), now.astimezone(CHINA).date()
    own = select(Address.person_id).where(Address.id == address_id).scalar_subquery()
    await db.execute(
        select(Person.id).where(Person.id == own).with_for_update(key_share=True)
    )  # their other accounts wait
    mine = select(JobSubscription).where(JobSubscription.address_id == address_id, JobSubscription.status == "active")
    wishes = [Wish.from_json(one.wish) for one in await db.scalars(mine.order_by(JobSubscription.id))]
    known = board.of((await job_told.heard(db, [address_id]))[address_id])
    likes = (await job_likes.of_accounts(db, [address_id])).get(address_id, job_likes.NONE)
    wants = [Want(wish, board.bits(wish, today) & ~known) for wish in wishes]
    matches, total = pick(board, wants, likes, now)
    await job_told.tell(db, address_id, [match.post for match in matches], now)
    return Found(matches, total, board)


def pick(board: Board, wants: Sequence[Want], likes: Likes, now: datetime) -> tuple[tuple[Match, ...], int]:
    """Choose the posts of one message from several wishes, each in its turn; return how many there were with them."""
    today = now.astimezone(CHINA).date()
    orders = [(Match(post, want.wish) for post in order(board, want.bits, want.wish, likes, today)) for want in wants]
    chosen: dict[int, Match] = {}
    for match in _in_turn(orders):
        chosen.setdefault(match.post.group, match)
        if len(chosen) == AT_ONCE:
            break
    whole = reduce(or_, (want.bits for want in wants), 0)
    shown = sorted(chosen.values(), key=lambda match: match.post.closes_on > today + SOON)  # alike ones stay in turn
    return tuple(shown), board.count(whole)


def _in_turn(orders: Iterable[Iterator[Match]]) -> Iterator[Match]:
    """Give the first of each, then the second of each."""
    waiting = list(orders)
    while waiting:
        for one in list(waiting):
            match = next(one, None)
            if match is None:
                waiting.remove(one)
            else:
                yield match


def _one_a_group(posts: Iterable[Post]) -> Iterator[Post]:
    seen: set[int] = set()
    for post in posts:
        if post.group not in seen:
            seen.add(post.group)
            yield post
