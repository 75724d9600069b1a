"""The ladder of a certification: the person, then family, grid worker, station, and at last a case; nobody is cut off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from core.reply import Choice
from db.campaigns import Campaign
from db.people import Address
from db.reminders import Reminder
from handlers import ladder_staff, texts
from services import campaign_steps, reminded, silent_cases
from services.campaign_steps import RUNGS
from services.campaigns import KIND
from services.notices import Notice
from services.person_cards import called
from services.reminded import Desk, Family, Reminded
from services.reminders import Step
from services.silent_cases import Silent
from services.vault import Vault

_RUNG = {name: number for number, name in enumerate(RUNGS)}
_PROXY, _CASE = _RUNG["proxy"], _RUNG["case"]
_CASES_AT_ONCE = 200
"""Each holds a conversation until the pass is written down."""


@dataclass(frozen=True, slots=True)
class _Coming:
    """One reminder that is due, and what is to be said of which step."""

    reminder: Reminder
    campaign: Campaign
    number: int
    """Of the step that is said."""
    again: bool
    """Somebody asked to hear of it later: only person and family do."""
    step: int
    """How many steps are behind then."""
    next_at: datetime | None

    @property
    def rung(self) -> int:
        """Return up to where it climbs."""
        rung = _RUNG[self.campaign.steps[self.number]["rung"]]
        return min(rung, _PROXY) if self.again else rung


def certification_choices(reminder_id: int) -> tuple[Choice, ...]:
    """Return what somebody may answer to a reminder."""
    return tuple(Choice(label, f"{name}:{reminder_id}") for name, label in texts.CERTIFICATION_CHOICES.items())


async def plan(db: AsyncSession, rows: Sequence[Reminder], now: datetime, vault: Vault) -> list[Step]:
    """Return what certification reminders come to; the number of statements does not grow with them, but for cases."""
    campaigns = await reminded.campaigns(db, sorted({row.about_id for row in rows}))
    people = await reminded.read(db, [row.id for row in rows])
    moments = {id_: campaign_steps.moments(campaign) for id_, campaign in campaigns.items()}
    coming, done = [], []
    for row in rows:
        if row.id in people and people[row.id].waits and campaigns[row.about_id].status == "running":
            coming.append(_decide(row, campaigns[row.about_id], moments[row.about_id], now))
        else:
            done.append(Step(row, (), row.step, None))
    coming = await _with_cases(db, coming, people, now)
    families = await reminded.families(db, _with_family(coming, people), now.astimezone(CHINA).date())
    desks = await reminded.desks(db)
    steps = [_say(one, people[one.reminder.id], families, desks, now, vault) for one in coming]
    told = await ladder_staff.tell(db, vault, _climbs(coming, people), now)
    if told:
        steps[0] = replace(steps[0], notices=(*steps[0].notices, *told))
    return steps + done


def _decide(row: Reminder, campaign: Campaign, moments: Sequence[datetime], now: datetime) -> _Coming:
    """Find the step to be said: the opening first, then the last one whose time has come; those it passed are skipped.

    Whoever was put on the list when all steps were over is told the last one.
    """
    passed = [number for number in range(row.step, len(moments)) if moments[number] <= now]
    again = row.step > 0 and not passed
    if again:
        number, following = row.step - 1, row.step if row.step < len(moments) else None
    else:
        number = 0 if row.step == 0 and len(passed) < len(moments) else passed[-1]
        following = next((later for later in range(number + 1, len(moments)) if moments[later] > now), None)
    behind = len(moments) if following is None else following
    return _Coming(row, campaign, number, again, behind, None if following is None else moments[following])


async def _with_cases(
    db: AsyncSession, coming: Sequence[_Coming], people: Mapping[int, Reminded], now: datetime
) -> list[_Coming]:
    """Open the cases of those at the last rung, some at a time; the others of them wait for the next pass."""
    last = [one for one in coming if one.rung == _CASE][:_CASES_AT_ONCE]
    titles: dict[str, list[Silent]] = {}
    for one in last:
        found = people[one.reminder.id]
        silent = Silent(found.person.id, found.address.id if found.address else None, found.person.station_id)
        titles.setdefault(one.campaign.title, []).append(silent)
    opened: set[int] = set()
    for title, silent_ones in titles.items():
        opened |= await silent_cases.open_all(db, silent_ones, title, now)
    return [one for one in coming if one.rung != _CASE] + [one for one in last if one.reminder.person_id in opened]


def _with_family(coming: Sequence[_Coming], people: Mapping[int, Reminded]) -> list[int]:
    """Return the people whose family hears of it: from their rung on, or at once where nothing reaches the person."""
    return [one.reminder.person_id for one in coming if one.rung >= _PROXY or people[one.reminder.id].address is None]


def _say(
    one: _Coming,
    found: Reminded,
    families: Mapping[int, Sequence[Family]],
    desks: Mapping[int, Desk],
    now: datetime,
    vault: Vault,
) -> Step:
    family = {relative.address.id: relative for relative in families.get(found.person.id, ())}
    hearers = {} if found.address is None else {found.address.id: found.address}
    hearers |= {id_: relative.address for id_, relative in family.items() if id_ not in hearers}
    if not hearers:
        return Step(one.reminder, (), one.step, one.next_at)
    name = called(vault, found.person)
    text = _text(one, name, desks.get(found.person.station_id or 0))
    own = None if found.address is None else found.address.id
    for_family = texts.FOR_FAMILY.format(name=name or texts.SOMEBODY, text=text)
    said = tuple(_notice(one, address, text if address.id == own else for_family, now) for address in hearers.values())
    return Step(one.reminder, said, one.step, one.next_at)


def _text(one: _Coming, name: str, desk: Desk | None) -> str:
    day, desk = one.campaign.deadline, desk or Desk(texts.ANY_STATION, reminded.HOTLINE)
    blanks = {
        "name": name or texts.ANYBODY, "deadline": texts.DEADLINE.format(month=day.month, day=day.day),
        "station": desk.name, "phone": desk.phone,
    }  # fmt: skip
    text = campaign_steps.fill(one.campaign.steps[one.number]["text"], blanks)
    return text if one.number else f"{text}\n{texts.SOURCE}{one.campaign.basis}"


def _notice(one: _Coming, address: Address, text: str, now: datetime) -> Notice:
    round_ = f"again:{now.astimezone(CHINA):%Y%m%d}" if one.again else str(one.number)
    return Notice(
        KIND, address.channel, address.external_id, address.id, text,
        key=f"cert:{one.reminder.id}:{round_}:{address.id}", choices=certification_choices(one.reminder.id),
        expires_at=campaign_steps.expires(one.next_at, now), reminder_id=one.reminder.id,
    )  # fmt: skip


def _climbs(coming: Sequence[_Coming], people: Mapping[int, Reminded]) -> list[ladder_staff.Climb]:
    """Return the rounds of which staff hear, with the grids that they concern."""
    grids: dict[tuple[int, int], set[int]] = {}
    rounds: dict[tuple[int, int], _Coming] = {}
    for one in coming:
        if one.rung >= _RUNG["grid"]:
            round_ = (one.campaign.id, one.number)
            rounds[round_] = one
            grids.setdefault(round_, set()).add(people[one.reminder.id].person.grid_id or 0)
    return [
        ladder_staff.Climb(
            one.campaign, one.number, sorted(grids[round_]), one.next_at, leads=one.rung >= _RUNG["station"]
        )
        for round_, one in rounds.items()
    ]
