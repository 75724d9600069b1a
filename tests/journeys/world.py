"""A tiny county whose people talk to the service: few entries, far apart in wording, so that no test hangs on calibration."""

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select

from bot.intake import Intake
from bot.metrics import Metrics
from bot.wake import Wake
from core.turn import Inbound, Kind
from db.engine import Database
from db.turns import Inbox, Outbox
from handlers import Route, routes
from knowledge.content import SHIPPED, Content
from knowledge.goods import read_offers
from knowledge.index import Snapshot
from knowledge.job_file import read_job_words
from knowledge.lexicon import read_lexicon
from knowledge.load import read_entries, read_facts
from knowledge.problem import Problem
from knowledge.profile import read_profile
from knowledge.visit_services import read_visit_services
from services.turns import Taken
from tests.fakes.clock import SettableClock
from tests.fakes.sealed import VAULT

VILLAGE = Path(__file__).parent / "village"
TODAY = date(2026, 11, 21)


@cache
def village() -> Content:
    """Read the county's files through the service's own readers."""
    problems: list[Problem] = []
    facts = read_facts(VILLAGE / "facts.yaml", problems)
    entries = read_entries([VILLAGE / "faq.yaml"], facts, problems)
    content = Content(
        entries=entries,
        facts=facts,
        lexicon=read_lexicon(VILLAGE / "lexicon.yaml", problems),
        offers=read_offers([VILLAGE / "offers.yaml"], problems),
        profile=read_profile(VILLAGE / "bureau.yaml", problems),
        provinces=yaml.safe_load((SHIPPED / "places.yaml").read_text(encoding="utf-8")),
        jobs=read_job_words(SHIPPED / "jobs.yaml", problems),
        visit_services=read_visit_services(VILLAGE / "services.yaml", entries, problems),
    )
    assert not problems, "\n".join(map(str, problems))
    return content


@cache
def snapshot_of(day: date = TODAY, region: str = "", *, samples: bool = True) -> Snapshot:
    """Index the county as of a day, without the optional model."""
    return Snapshot(village(), day, region=region, samples=samples, meaning=False)


@dataclass
class Shelf:
    """What intake needs of a library: the snapshot in use."""

    snapshot: Snapshot


@dataclass(frozen=True)
class Said:
    """What a person gets to see of a turn, and how it was recorded."""

    rows: list[Outbox]
    result: dict[str, Any]
    taken: Taken

    @property
    def text(self) -> str:
        """Return all texts together."""
        return "\n\n".join(row.payload["text"] for row in self.rows)

    @property
    def menu(self) -> dict[str, str]:
        """Return label by digit, of the last message that has choices."""
        menus = [{c["digit"]: c["label"] for c in row.payload["choices"]} for row in self.rows]
        return next((m for m in reversed(menus) if m), {})

    @property
    def actions(self) -> dict[str, str]:
        """Return action by label."""
        return {c["label"]: c["action"] for row in self.rows for c in row.payload["choices"]}

    def digit(self, label: str) -> str:
        """Return the digit that stands before a label."""
        return next(number for number, shown in self.menu.items() if shown == label)


@dataclass
class Visitor:
    """One person on one channel, writing through the real intake."""

    database: Database
    shelf: Shelf = field(default_factory=lambda: Shelf(snapshot_of()))
    route: Route = field(default_factory=lambda: routes(VAULT).route)
    channel: str = "web"
    name: str = "laozhang"
    metrics: Metrics = field(default_factory=Metrics)
    clock: SettableClock = field(default_factory=SettableClock)
    ids: Any = field(default_factory=lambda: count(1))

    async def send(self, kind: Kind, text: str, event_id: str | None = None, **values: Any) -> Said:
        """Send anything, with further values of the inbound; an event id of its own unless one is given."""
        event_id = event_id or f"{self.name}-{next(self.ids)}"
        intake = Intake(
            self.database,
            self.shelf,
            self.route,
            Wake(),
            self.metrics,
            self.clock,
            {},  # type: ignore[arg-type]
        )
        taken = await intake.receive(Inbound(self.channel, event_id, self.name, kind, text, **values))
        async with self.database.snapshot() as db:
            rows = list(await db.scalars(select(Outbox).where(Outbox.id.in_(taken.replies)).order_by(Outbox.id)))
            inbox = await db.get_one(Inbox, (self.channel, event_id))
        return Said(rows, inbox.result or {}, taken)

    async def says(self, *texts: str) -> Said:
        """Say one thing after another; return the last turn."""
        for text in texts:
            said = await self.send("text", text)
        return said

    async def presses(self, action: str) -> Said:
        """Press a button."""
        return await self.send("action", action)
