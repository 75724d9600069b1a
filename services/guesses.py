"""Codes that people type are short, so guessing them is slowed down: per account, the shortest for all accounts together."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.proxies import BindingGuess
from db.upsert import insert_new

PER_ROUND = 5
"""Wrong codes of one account before it has to wait."""
PER_HOUR = 60
"""Wrong codes of all accounts in an hour before no short code is tried: a new account costs a guesser nothing."""
_FIRST_WAIT, _LONGEST_WAIT = timedelta(hours=1), timedelta(days=7)
_HOUR = timedelta(hours=1)


async def blocked_until(db: AsyncSession, address_id: int, now: datetime) -> datetime | None:
    """Return until when no code of an account is tried; None when it may go ahead."""
    guess = await db.get(BindingGuess, address_id)
    if guess is not None and guess.locked_until is not None and guess.locked_until > now:
        return guess.locked_until
    return None


async def short_blocked_until(db: AsyncSession, address_id: int, now: datetime) -> datetime | None:
    """Return the same for a code so short that many accounts together would find one."""
    own = await blocked_until(db, address_id, now)
    if own is not None:
        return own
    each = func.least if db.get_bind().dialect.name == "postgresql" else func.min
    recent = select(func.sum(each(BindingGuess.failures, PER_ROUND))).where(BindingGuess.at > now - _HOUR)
    if (await db.scalar(recent) or 0) >= PER_HOUR:
        return now + _HOUR
    return None


async def note_wrong(db: AsyncSession, address_id: int, now: datetime) -> datetime | None:
    """Count a wrong code; return until when the account must wait, if it was one too many."""
    await insert_new(db, BindingGuess, address_id=address_id, failures=0, at=now)
    guess = await db.get_one(BindingGuess, address_id)  # its conversation is locked: nobody else changes it
    guess.failures, guess.at = guess.failures + 1, now
    rounds, rest = divmod(guess.failures, PER_ROUND)
    if rest == 0:
        guess.locked_until = now + min(_FIRST_WAIT * 2 ** min(rounds - 1, 10), _LONGEST_WAIT)
    await db.flush()
    return guess.locked_until if rest == 0 else None


async def forget(db: AsyncSession, address_id: int, now: datetime) -> None:
    """Start anew after a right code; what was guessed within the hour still counts, for the account and for the bureau."""
    gone = delete(BindingGuess).where(BindingGuess.address_id == address_id, BindingGuess.at <= now - _HOUR)
    await db.execute(gone, execution_options={"synchronize_session": False})
