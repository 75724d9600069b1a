"""What somebody said of posts, 合适 or 不合适, counted up for the order of the next ones."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.job_rank import NO_LIKES as NONE
from knowledge.job_rank import Likes
from services import job_feedback, job_told
from services.job_feedback import Opinion

__all__ = ["NONE", "of_accounts"]
_LATEST = 50
"""Opinions that count: what somebody wanted years ago may not be what they want."""


async def of_accounts(db: AsyncSession, address_ids: Iterable[int]) -> dict[int, Likes]:
    """Return the likes of each account's person; who said nothing is left out."""
    whose = await job_told.accounts(db, address_ids)
    said = await job_feedback.of_accounts(db, set().union(*whose.values()))
    if not said:
        return {}
    found = {account: [one for other in others for one in said.get(other, ())] for account, others in whose.items()}
    return {account: _count(opinions[:_LATEST]) for account, opinions in found.items() if opinions}


def _count(opinions: Iterable[Opinion]) -> Likes:
    employers: Counter[int] = Counter()
    kinds: Counter[str] = Counter()
    townships: Counter[int | None] = Counter()
    for one in opinions:
        weight = 1 if one.fits else -1
        employers[one.employer_id] += weight
        kinds[one.kind] += weight
        townships[one.township_id] += weight
    townships.pop(None, None)
    return Likes(employers, kinds, townships)
