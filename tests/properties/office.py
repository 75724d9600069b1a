"""An office in which anything may happen, and which remembers what was sent in and what was acknowledged."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import select

from bot.intake import Intake
from bot.metrics import Metrics
from bot.wake import Wake
from bot.workers.clock import Ticker
from bot.workers.deliver import Deliverer
from core.errors import Refusal
from core.turn import Inbound, Media
from db.cases import StaffGroup, SupportCase
from db.people import Address, Conversation
from db.places import Station
from db.staff import Staff
from db.turns import Outbox
from handlers import routes
from handlers.casework import Casework
from handlers.ticks import ticks
from services.amend import Amendment
from services.case_talk import StoredFile
from tests.fakes.clock import SettableClock
from tests.fakes.sealed import VAULT
from tests.journeys.world import Shelf, snapshot_of
from tests.properties.faults import FakeChannel, Killed, MortalDatabase
from tests.properties.records import NAMES, PEOPLE, TELEGRAM_ID, WORDS, Answer, Heard

Result = TypeVar("Result")
LEASE = timedelta(seconds=30)


class Office:
    """Three people, three of staff, one clock."""

    def __init__(self, database: MortalDatabase, clock: SettableClock) -> None:
        self.database, self.clock, self._numbers = database, clock, count(1)
        metrics, wake = Metrics(), Wake()
        shelf: Any = Shelf(snapshot_of())
        self.intake = Intake(database, shelf, routes(VAULT).route, wake, metrics, clock, {})
        self.casework = Casework(lambda: shelf.snapshot.profile, timedelta(minutes=30), {})
        due = ticks(self.casework, VAULT, crisis_repeat=timedelta(minutes=3), idle=timedelta(hours=48))
        self.ticker = Ticker(database, due, wake, clock, "one")
        self.channels = {name: FakeChannel(name) for name in ("telegram", "staff")}
        self.deliverer = Deliverer(database, self.channels, wake, metrics, clock, LEASE, Path)
        self.staff: list[Staff] = []
        self.heard: dict[tuple[str, str], Heard] = {}
        self.edits: dict[str, list[Amendment]] = {}
        self.answers: dict[str, Answer] = {}
        self.notes: dict[str, tuple[str, int, int]] = {}
        self.tokens: dict[str, int] = {}
        self.refused: set[str] = set()
        self.kills, self._alone = 0, True

    async def open(self, *, group: bool) -> None:
        """Hire staff, with a group of theirs or without."""
        async with self.database.transaction() as db:
            if group:
                db.add(StaffGroup(id=1, chat_id=-100, configured=-100))
            db.add(Station(name="梧桐服务站", level="township"))
            self.staff = [
                Staff(
                    login=name, name=name, role="agent", created_at=self.clock(),
                    telegram_id=TELEGRAM_ID if name == NAMES[0] else None,
                )
                for name in NAMES
            ]  # fmt: skip
            db.add_all(self.staff)

    async def at_once(self, steps: list[tuple[Any, ...]]) -> None:
        """Let things happen at the same moment."""
        self._alone = False
        await asyncio.gather(*(self.do(step) for step in steps))
        self._alone = True

    async def do(self, step: tuple[Any, ...]) -> None:
        """Let one thing happen."""
        name, *args = step
        await getattr(self, name)(*args)

    def _token(self, person: int) -> str:
        token = f"x{next(self._numbers):04d}x"
        self.tokens[token] = person
        return token

    # What people do.

    async def says(self, person: int, sort: str) -> None:
        """Write free words, one of the things that mean something, or a digit."""
        text = f"家里的事{self._token(person)}" if sort == "words" else WORDS.get(sort, sort)
        await self._send(person, sort, "text", text)

    async def sends(self, person: int, sort: str, under: str) -> None:
        """Send a file or a place, with words under it, as one of an album, or plain."""
        media = () if sort == "place" else (Media(sort, f"{sort}.bin", f"ref{next(self._numbers)}"),)  # type: ignore[arg-type]
        kind, text = "event", "location" if sort == "place" else sort
        if under == "words" and media:
            kind, text = "text", self._token(person)
        place = {"latitude": 30.6, "longitude": 120.5} if sort == "place" else None
        await self._send(
            person, sort, kind, text, media=media, place=place, album="album" if under == "album" else None
        )

    async def happens(self, person: int, event: str) -> None:
        """Block, unblock, send a sticker."""
        await self._send(person, event, "event", event)

    async def presses(self, person: int, which: int) -> None:
        """Press any button that was ever shown."""
        async with self.database.snapshot() as db:
            shown = select(Outbox.payload).join(Address, Address.id == Outbox.address_id)
            channel, name = PEOPLE[person]
            mine = shown.where(Address.channel == channel, Address.external_id == name).order_by(Outbox.id.desc())
            actions = [c["action"] for payload in await db.scalars(mine) for c in payload["choices"]]
        if actions:
            await self._send(person, "press", "action", actions[which % len(actions)])

    async def edits_one(self, person: int, which: int) -> None:
        """Put other words in place of words or of what stood under a file."""
        mine = [h.inbound for h in self.heard.values() if h.person == person and h.inbound.kind == "text"]
        if not mine:
            return
        said, (channel, name) = mine[which % len(mine)], PEOPLE[person]
        event, text = str(next(self._numbers)), f"改一下{self._token(person)}"
        amendment = Amendment(channel, event, name, f"m{said.event_id}", text)
        self.edits.setdefault(said.event_id, []).append(amendment)
        for _ in range(2):
            await self._stubborn(lambda: self.intake.amend(amendment))

    async def _send(self, person: int, sort: str, kind: Any, text: str, **more: Any) -> None:
        channel, name = PEOPLE[person]
        number = str(next(self._numbers))
        inbound = Inbound(channel, number, name, kind, text, message_id=f"m{number}", **more)
        record = Heard(inbound, person, sort, alone=self._alone)
        record.case, record.owner = await self._stands(person)
        self.heard[channel, number] = record
        for _ in range(2):
            await self._stubborn(lambda: self.intake.receive(inbound))
        record.after, _ = await self._stands(person)

    async def _stands(self, person: int) -> tuple[int | None, int | None]:
        """Return the case of a person that is not closed, and who has it."""
        channel, name = PEOPLE[person]
        async with self.database.snapshot() as db:
            found = await db.execute(
                select(SupportCase.id, SupportCase.claimed_by)
                .join(Conversation, Conversation.case_id == SupportCase.id)
                .join(Address, Address.id == Conversation.address_id)
                .where(Address.channel == channel, Address.external_id == name)
            )
            case = found.one_or_none()
        return (None, None) if case is None else (case[0], case[1])

    async def dies(self, lives: int) -> None:
        """Have the process killed before one of the next commits."""
        self.database.lives = lives

    async def _stubborn(self, work: Callable[[], Awaitable[Result]]) -> Result:
        """Do it again when the process died on the way, as channels and people do."""
        try:
            return await work()
        except Killed:
            self.kills += 1
            return await work()

    # What staff do.

    async def answers_one(self, staff: int, person: int, sort: str) -> None:
        """Write to a person from the console, or as the group does with a message id."""
        case = await self._last_case(person)
        if case is None:
            return
        token = self._token(person)
        key = f"group:{next(self._numbers)}" if sort == "group" else f"console:{token}"
        answer = Answer(token, person, case, staff)
        try:
            answer.ids = await self._stubborn(lambda: self.write(key, answer, sort))
        except Refusal:
            self.refused.add(token)
            return
        self.answers[key] = answer
        assert answer.ids
        assert await self._stubborn(lambda: self.write(key, answer, sort)) == []

    async def write(self, key: str, answer: Answer, sort: str) -> list[int]:
        text = answer.token + ("。慢慢说" * 1300 if sort == "long" else "")
        file = StoredFile("photo", answer.token, "image/png", 3, "0" * 64)
        async with self.database.transaction() as db:
            return await self.casework.answer(
                db, answer.case, self.staff[answer.staff], text, self.clock(), key=key,
                files=[file] if sort == "file" else (), origin=int(key[6:]) if sort == "group" else None,
            )  # fmt: skip

    async def notes_one(self, staff: int, person: int) -> None:
        """Keep a note, twice under one key."""
        case = await self._last_case(person)
        if case is not None:
            token = f"n{next(self._numbers):04d}n"
            self.notes[token] = (f"note:{token}", case, staff)
            for _ in range(2):
                await self._stubborn(lambda: self.keep(token))

    async def keep(self, token: str) -> None:
        key, case, staff = self.notes[token]
        async with self.database.transaction() as db:
            await self.casework.note(db, case, self.staff[staff], f"备注{token}", self.clock(), key=key)

    async def acts(self, staff: int, person: int, act: str, *args: Any) -> None:
        """Claim, transfer, close, reopen, and so on; a refusal is an answer too."""
        case = await self._last_case(person)
        if case is None:
            return
        named = {"to_staff": self.staff[args[0]].id} if act == "transfer" and args else {}

        async def work() -> None:
            async with self.database.transaction() as db:
                do = getattr(self.casework, act)
                await do(db, case, self.staff[staff], *(() if named else args), self.clock(), **named)

        with suppress(Refusal):
            await self._stubborn(work)

    async def _last_case(self, person: int) -> int | None:
        channel, name = PEOPLE[person]
        async with self.database.snapshot() as db:
            mine = select(SupportCase.id).join(Address, Address.id == SupportCase.address_id)
            of = mine.where(Address.channel == channel, Address.external_id == name)
            return await db.scalar(of.order_by(SupportCase.id.desc()).limit(1))

    # What happens by itself.

    async def waits(self, minutes: int) -> None:
        """Let time go by."""
        self.clock.advance(60 * minutes)
        await self._stubborn(self.ticker.tick_once)

    async def mood(self, recipient: str, mood: str) -> None:
        """Let somebody block us, or the network fail."""
        self.channels["telegram"].moods[recipient] = mood

    async def delivers(self) -> None:
        """Send what is due; a death leaves one message sent and not settled, and the others under way go on."""
        others = asyncio.all_tasks()
        await self._stubborn(self.deliverer.deliver_once)
        await asyncio.gather(*(asyncio.all_tasks() - others), return_exceptions=True)
