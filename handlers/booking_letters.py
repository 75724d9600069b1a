"""How what is said unasked of a visit, or of a place in a waiting list, is addressed: to the person and to family."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from core.reply import Choice, Document
from db.bookings import Booking, Service, Waiting
from db.people import Person
from db.places import Station
from handlers.booking_screens import ADDRESS, CODE, PHONE, WHAT, WHEN, WHERE, bring_lines
from handlers.event_screens import FAMILY, YOU, moment, wrapped
from services import masks, person_cards
from services.booking_rows import KIND, Visit
from services.event_contacts import To
from services.notices import Notice
from services.vault import Vault
from services.who import BY_STAFF, ONESELF


@dataclass(frozen=True, slots=True)
class Letter:
    """What is said of a visit or of a place in a waiting list."""

    key: str
    words: Callable[[str], str]
    """Makes the text; it gets whose it is: 您, or 王同志 for family."""
    choices: tuple[Choice, ...]
    expires_at: datetime
    urgent: bool = False
    document: Document | None = None
    qr: str | None = None


def letters(vault: Vault, row: Booking | Waiting, to: list[To], letter: Letter) -> Iterator[Notice]:
    """Address a letter to every account that is told."""
    for account, person in to:
        yield Notice(
            KIND, account.channel, account.external_id, account.id, letter.words(_whose(vault, row, person)),
            f"{letter.key}:{account.id}", choices=letter.choices, expires_at=letter.expires_at, urgent=letter.urgent,
            document=letter.document, qr=letter.qr,
        )  # fmt: skip


def visit_facts(one: Visit) -> str:
    """Return all that somebody who goes there has to know, a fact a line, long ones in several."""
    return CODE.format(code=one.booking.code) + "\n" + facts(one.station, one.service, one.slot.starts_at)


def facts(station: Station, service: Service, at: datetime) -> str:
    """Return the same of a time that is not booked."""
    lines = (
        (WHAT, service.name), (WHEN, moment(at)), (WHERE, station.name), (ADDRESS, station.address),
        (PHONE, station.phone),
    )  # fmt: skip
    return "\n".join([*(wrapped(label + text) for label, text in lines if text), *bring_lines(service)])


def _whose(vault: Vault, row: Booking | Waiting, person: Person | None) -> str:
    """Return whose it is for whoever reads of it; of family not on file there is at most the name that was given."""
    if person is not None:
        return person_cards.called(vault, person) or FAMILY
    if row.person_id is not None or row.made_by in (ONESELF, BY_STAFF):
        return YOU
    name = person_cards.open_sealed(vault, row.name)
    return f"{masks.surname(name)}同志" if name else FAMILY
