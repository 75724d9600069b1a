"""What a colleague's message in the staff group does: decided in one transaction, once for each message."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.channels.telegram import staff_texts as texts
from bot.channels.telegram.staff_heard import Heard
from core.errors import Refusal
from db.cases import SupportCase
from db.staff import Staff
from db.turns import Inbox
from db.upsert import insert_new
from handlers.casework import Casework
from services import case_topics, colleagues, scope, staff_group
from services.case_talk import StoredFile

Act = Callable[[AsyncSession, int, Staff, datetime], Awaitable[SupportCase]]


class StaffDesk:
    """Does what is wanted, and answers in the group where it cannot be done."""

    def __init__(self, casework: Casework) -> None:
        self._casework = casework
        self._acts: dict[str, Act] = {
            "claim": casework.claim,
            "close": casework.close,
            "false": casework.false_alarm,
            "reopen": casework.reopen,
        }

    async def wants_file(self, db: AsyncSession, heard: Heard) -> bool:
        """Tell whether the message's file goes to a person, before anything is fetched."""
        staff, case = await _who(db, heard), await _case(db, heard)
        known = await db.get(Inbox, (staff_group.CHANNEL, heard.key))
        return heard.has_file and heard.order.verb == "say" and staff is not None and case is not None and known is None

    async def take(self, db: AsyncSession, heard: Heard, files: list[StoredFile], now: datetime) -> SupportCase | None:
        """Do what the message wants; return the case, None when it concerned none or was taken before.

        Raises:
            Refusal: it cannot be done.
        """
        staff, case = await _who(db, heard), await _case(db, heard)
        if staff is None:
            await self._turn_away(db, heard, case, now)
            return None
        if case is None:
            if heard.addressed:
                await self._tell(db, heard, texts.HELP if heard.order.verb == "help" else texts.NO_CASE, now)
            return None
        if not await _is_first(db, heard, now):
            return None
        if not await _may_work_on(db, staff, case):
            raise Refusal(texts.NO_RIGHT)
        await self._obey(db, heard, staff, case.id, files, now)
        return case

    async def refuse(self, db: AsyncSession, heard: Heard, reason: str, now: datetime) -> None:
        """Say why a message had no effect; it has none later either."""
        if await _is_first(db, heard, now):
            case = await _case(db, heard)
            text = texts.NOT_SENT.format(code=case.code, reason=reason) if case else reason
            await self._tell(db, heard, text, now)

    async def edited(self, db: AsyncSession, heard: Heard, now: datetime) -> None:
        """Say once that what went out stays as it was."""
        if await _who(db, heard) is not None and (case := await _case(db, heard)) is not None:
            text = texts.NOT_SENT.format(code=case.code, reason=texts.EDITED)
            await self._tell(db, heard, text, now, key=f"edited:{heard.key}")

    async def topic_closed(self, db: AsyncSession, thread_id: int, key: str, now: datetime) -> None:
        """Keep the topic of a case open that is not closed itself."""
        case = await case_topics.case_in(db, thread_id)
        if case is not None and case.status != "closed":
            text = texts.TOPIC_CLOSED.format(code=case.code)
            await staff_group.keep_open(db, case.id, text, now, key=f"shut:{key}")

    async def _turn_away(self, db: AsyncSession, heard: Heard, case: SupportCase | None, now: datetime) -> None:
        if not heard.nameless:
            await self._tell(db, heard, texts.STRANGER, now, key=f"stranger:{heard.sender}")
        elif case is not None or heard.addressed:
            await self._tell(db, heard, texts.NAMELESS, now)

    async def _obey(
        self, db: AsyncSession, heard: Heard, staff: Staff, case_id: int, files: list[StoredFile], now: datetime
    ) -> None:
        verb, rest = heard.order.verb, heard.order.rest
        if verb == "say":
            if not heard.sendable:
                raise Refusal(texts.NOT_SENDABLE)
            key = f"{staff_group.CHANNEL}:{heard.key}"
            await self._casework.answer(db, case_id, staff, rest, now, key=key, files=files, origin=heard.message_id)
        elif verb == "note":
            await self._note(db, heard, staff, case_id, now)
        elif verb == "help":
            await self._tell(db, heard, texts.HELP, now)
        elif verb == "transfer":
            await self._transfer(db, case_id, staff, rest, now)
            await staff_group.mark(db, case_id, heard.message_id, "done", now)
        elif verb in self._acts:
            await self._acts[verb](db, case_id, staff, now)
            await staff_group.mark(db, case_id, heard.message_id, "done", now)
        else:
            raise Refusal(texts.UNKNOWN_ORDER.format(word=rest))

    async def _note(self, db: AsyncSession, heard: Heard, staff: Staff, case_id: int, now: datetime) -> None:
        if heard.has_file and not heard.order.rest:
            raise Refusal(texts.NOTE_WITHOUT_FILE)
        await self._casework.note(db, case_id, staff, heard.order.rest, now, key=f"group:{heard.key}")
        await staff_group.mark(db, case_id, heard.message_id, "noted", now)
        if heard.has_file:
            await self._tell(db, heard, texts.NOTE_WITHOUT_FILE, now)

    async def _transfer(self, db: AsyncSession, case_id: int, staff: Staff, word: str, now: datetime) -> None:
        if not word:
            raise Refusal(texts.TRANSFER_WHERE)
        target = await colleagues.find(db, word)
        if isinstance(target, Staff):
            await self._casework.transfer(db, case_id, staff, now, to_staff=target.id)
        else:
            await self._casework.transfer(db, case_id, staff, now, to_station=target.id)

    async def _tell(self, db: AsyncSession, heard: Heard, text: str, now: datetime, key: str | None = None) -> None:
        await staff_group.reply(
            db, text, now, message_id=heard.message_id, thread_id=heard.thread_id, key=key or f"told:{heard.key}"
        )


async def _who(db: AsyncSession, heard: Heard) -> Staff | None:
    return None if heard.nameless else await colleagues.by_telegram(db, heard.sender)


async def _case(db: AsyncSession, heard: Heard) -> SupportCase | None:
    found = None if heard.thread_id is None else await case_topics.case_in(db, heard.thread_id)
    if found is None and heard.code is not None:
        found = await db.scalar(select(SupportCase).where(SupportCase.code == heard.code))
    return found


async def _is_first(db: AsyncSession, heard: Heard, now: datetime) -> bool:
    """Take a message once; its words stand where they went, not here."""
    return await insert_new(
        db, Inbox, channel=staff_group.CHANNEL, event_id=heard.key, kind="event", text="staff", at=now
    )


async def _may_work_on(db: AsyncSession, staff: Staff, case: SupportCase) -> bool:
    """Tell whether the case is in the colleague's scope, as in the console; to a danger everybody is called."""
    if case.crisis and scope.may(staff, "cases"):
        return True
    visible = select(SupportCase.id).where(SupportCase.id == case.id, scope.visible_cases(staff))
    return await db.scalar(visible) is not None
