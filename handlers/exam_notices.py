"""What people are told unasked of their places: each sentence goes to the person and to family who may be reminded."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from core.reply import Choice
from handlers.exam_screens import FAMILY, YOU, begins
from services import notices, person_cards, reach
from services.exam_contacts import Contacts, contacts
from services.exam_places import Appointment
from services.notices import Notice
from services.vault import Vault

KIND = "exam"
Words = Callable[[Appointment, str], str]
"""Makes the text of a place; the second is whose it is: 您, or 王同志 for family."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What is said of a place."""

    words: Words
    key: str
    choices: tuple[Choice, ...] = ()
    expires_at: datetime | None = None
    """None: when the session begins."""
    reminder_id: int | None = None


def letters(vault: Vault, one: Appointment, to: Contacts | None, letter: Letter, now: datetime) -> Iterator[Notice]:
    """Address a letter to every account that is told of a place."""
    if to is None:
        return
    soon = one.session.day - now.astimezone(CHINA).date() <= timedelta(days=1)
    urgent = soon and letter.reminder_id is None  # news of tomorrow wakes people, a reminder does not
    for account, own in to.accounts:
        who = YOU if own else person_cards.called(vault, to.person) or FAMILY
        yield Notice(
            KIND, account.channel, account.external_id, account.id, letter.words(one, who),
            f"{letter.key}:{account.id}", choices=letter.choices, expires_at=letter.expires_at or begins(one.session),
            urgent=urgent, reminder_id=letter.reminder_id,
        )  # fmt: skip


async def tell(
    db: AsyncSession, vault: Vault, whom: Sequence[Appointment], what: str, words: Words, now: datetime
) -> list[Appointment]:
    """Tell of places what staff did with them; return those of whom no push reaches anybody: they are telephoned."""
    found = await contacts(db, [one.place.person_id for one in whom], now.astimezone(CHINA).date())
    written: list[Notice] = []
    silent = []
    for one in whom:
        letter = Letter(words, f"exam:{what}:{one.place.id}:{int(now.timestamp())}")
        theirs = list(letters(vault, one, found.get(one.place.person_id), letter, now))
        written += theirs
        if not any(notice.channel in reach.PUSH for notice in theirs):
            silent.append(one)
    await notices.post(db, written, now)
    return silent
