"""What staff do with a case, wherever they do it, and what its person is told of it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from core.reply import Reply
from db.cases import SupportCase
from db.people import Address, Conversation
from db.staff import Staff
from handlers import rating, texts
from handlers.progress import staff_label
from knowledge.entry import Profile
from services import case_talk, cases, petitions
from services.calendar import read_calendar
from services.case_talk import StaffMessage, StoredFile
from services.turns import DEFAULT_LIMIT

NO_DANGER = "这张求助单不是危机，不能按误报关闭。"


class Casework:
    """The acts of staff; each is one transaction of its caller's, and refuses with a sentence."""

    def __init__(self, profile: Callable[[], Profile], claim_life: timedelta, limits: Mapping[str, int]) -> None:
        self._profile, self._claim_life, self._limits = profile, claim_life, limits

    def label(self, staff: Staff) -> str:
        """Return how people read a member of staff: by number, or by name where the bureau's profile says so."""
        return staff_label(self._profile(), staff)

    async def claim(self, db: AsyncSession, case_id: int, staff: Staff, now: datetime) -> SupportCase:
        """Take a case.

        Raises:
            Refusal: closed, or another's.
        """
        return await cases.claim(db, case_id, staff, now, self._claim_life)

    async def answer(
        self, db: AsyncSession, case_id: int, staff: Staff, text: str, now: datetime,
        *, key: str, files: Sequence[StoredFile] = (), origin: int | None = None,
    ) -> list[int]:  # fmt: skip
        """Send words and files to the person, claiming the case; return the outbox ids, none when the key was used.

        Raises:
            Refusal: nothing to send, closed, or another's.
        """
        case, _ = await cases.lock(db, case_id)
        message = StaffMessage(
            text, key, self.label(staff), await self._limit(db, case), files, origin, texts.FILE_FROM_STAFF
        )
        return await case_talk.answer(db, case_id, staff, message, now, self._claim_life)

    async def note(self, db: AsyncSession, case_id: int, staff: Staff, text: str, now: datetime, *, key: str) -> None:
        """Keep a private note.

        Raises:
            Refusal: it is empty.
        """
        await case_talk.note(db, case_id, staff, text, now, key)

    async def transfer(
        self, db: AsyncSession, case_id: int, staff: Staff, now: datetime,
        *, to_staff: int | None = None, to_station: int | None = None,
    ) -> SupportCase:  # fmt: skip
        """Hand over to a colleague or to a station's queue; the person is told that it moved.

        Raises:
            Refusal: closed, another's, or the colleague has left.
        """
        before = await db.get(SupportCase, case_id)
        if before is not None and before.status == "open" and to_staff is None and before.station_id == to_station:
            return before  # a second click, or where it lies already
        case = await cases.transfer(db, case_id, staff, now, self._claim_life, to_staff=to_staff, to_station=to_station)
        told = Reply(texts.CASE_TRANSFERRED.format(code=case.code))
        await case_talk.tell(db, case, told, await self._limit(db, case), now)
        return case

    async def close(self, db: AsyncSession, case_id: int, staff: Staff, now: datetime) -> SupportCase:
        """Close a case that the staff member has, say so, and ask how it was; a danger is closed without the question.

        Raises:
            Refusal: another's, or a petition without a written decision.
        """
        before = await db.get(SupportCase, case_id)
        if before is not None and before.status == "closed":
            return before
        taken = await cases.claim(db, case_id, staff, now, self._claim_life)
        if taken.kind == "petition":
            await petitions.must_be_decided(db, case_id)
        case = await cases.close(db, case_id, "resolved", now, staff_id=staff.id)
        await self.say_goodbye(db, case, texts.CASE_CLOSED, now)
        return case

    async def false_alarm(self, db: AsyncSession, case_id: int, staff: Staff, now: datetime) -> SupportCase:
        """Close a danger that was none; counted, and without a word to a person to whom staff had not written.

        Raises:
            Refusal: it is no case of danger.
        """
        case = await db.get(SupportCase, case_id)
        if case is not None and not case.crisis:
            raise Refusal(NO_DANGER)
        closed = await cases.close(db, case_id, "false_alarm", now, staff_id=staff.id)
        if closed.first_answer_at is not None:
            await self.say_goodbye(db, closed, texts.CASE_CLOSED, now)
        return closed

    async def reopen(self, db: AsyncSession, case_id: int, staff: Staff, now: datetime) -> SupportCase:
        """Open a closed case again and take it.

        Raises:
            Refusal: too late, or the person has another case.
        """
        await cases.reopen(db, case_id, await read_calendar(db), now, staff_id=staff.id)
        return await cases.claim(db, case_id, staff, now, self._claim_life)

    async def change_kind(self, db: AsyncSession, case_id: int, staff: Staff, kind: str, now: datetime) -> None:
        """Give a case another kind.

        Raises:
            Refusal: closed, or another's.
        """
        case = await cases.claim(db, case_id, staff, now, self._claim_life)
        await cases.change_kind(db, case, kind, await read_calendar(db), now, staff_id=staff.id)

    async def say_goodbye(self, db: AsyncSession, case: SupportCase, text: str, now: datetime) -> None:
        """Tell the person that the bot is back, and, unless it was about a danger, ask for a mark by digit."""
        conversation = await db.get_one(Conversation, case.address_id)
        offered = () if case.crisis else rating.choices(case)
        conversation.state, conversation.menu = None, [{"label": c.label, "action": c.action} for c in offered]
        words = text.format(code=case.code) + ("" if case.crisis else "\n" + texts.ASK_RATING)
        key = f"closed:{case.id}:{case.reopened}"
        await case_talk.tell(db, case, Reply(words, offered), await self._limit(db, case), now, key)

    async def say_released(self, db: AsyncSession, case: SupportCase, now: datetime) -> None:
        """Tell the person that the bot is back while the petition runs on."""
        told = Reply(texts.PETITION_RUNS_ON.format(code=case.code))
        await case_talk.tell(db, case, told, await self._limit(db, case), now)

    async def _limit(self, db: AsyncSession, case: SupportCase) -> int:
        address = await db.get_one(Address, case.address_id)
        return self._limits.get(address.channel, DEFAULT_LIMIT)
