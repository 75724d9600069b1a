"""Making digests: those whose hour has come, and those of posts that have just changed; all of a pass at once.

Nothing is queued: what an account has not heard of is on the board, and what it has heard of is in the ledger. So a
pass that dies half-way has done nothing, and a post that is edited, reopened or imported twice needs no care.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA, start_of
from db.jobs import Job, JobSubscription
from db.people import Address
from knowledge.job_board import Board
from knowledge.job_rank import Likes
from knowledge.job_wish import Wish
from services import digest_accounts, digest_keys, job_board, job_likes, job_told
from services.digest_accounts import Account
from services.digests import Match, Want, pick
from services.job_board import Shelf
from services.subscriptions import first_due

_ACCOUNTS, _POSTS, _SUBSCRIPTIONS = 50, 1000, 500
"""Of one pass, which keeps SQLite's one writer waiting."""
_SHORTEST, _LONGEST = timedelta(minutes=15), timedelta(days=1)
"""How long a subscription waits when the last message is not delivered yet: as long as that one waited."""
_TOO_FAR = timedelta(days=8)
"""No subscription is due so late: a clock that went wrong for a while has said so."""
_ON_ITS_WAY = timedelta(hours=2)
"""So long a message may take that is being delivered; an older one waits for somebody to open the page."""

_EVERY = -1
"""All bits."""

Allowed = Callable[[JobSubscription], int]
"""The posts of the board that a subscription may be told of now, as bits."""


@dataclass(frozen=True, slots=True)
class Digest:
    """What one account is told in one message; it is in the ledger by this key already."""

    address: Address
    key: str
    matches: tuple[Match, ...]
    total: int
    """How many posts it has not heard of, with these."""
    board: Board

    @property
    def expires_at(self) -> datetime:
        """Return when the last of its posts is not shown any more."""
        last = max(match.post.closes_on for match in self.matches)
        return start_of(last + timedelta(days=1))


async def due(db: AsyncSession, shelf: Shelf, now: datetime) -> tuple[list[Digest], int]:
    """Make the digests whose hour has come; return them, and how many subscriptions were seen to."""
    righted = await _right(db, now)
    waiting = (
        select(JobSubscription.address_id)
        .where(JobSubscription.status == "active", JobSubscription.next_at <= now)
        .order_by(JobSubscription.next_at, JobSubscription.id)
        .limit(_ACCOUNTS)
    )
    addresses = set(await db.scalars(waiting))
    if not addresses:
        return [], righted
    accounts = await digest_accounts.lock(db, addresses)
    theirs = {one.id: one for account in accounts.values() for one in account.subscriptions if _is_due(one, now)}
    board = await shelf.board(db)
    changed = await _changed_since(db, [one.renewed_at for one in theirs.values() if one.cadence == "now"])

    def allowed(one: JobSubscription) -> int:
        if one.id not in theirs:
            return 0
        return board.of(id_ for id_, at in changed if at >= one.renewed_at) if one.cadence == "now" else _EVERY

    digests = await _make(db, board, accounts, allowed, now)
    for account in accounts.values():
        for one in account.subscriptions:
            if one.id in theirs:
                one.next_at = _next(one, account, now)
    await db.flush()
    return digests, len(theirs) + righted


async def _right(db: AsyncSession, now: datetime) -> int:
    """Set anew what waits for a day that no subscription waits for; an at-once one is looked at now."""
    far = select(JobSubscription).where(JobSubscription.status == "active", JobSubscription.next_at > now + _TOO_FAR)
    locked = far.order_by(JobSubscription.id).limit(_SUBSCRIPTIONS).with_for_update(key_share=True, skip_locked=True)
    found = (await db.scalars(locked, execution_options={"populate_existing": True})).all()
    for one in found:
        one.next_at = first_due(one.cadence, one.hour, one.weekday, now) or now
    await db.flush()
    return len(found)


