"""Every act and every view of personal data leaves a row that cannot be altered or removed unseen."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.staff import Audit, AuditHead
from db.upsert import insert_new

_BATCH = 1000
_START = ""
"""What the first row's hash covers in place of a row before."""


@dataclass(frozen=True, slots=True)
class Chain:
    """What a walk along the rows found."""

    count: int
    hash: str
    fault: str | None = None
    """What is wrong first, in Chinese; None when every row is whole and in its place."""


async def record(
    db: AsyncSession, now: datetime, staff_id: int | None, action: str, object_: str,
    detail: dict[str, Any] | None = None, origin: str | None = None,
) -> None:  # fmt: skip
    """Append a row in the transaction of the act. Call it last: it holds the chain's end until the commit."""
    head = await _locked_head(db)
    detail = json.loads(json.dumps(detail or {}))
    row = Audit(
        id=head.count + 1,
        at=now,
        staff_id=staff_id,
        action=action,
        object=object_,
        detail=detail,
        origin=origin,
        hash="",
    )
    row.hash = _hash(head.hash, row)
    db.add(row)
    head.count, head.hash = row.id, row.hash
    await db.flush()


async def verify(db: AsyncSession) -> Chain:
    """Walk all rows, and name the first that is altered, missing or too many."""
    last = (
        await db.scalar(select(func.max(Audit.id))) or 0
    )  # before the head: rows that come meanwhile are not too many
    head = await db.get(AuditHead, 1) or AuditHead(id=1, count=0, hash=_START)
    so_far = _START
    for first in range(1, head.count + 1, _BATCH):
        end = min(first + _BATCH - 1, head.count)
        rows = await db.execute(select(*Audit.__table__.c).where(Audit.id.between(first, end)))
        found = {row.id: row for row in rows}
        for number in range(first, end + 1):
            if number not in found:
                return Chain(head.count, head.hash, f"第 {number} 条记录不见了")
            so_far = _hash(so_far, found[number])
            if so_far != found[number].hash:
                return Chain(head.count, head.hash, f"第 {number} 条记录被改动过")
    if last > head.count:
        return Chain(head.count, head.hash, f"第 {head.count + 1} 条记录是后来塞进去的")
    if so_far != head.hash:
        return Chain(head.count, head.hash, f"第 {head.count} 条之后的末尾标记被改动过")
    return Chain(head.count, head.hash)


async def _locked_head(db: AsyncSession) -> AuditHead:
    locked = select(AuditHead).where(AuditHead.id == 1).with_for_update()
    head = await db.scalar(locked.execution_options(populate_existing=True))
    if head is None:
        await insert_new(db, AuditHead, id=1, count=0, hash=_START)
        head = (await db.scalars(locked)).one()
    return head


def _hash(before: str, row: Audit | Row[Any]) -> str:
    at = row.at.astimezone(UTC).isoformat()
    fields = [before, row.id, at, row.staff_id, row.action, row.object, row.detail, row.origin]
    return sha256(json.dumps(fields, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()
