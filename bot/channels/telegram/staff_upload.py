"""Show a file of a case in the staff group, or say why there is none."""

from collections.abc import Callable
from pathlib import Path

from aiogram.exceptions import TelegramBadRequest, TelegramEntityTooLarge

from bot.channels.base import File, NotYetError
from bot.channels.telegram import staff_texts as texts
from bot.channels.telegram import upload
from bot.channels.telegram.failure import says
from bot.channels.telegram.staff_board import Place, StaffBoard
from bot.channels.telegram.staff_topics import GONE, SHUT
from db.media import Attachment

PathOf = Callable[[str], Path]
"""Where the bytes with a hash lie."""

_WAIT_SECONDS = 2.0


def ready(file: Attachment) -> bool:
    """Tell whether there is something to show: a refusal after fetching was told of when it was found.

    Raises:
        NotYetError: the file is still being fetched.
    """
    if file.status == "pending":
        raise NotYetError(_WAIT_SECONDS)
    return file.status == "stored" or file.attempts == 0


async def show(board: StaffBoard, place: Place, heading: str, file: Attachment, path_of: PathOf) -> int:
    """Send a file with a heading, or in its stead the words why there is none; return the message's id."""
    kind = texts.FILES[file.kind]
    if file.status != "stored":
        return await board.post(place, f"{heading}\n{texts.FILE_REFUSED.format(kind=kind, error=file.error or '')}")
    assert file.sha256 is not None
    assert file.media_type is not None
    stored = File(path_of(file.sha256), file.kind, file.name, file.media_type)
    try:
        return (await upload.show(board.bot, stored, caption=heading, **place.options())).message_id
    except (TelegramBadRequest, TelegramEntityTooLarge) as error:
        if isinstance(error, TelegramBadRequest) and says(error, (*GONE, *SHUT)):
            raise
    return await board.post(place, f"{heading}\n{texts.FILE_IN_CONSOLE.format(kind=kind)}")
