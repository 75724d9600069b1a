"""The form of a broadcast as a browser gives it: read strictly, and given back as typed whatever is wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.console import broadcast_words
from bot.console.form import Form, row_id
from core.clock import CHINA
from core.errors import Refusal
from db.broadcasts import Broadcast
from services import audience
from services.audience import Audience
from services.broadcasts import Sheet


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form."""

    title: str = ""
    body: str = ""
    starts: str = ""
    expires: str = ""
    urgent: bool = False
    who: Sequence[str] = ("on_file",)
    """Of on_file, strangers, subscribed."""
    townships: Sequence[str] = ()
    stations: Sequence[str] = ()
    categories: Sequence[str] = ()
    age_from: str = ""
    age_to: str = ""
    failed_of: int | None = None
    """Kept as it is: a resend is for whom it is for."""


def typed(form: Form, failed_of: int | None = None) -> Typed:
    """Return a form as it was filled in."""
    return Typed(
        form.get("title"), form.get("body").replace("\r\n", "\n"), form.get("starts"), form.get("expires"),
        form.get("urgent") == "yes", form.all("who"), form.all("township"), form.all("station"), form.all("category"),
        form.get("age_from"), form.get("age_to"), failed_of,
    )  # fmt: skip


def shown(broadcast: Broadcast) -> Typed:
    """Return what is written down, to be changed."""
    chosen = Audience.read(broadcast.audience)
    who = [name for name in ("on_file", "strangers", "subscribed") if getattr(chosen, name)]
    return Typed(
        broadcast.title, broadcast.body, _local(broadcast.starts_at), _local(broadcast.expires_at), broadcast.urgent,
        who, [str(id_) for id_ in chosen.townships], [str(id_) for id_ in chosen.stations], chosen.categories,
        "" if chosen.age_from is None else str(chosen.age_from), "" if chosen.age_to is None else str(chosen.age_to),
        chosen.failed_of,
    )  # fmt: skip


def read(found: Typed) -> Sheet:
    """Return what the form means.

    Raises:
        Refusal: a time or an age is none.
    """
    if found.failed_of is not None:
        chosen = Audience(strangers=True, failed_of=found.failed_of)
    else:
        chosen = Audience(
            "on_file" in found.who, "strangers" in found.who, _ids(found.townships), _ids(found.stations),
            tuple(found.categories), _age(found.age_from), _age(found.age_to), "subscribed" in found.who,
        )  # fmt: skip
    starts, expires = _moment(found.starts, "开始发送"), _moment(found.expires, "最晚")
    return Sheet(found.title, found.body, chosen, found.urgent, starts, expires)


def _local(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment.astimezone(CHINA):%Y-%m-%dT%H:%M}"


def _moment(text: str, label: str) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=CHINA)
    except ValueError as error:
        raise Refusal(broadcast_words.BAD_MOMENT.format(label=label)) from error


def _ids(texts: Sequence[str]) -> tuple[int, ...]:
    return tuple(id_ for id_ in map(row_id, texts) if id_ is not None)


def _age(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 4):
        raise Refusal(audience.BAD_AGE)
    return int(text)
