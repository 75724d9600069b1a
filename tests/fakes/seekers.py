"""People who subscribed to posts: the clock goes on, digests are made, let go, and put on their screens."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import select, update

from db.engine import Database
from db.jobs import Employer, Job, JobSubscription
from db.people import Address, Person
from db.turns import Outbox
from handlers import digest
from knowledge.job_wish import Wish
from services import notice_gate, people, subscriptions
from services.job_board import Shelf
from services.notice_gate import Rules
from tests.fakes.clock import SettableClock
from tests.fakes.hiring import add_employer, add_job

GUARD = Wish(kinds=("保安",))
_names = count(1)


@dataclass
class Seekers:
    """A bureau with posts, and accounts that hear of them."""

    database: Database
    clock: SettableClock = field(default_factory=SettableClock)
    shelf: Shelf = field(default_factory=Shelf)
    rules: Rules = field(default_factory=Rules)

    async def account(self, channel: str = "telegram", person_id: int | None = None) -> int:
        """Open an account of nobody, or of somebody on file."""
        async with self.database.transaction() as db:
            talk = await people.open_conversation(db, channel, f"seeker{next(_names)}", self.clock())
            if person_id is not None:
                (await db.get_one(Address, talk.address_id)).person_id = person_id
        return talk.address_id

    async def person(self) -> int:
        async with self.database.transaction() as db:
            somebody = Person(categories=[], created_at=self.clock())
            db.add(somebody)
            await db.flush()
        return somebody.id

    async def wants(
        self, address_id: int, wish: Wish = GUARD, cadence: str = "daily", hour: int = 9, day: int = 1
    ) -> int:
        """Subscribe."""
        async with self.database.transaction() as db:
            one, _ = await subscriptions.subscribe(db, address_id, wish, cadence, hour, day, self.clock())
        return one.id

    async def does(self, act: str, address_id: int, subscription_id: int, **more: Any) -> JobSubscription:
        """Do what a person may do to a subscription."""
        async with self.database.transaction() as db:
            done: JobSubscription = await getattr(subscriptions, act)(
                db, address_id, subscription_id, self.clock(), **more
            )
        return done

    async def employer(self, name: str = "") -> Employer:
        async with self.database.transaction() as db:
            return await add_employer(db, name)

    async def posts(self, number: int = 1, **columns: Any) -> list[int]:
        """Put open posts on the board; return their ids."""
        async with self.database.transaction() as db:
            return [(await add_job(db, now=self.clock(), **columns)).id for _ in range(number)]

    async def tick(self, *, sends: bool = True) -> list[Outbox]:
        """Do what the clock does now; return what came to somebody's screen."""
        for work in (digest.send_at_once, digest.send_due, digest.ask_whether_still):
            while await self._pass(work, shelf=self.shelf):
                pass
        while await self._pass(digest.end_unkept):
            pass
        for gate in (notice_gate.expire, self._release):
            while await self._pass(gate):
                pass
        return await self.deliver() if sends else []

    async def _release(self, db: Any, now: datetime) -> Any:
        return await notice_gate.release(db, now, self.rules)

    async def _pass(self, work: Any, **more: Any) -> int:
        async with self.database.transaction() as db:
            done: int = (await work(db, self.clock(), **more)).done
        return done

    async def deliver(self) -> list[Outbox]:
        """Send what was let go."""
        async with self.database.transaction() as db:
            rows = list(await db.scalars(select(Outbox).where(Outbox.status == "ready").order_by(Outbox.id)))
            ids = [row.id for row in rows]
            await db.execute(update(Outbox).where(Outbox.id.in_(ids)).values(status="sent", attempts=1))
        return rows

    async def told(self, address_id: int) -> list[int]:
        """Return the posts that were offered in what reached an account."""
        async with self.database.snapshot() as db:
            rows = await db.scalars(
                select(Outbox).where(Outbox.address_id == address_id, Outbox.status == "sent").order_by(Outbox.id)
            )
            return [number for row in rows for number in offered(row)]

    async def outbox(self, *where: Any) -> list[Outbox]:
        async with self.database.snapshot() as db:
            return list(await db.scalars(select(Outbox).where(*where).order_by(Outbox.id)))

    async def subscription(self, id_: int) -> JobSubscription:
        async with self.database.snapshot() as db:
            return await db.get_one(JobSubscription, id_)

    async def job(self, id_: int) -> Job:
        async with self.database.snapshot() as db:
            return await db.get_one(Job, id_)


def offered(row: Outbox) -> list[int]:
    """Return the posts that a message offers by digits."""
    shown = [choice["action"] for choice in row.payload["choices"]]
    return [int(action.removeprefix("job:")) for action in shown if action.startswith("job:")]