async def at_once(db: AsyncSession, shelf: Shelf, now: datetime) -> tuple[list[Digest], int]:
    """Make the digests of posts that have just changed, for the next page of those who want to know at once.

    Somebody who is just talking ends the page before them: the next pass begins there.
    """
    rows = select(Job.id, Job.matched_to).where(Job.matched_to.is_not(None)).order_by(Job.matched_to, Job.id)
    free = rows.limit(_POSTS).with_for_update(key_share=True, skip_locked=True)
    posts = dict((await db.execute(free)).all())
    if not posts:
        return [], 0
    begin = min(so_far or 0 for so_far in posts.values())
    page = await _page(db, begin)
    end = page[-1].id if len(page) == _SUBSCRIPTIONS else None
    few, today = await job_board.read(db, posts), now.astimezone(CHINA).date()
    wanting = {one.address_id: one.id for one in reversed(page) if few.bits(Wish.from_json(one.wish), today)}
    digests: list[Digest] = []
    if wanting:
        accounts = await digest_accounts.lock(db, wanting)
        left = [first for address_id, first in wanting.items() if address_id not in accounts]
        if left:
            end = min(left) - 1
            accounts = {address_id: account for address_id, account in accounts.items() if wanting[address_id] <= end}
        board = await shelf.board(db)
        new = board.of(post.id for post in few.posts)
        digests = await _make(db, board, accounts, lambda one: new if one.cadence == "now" else 0, now)
        for account in accounts.values():
            for one in account.subscriptions:
                if one.cadence == "now" and account.willing and account.waiting_since is not None:
                    one.next_at = _next(one, account, now)
    await db.flush()
    await _look_on(db, posts, end)
    return digests, 0 if end == begin else len(posts)


async def _page(db: AsyncSession, begin: int) -> Sequence[JobSubscription]:
    wanted = select(JobSubscription).where(
        JobSubscription.status == "active", JobSubscription.cadence == "now", JobSubscription.id > begin
    )
    return (await db.scalars(wanted.order_by(JobSubscription.id).limit(_SUBSCRIPTIONS))).all()


async def _look_on(db: AsyncSession, posts: Mapping[int, int | None], end: int | None) -> None:
    """Note up to which subscription posts were looked at; at the end they need not be any more."""
    seen = list(posts) if end is None else [id_ for id_, so_far in posts.items() if (so_far or 0) < end]
    await db.execute(
        update(Job).where(Job.id.in_(seen)).values(matched_to=end).execution_options(synchronize_session=False)
    )


async def _changed_since(db: AsyncSession, moments: Sequence[datetime]) -> Sequence[tuple[int, datetime]]:
    if not moments:
        return []
    rows = select(Job.id, Job.changed_at).where(Job.status == "open", Job.changed_at >= min(moments))
    return (await db.execute(rows)).all()


async def _make(
    db: AsyncSession, board: Board, accounts: Mapping[int, Account], allowed: Allowed, now: datetime
) -> list[Digest]:
    """Choose for each account what it has not heard of, and write it into the ledger."""
    await digest_accounts.look_at_open(db, accounts)
    heard, likes = await job_told.heard(db, accounts), await job_likes.of_accounts(db, accounts)
    made, replaced = list[Digest](), list[str]()
    for own in digest_accounts.of_person(accounts.values()).values():
        known = board.of(heard[own[0].address.id])
        for account in own:
            digest = _digest(board, account, allowed, known, likes.get(account.address.id, job_likes.NONE), now)
            if digest is not None:
                made.append(digest)
                replaced += account.held
                known |= board.of(match.post.group for match in digest.matches)
    await digest_accounts.take_back(db, replaced)
    await job_told.tell_all(db, [(one.address.id, match.post, one.key) for one in made for match in one.matches], now)
    return made


def _digest(
    board: Board, account: Account, allowed: Allowed, known: int, likes: Likes, now: datetime
) -> Digest | None:  # fmt: skip
    """Put together what is new for an account, with what it would have been told by a digest that is still held."""
    if not account.willing or account.waiting_since is not None:
        return None
    today = now.astimezone(CHINA).date()
    wishes = [(one, Wish.from_json(one.wish)) for one in account.subscriptions]
    found = [(one, wish, board.bits(wish, today)) for one, wish in wishes]
    new = [(one, bits & allowed(one) & ~known) for one, _, bits in found]
    if not any(bits for _, bits in new):
        return None
    again = board.of(account.in_held)
    wants = [Want(wish, bits & (allowed(one) & ~known | again)) for one, wish, bits in found]
    matches, total = pick(board, wants, likes, now)
    parts = (one.id for (one, _, _), want in zip(found, wants, strict=True) if want.bits)
    return Digest(account.address, digest_keys.make(account.address.id, parts), matches, total, board)


def _is_due(one: JobSubscription, now: datetime) -> bool:
    return one.next_at is not None and one.next_at <= now


def _next(one: JobSubscription, account: Account, now: datetime) -> datetime | None:
    """Return when it is looked at again: soon where the last message is on its way, else at its own time.

    To an at-once one, which has no time of its own, a message that nobody fetches is one to wait for, ever longer.
    """
    waited = None if account.waiting_since is None or not account.willing else now - account.waiting_since
    if waited is not None and (one.cadence == "now" or waited < _ON_ITS_WAY):
        return now + min(max(waited, _SHORTEST), _LONGEST)
    return first_due(one.cadence, one.hour, one.weekday, now)
