"""A case's place in the staff group: its topic, or its card where there are no topics; made anew whenever it is lost."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeVar
from weakref import WeakValueDictionary

from aiogram.exceptions import TelegramBadRequest

from bot.channels.base import UnavailableError
from bot.channels.telegram import staff_texts
from bot.channels.telegram.failure import says
from bot.channels.telegram.staff_board import Place, StaffBoard
from bot.channels.telegram.staff_card import TitleOf, draw, name
from bot.channels.telegram.staff_pace import GroupPace
from core.clock import Clock
from db.cases import CaseTopic
from db.engine import Database
from services import case_topics
from services.case_facts import CaseFacts, read_facts

GONE = ("message thread not found", "topic_deleted", "topic_id_invalid")
SHUT = ("topic_closed",)
_TRIES = 4
"""Reopened, made anew, and once more by bad luck; after that the row waits for its next try."""

T = TypeVar("T")
Send = Callable[[Place], Awaitable[T]]


@dataclass(frozen=True, slots=True)
class _Standing:
    """A case and where it stands in the group, if it does."""

    facts: CaseFacts
    topic: CaseTopic | None
    broken: bool
    """It stood elsewhere before."""

    @property
    def closed(self) -> bool:
        return self.facts.case.status == "closed"


class StaffTopics:
    """Knows every case's place, and mends it. Of one case, one thing at a time."""

    def __init__(
        self, board: StaffBoard, pace: GroupPace, database: Database, now: Clock, title_of: TitleOf
    ) -> None:  # fmt: skip
        self._board, self._pace, self._database, self._now, self._title_of = board, pace, database, now, title_of
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def send(self, case_id: int, chat_id: int, send: Send[T]) -> T:
        """Send something into a case's place, wherever that turns out to be.

        Raises:
            AiogramError, DeliveryError: it did not go out.
        """
        async with self._locks.setdefault(case_id, asyncio.Lock()):
            return await self._send(case_id, chat_id, send)

    async def redraw(self, case_id: int, chat_id: int) -> None:
        """Bring card, name and state of the topic up to date, if anything of it has changed.

        Raises:
            AiogramError, DeliveryError: it could not be done now.
        """
        async with self._locks.setdefault(case_id, asyncio.Lock()):
            standing = await self._read(case_id, chat_id)
            if not standing.closed:
                await self._send(case_id, chat_id, lambda place: self._bring_up_to_date(case_id, place))
            elif standing.topic is not None:
                await self._end(standing.topic)

    async def _end(self, topic: CaseTopic) -> None:
        """Draw a closed case for the last time; a place that is gone is not made anew for that."""
        try:
            await self._bring_up_to_date(topic.case_id, _place(topic))
        except TelegramBadRequest as error:
            if not says(error, GONE):
                raise
            await self._lose(topic)

    async def _send(self, case_id: int, chat_id: int, send: Send[T]) -> T:
        reopened = False
        for _ in range(_TRIES):
            standing = await self._read(case_id, chat_id)
            try:
                place = await self._stand(standing, chat_id)
                done = await send(place)
            except TelegramBadRequest as error:
                topic = (await self._read(case_id, chat_id)).topic
                if topic is None or topic.thread_id is None or not says(error, (*GONE, *SHUT)):
                    raise
                if says(error, SHUT) and not reopened:
                    reopened = await self._reopen(topic)
                else:
                    await self._lose(topic)
            else:
                if standing.closed and (reopened or standing.topic is None):
                    await self._board.switch(place, "close")
                return done
        raise UnavailableError(f"no place for case {case_id} in the staff group")

    async def _read(self, case_id: int, chat_id: int) -> _Standing:
        async with self._database.snapshot() as db:
            topic = await case_topics.find(db, case_id, chat_id)
            return _Standing(await read_facts(db, case_id), topic, await case_topics.was_lost(db, case_id))

    async def _stand(self, standing: _Standing, chat_id: int) -> Place:
        """Return the case's place, made if there is none, with its card."""
        topic = standing.topic or await self._make(standing, chat_id)
        place = _place(topic)
        if place.card_id is None:
            card = self._draw(standing, place)
            self._pace.count()
            place = replace(place, card_id=await self._board.post(place, card))
            await self._shown(topic.case_id, place, card)
        return place

    async def _make(self, standing: _Standing, chat_id: int) -> CaseTopic:
        case_id = standing.facts.case.id
        self._pace.count()
        thread_id = await self._board.create_topic(chat_id, name(standing.facts))
        async with self._database.transaction() as db:
            ours = await case_topics.add(db, case_id, chat_id, thread_id)
            topic = await case_topics.find(db, case_id, chat_id)
        assert topic is not None
        if not ours and thread_id is not None:
            await self._board.discard_topic(chat_id, thread_id)
        return topic

    async def _bring_up_to_date(self, case_id: int, place: Place) -> None:
        standing = await self._read(case_id, place.chat_id)
        before = (standing.topic.shown if standing.topic else None) or ""
        card = self._draw(standing, place)
        if card == before:
            return
        self._pace.enter()
        head, former = card.partition("\n")[0], before.partition("\n")[0]
        if staff_texts.CLOSED in former:
            await self._board.switch(place, "reopen")
        if head != former:
            self._pace.count()
            await self._board.rename(place, head)
        if not await self._board.edit(place, card):
            place = replace(place, card_id=await self._board.post(replace(place, card_id=None), card))
        if standing.closed:
            await self._board.switch(place, "close")
        await self._shown(case_id, place, card)

    async def _reopen(self, topic: CaseTopic) -> bool:
        """Reopen a topic; False when that does not help, for then it is lost."""
        try:
            await self._board.switch(_place(topic), "reopen")
        except TelegramBadRequest:
            await self._lose(topic)
            return False
        return True

    async def _lose(self, topic: CaseTopic) -> None:
        async with self._database.transaction() as db:
            await case_topics.lose(db, topic, self._now())

    async def _shown(self, case_id: int, place: Place, card: str) -> None:
        assert place.card_id is not None
        async with self._database.transaction() as db:
            await case_topics.show(db, case_id, place.chat_id, place.card_id, card)

    def _draw(self, standing: _Standing, place: Place) -> str:
        return draw(standing.facts, self._title_of, topic=place.thread_id is not None, broken=standing.broken)


def _place(topic: CaseTopic) -> Place:
    return Place(topic.chat_id, topic.thread_id, topic.card_id)
