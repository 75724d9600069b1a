"""The one place where the rules for what is said unasked are applied: at the moment when it would leave (decision 0019)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.tick import Pass
from db.turns import Outbox
from services import leases, notice_merge, quiet
from services.notice_facts import BATCH, HELD, READY, Facts, Held, due, read_facts
from services.notice_kinds import KINDS

EXPIRED, STOPPED, DECEASED, ERASED, CANCELLED = "expired", "stopped", "deceased", "erased", "cancelled"
"""What the error of a notice says that was not sent, beside those that begin with notice_merge.MERGED."""
_ONE_AT_A_TIME = "notice_gate"


@dataclass(frozen=True, slots=True)
class Rules:
    """What the bureau has set."""

    per_day: int = 3
    """Notices a person gets on one day; what is urgent or about an appointment comes all the same."""
    quiet_from: int = 20
    quiet_until: int = 8
    """Hours of China's day between which nothing is sent, unless the person has chosen others."""


DEFAULT_RULES = Rules()


@dataclass(slots=True)
class _Verdict:
    """What becomes of the rows of a pass, so that rows with the same lot share a statement."""

    cancelled: defaultdict[str, list[int]]
    held: defaultdict[datetime, list[int]]
    released: defaultdict[datetime | None, list[int]]
    merged: list[dict[str, Any]]
    told: set[int]


async def release(db: AsyncSession, now: datetime, rules: Rules) -> Pass:
    """Let go what may leave now, hold the rest for later, and cancel what is not to be sent any more."""
    # Two clocks at once must not each find a person's day still empty: the row of this lease makes one wait for the other.
    await leases.hold(db, _ONE_AT_A_TIME, _ONE_AT_A_TIME, now, timedelta(0))
    rows = await due(db, now)
    if not rows:
        return Pass(0)
    facts = await read_facts(db, rows, quiet.day_start(now))
    verdict = _Verdict(defaultdict(list), defaultdict(list), defaultdict(list), [], set())
    open_now: list[tuple[Held, datetime | None]] = []
    for held in rows:
        if reason := _refused(held, facts, now):
            verdict.cancelled[reason].append(held.row.id)
            continue
        opens, closes = (now, None) if held.urgent else quiet.next_open(now, *_hours(held, rules))
        if opens > now:
            verdict.held[opens].append(held.row.id)
        else:
            open_now.append((held, closes))
    _let_go(open_now, facts.sent_today, rules, now, verdict)
    await _write(db, verdict, now)
    await db.flush()
    return Pass(len(rows), tuple(sorted(verdict.told)))


async def expire(db: AsyncSession, now: datetime) -> Pass:
    """Cancel what would come too late: held, or waiting for somebody to open the page."""
    return Pass(sum([await _expire(db, now, status) for status in (HELD, READY)]))


async def _expire(db: AsyncSession, now: datetime, status: ColumnElement[str]) -> int:
    """Cancel those with one status: so each is found by the index of its own, not among all that was ever said."""
    unclaimed = or_(Outbox.lease_until.is_(None), Outbox.lease_until <= now)
    late = (
        select(Outbox.id)
        .where(Outbox.status == status, Outbox.notice.is_not(None), Outbox.expires_at <= now, unclaimed)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    gone = await db.scalars(
        update(Outbox)
        .where(Outbox.id.in_(late))
        .values(status="cancelled", error=EXPIRED)
        .returning(Outbox.id)
        .execution_options(synchronize_session=False)
    )
    return len(gone.all())


def _refused(held: Held, facts: Facts, now: datetime) -> str | None:
    """Return why a notice is not to be sent at all."""
    if held.called_off:
        return CANCELLED
    if held.deceased:
        return DECEASED
    if held.erased:
        return ERASED
    if (held.who, held.row.notice) in facts.stopped:
        return STOPPED
    if held.row.expires_at is not None and held.row.expires_at <= now:
        return EXPIRED
    return None


def _hours(held: Held, rules: Rules) -> tuple[int, int]:
    return held.hours or (rules.quiet_from, rules.quiet_until)


def _let_go(
    open_now: Iterable[tuple[Held, datetime | None]], sent: Counter[str], rules: Rules, now: datetime, verdict: _Verdict
) -> None:
    """Put together what belongs together, and let go as many messages as each person's day has room for."""
    together: defaultdict[tuple[object, ...], list[tuple[Held, datetime | None]]] = defaultdict(list)
    for held, closes in open_now:
        row = held.row
        together[row.channel, row.recipient, row.notice, row.lane, held.urgent].append((held, closes))
    for group in together.values():
        held, closes = group[0]
        for message in notice_merge.messages([one.row for one, _ in group]):
            if _counts(held) and sent[held.who] >= rules.per_day:
                morning = quiet.next_morning(now, rules.quiet_until)
                opens, _ = quiet.next_open(morning, *_hours(held, rules))
                verdict.held[opens] += [row.id for row in message]
                continue
            sent[held.who] += 1
            _keep_first(message, verdict)
            verdict.released[closes].append(message[0].id)
            if message[0].address_id is not None:
                verdict.told.add(message[0].address_id)


def _counts(held: Held) -> bool:
    """Tell whether a day's number holds for it: not for the urgent, for appointments, and for staff at their work."""
    kind = KINDS.get(held.row.notice or "")
    return not (held.urgent or held.row.address_id is None or (kind is not None and kind.appointment))


def _keep_first(message: Sequence[Outbox], verdict: _Verdict) -> None:
    first, *others = message
    if not others:
        return
    first.payload = notice_merge.put_together(message)
    ends = [row.expires_at for row in message]
    first.expires_at = None if None in ends else max(end for end in ends if end is not None)
    error = f"{notice_merge.MERGED}{first.id}"
    verdict.merged += [{"id": row.id, "status": "cancelled", "error": error} for row in others]


async def _write(db: AsyncSession, verdict: _Verdict, now: datetime) -> None:
    if verdict.merged:
        await db.execute(update(Outbox), verdict.merged)
    changes: list[tuple[list[int], dict[str, Any]]] = [
        *((ids, {"status": "cancelled", "error": reason}) for reason, ids in verdict.cancelled.items()),
        *((ids, {"available_at": opens}) for opens, ids in verdict.held.items()),
        *(
            (ids, {"status": "ready", "available_at": now, "released_at": now, "window_end": closes})
            for closes, ids in verdict.released.items()
        ),
    ]
    for ids, values in changes:
        await db.execute(
            update(Outbox).where(Outbox.id.in_(ids)).values(values).execution_options(synchronize_session=False)
        )
