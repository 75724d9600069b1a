"""Somebody asks to be visited at home (上门): a case for staff near them, with name, number and address sealed beside it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.cases import CaseEvent, SupportCase
from db.people import Conversation
from services import cases, errands
from services.cases import Plea
from services.masks import mask_name, mask_phone
from services.person_cards import open_sealed
from services.vault import Vault

CATEGORY = "上门服务"
_KIND = "home_visit"
_SHOWN = 6
"""Characters of an address that are shown, at most, and never more than half of it."""


@dataclass(frozen=True, slots=True)
class Host:
    """Where to go and whom to ring first; identifying, so that whoever shows it audits that."""

    name: str
    phone: str
    place: str


def masked(host: Host) -> Host:
    """Return as much of it as may be shown without a record of the look; "" for what is not known stays so."""
    place = host.place and f"{host.place[: min(_SHOWN, len(host.place) // 2)]}***"
    return Host(host.name and mask_name(host.name), host.phone and mask_phone(host.phone), place)


async def ask(
    db: AsyncSession, vault: Vault, conversation: Conversation, question: str, host: Host, station_id: int | None,
    now: datetime,
) -> SupportCase:  # fmt: skip
    """Ask staff to come; the question itself must identify nobody, for it is shown in the staff group."""
    plea = Plea("asked", "errand", question, CATEGORY)
    case = await errands.ask(db, conversation, plea, station_id, now)
    sealed = vault.encrypt(json.dumps([host.name, host.phone, host.place], ensure_ascii=False))
    await cases.note_event(db, case, _KIND, now, sealed=sealed)
    return case


async def of_case(db: AsyncSession, vault: Vault, case_id: int) -> Sequence[Host]:
    """Return where a case asks staff to go, the latest first."""
    asked = select(CaseEvent.detail).where(CaseEvent.case_id == case_id, CaseEvent.kind == _KIND)
    details = await db.scalars(asked.order_by(CaseEvent.id.desc()))
    return [_open(vault, detail["sealed"]) for detail in details]


def _open(vault: Vault, sealed: str) -> Host:
    opened = open_sealed(vault, sealed)
    return Host(*json.loads(opened)) if opened.startswith("[") else Host(opened, "", "")
