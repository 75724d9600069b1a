"""What became of a broadcast for every single one of its frozen list: exactly one outcome each, so that the sum is the list."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Case,
    ColumnElement,
    Select,
    SQLColumnExpression,
    String,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.broadcasts import Broadcast, BroadcastRecipient
from db.people import Address
from db.turns import Outbox
from services import reach
from services.notice_merge import MERGED

OUTCOMES = (
    "waiting", "first", "read", "sent", "failed", "blocked", "stopped", "never", "expired", "cancelled", "deceased",
    "erased",
)  # fmt: skip
"""First: waits on the web page until the person comes; expired: was not sent, or not seen there, in time."""
OPEN = ("waiting", "first")
DELIVERED = ("read", "sent")
AGAIN = ("failed", "expired", "cancelled")
"""Whom a resend is for."""
TO_CALL = ("first", "failed", "blocked", "never", "expired")
"""Who has not heard and does not mind hearing: they are telephoned or visited."""

Own, Whole = Outbox, aliased(Outbox)
"""The message of a recipient, and the one it was merged into, where it was."""


def outcome() -> Case[str]:
    """Return which of OUTCOMES a row of `recipients` has."""
    status, error = func.coalesce(Whole.status, Own.status), func.coalesce(Whole.error, Own.error)
    known = error.in_(("stopped", "expired", "deceased", "erased"))
    waits = BroadcastRecipient.fate == "waiting"
    return case(
        (waits & (Broadcast.status == "cancelled"), "cancelled"),
        (waits & (Broadcast.status == "done"), "expired"),
        (waits, "waiting"),
        (BroadcastRecipient.fate != "queued", BroadcastRecipient.fate),
        ((status == "sent") & func.coalesce(Whole.read_at, Own.read_at).is_not(None), "read"),
        (status == "sent", "sent"),
        ((status == "dead") & Address.reachable.is_(False), "blocked"),
        (status == "dead", "failed"),
        ((status == "cancelled") & known, error),
        (status == "cancelled", "cancelled"),
        ((status == "ready") & Own.channel.not_in(reach.PUSH), "first"),
        (or_(status == "ready", status == "held"), "waiting"),
        else_="failed",
    )


def recipients(broadcast_id: int, *columns: Any) -> Select[Any]:
    """Return the frozen list with everything that `outcome` looks at."""
    key = literal(f"b:{broadcast_id}:") + cast(BroadcastRecipient.number, String)
    return (
        select(*columns)
        .select_from(BroadcastRecipient)
        .join(Broadcast, Broadcast.id == BroadcastRecipient.broadcast_id)
        .outerjoin(Own, Own.dedupe_key == key)
        .outerjoin(Whole, Whole.id == merged_into(Own.error))
        .outerjoin(Address, Address.id == BroadcastRecipient.address_id)
        .where(BroadcastRecipient.broadcast_id == broadcast_id)
    )


def merged_into(error: SQLColumnExpression[str | None]) -> ColumnElement[int]:
    """Return the id of the message that another was merged into, NULL where it was not."""
    number = case((error.startswith(MERGED), func.substr(error, len(MERGED) + 1)), else_=None)
    return cast(number, BigInteger)


def failed(broadcast_id: int) -> Select[Any]:
    """Return the recipients who were to hear, could not be delivered to, and may be tried again."""
    return recipients(broadcast_id, BroadcastRecipient.number).where(outcome().in_(AGAIN))


async def counts(db: AsyncSession, broadcast_id: int) -> dict[str, int]:
    """Count the recipients by outcome; outcomes that nobody has are left out."""
    fate = outcome().label("outcome")
    rows = await db.execute(recipients(broadcast_id, fate, func.count()).group_by(fate))
    found = {name: number for name, number in rows}  # noqa: C416 - mypy knows the pairs only so
    return {name: found[name] for name in OUTCOMES if name in found}
