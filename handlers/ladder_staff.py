"""What grid workers and leads hear of a campaign: one message each a round, with masked names and numbers of lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from db.campaigns import Campaign
from db.staff import Staff
from handlers import texts
from services import campaign_steps, open_lists, progress
from services.campaigns import KIND
from services.masks import mask_name
from services.notices import Notice
from services.open_lists import OpenList
from services.person_cards import open_sealed
from services.vault import Vault
from services.visit_codes import code_of


@dataclass(frozen=True, slots=True)
class Climb:
    """One round of a campaign that climbs to staff."""

    campaign: Campaign
    number: int
    grid_ids: Sequence[int]
    next_at: datetime | None
    leads: bool
    """It climbs to the stations."""


async def tell(db: AsyncSession, vault: Vault, climbs: Sequence[Climb], now: datetime) -> list[Notice]:
    """Return what staff with a Telegram account have yet to be told; the others have the printed sheets."""
    told: list[Notice] = []
    for climb in climbs:
        workers = {_key(climb, one): one for one in await open_lists.workers(db, climb.grid_ids)}
        leads = {_key(climb, one): one for one in await open_lists.leads(db)} if climb.leads else {}
        known = await open_lists.said_already(db, [*workers, *leads])
        new = {key: one for key, one in workers.items() if key not in known}
        lists = await open_lists.in_grids(db, climb.campaign.id, [one.grid_id for one in new.values() if one.grid_id])
        for key, worker in new.items():
            if worker.grid_id in lists:
                told.append(_notice(climb, worker, key, _list(climb, lists[worker.grid_id], vault), now))
        for key, lead in leads.items():
            if key not in known:
                left = await progress.overall(db, climb.campaign.id, lead)
                told += [_notice(climb, lead, key, _summary(climb, left.open, left.claimed), now)] if left.open else []
    return told


def _key(climb: Climb, staff: Staff) -> str:
    return f"cert:{climb.campaign.id}:{climb.number}:staff:{staff.id}"


def _list(climb: Climb, found: OpenList, vault: Vault) -> str:
    lines = [
        texts.GRID_LINE.format(name=mask_name(open_sealed(vault, name)) if name else texts.NO_NAME, code=code_of(id_))
        for id_, name in found.first
    ]
    head = texts.GRID_LIST.format(title=climb.campaign.title, grid=found.grid, count=found.count)
    more = found.count - len(lines)
    end = [texts.GRID_MORE.format(count=more)] if more else []
    return "\n".join([head, *lines, *end, texts.GRID_DO])


def _summary(climb: Climb, open_: int, claimed: int) -> str:
    return texts.LEAD_SUMMARY.format(title=climb.campaign.title, count=open_, claimed=claimed)


def _notice(climb: Climb, staff: Staff, key: str, text: str, now: datetime) -> Notice:
    expires_at = campaign_steps.expires(climb.next_at, now)
    return Notice(KIND, "telegram", str(staff.telegram_id), None, text, key=key, expires_at=expires_at)
