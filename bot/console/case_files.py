"""Files of a case: pictures and voice are shown, everything else is only ever downloaded; and files to send."""

from collections.abc import AsyncIterator
from urllib.parse import quote

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.console.routes import Routes
from bot.console.visit import Visit
from core.errors import Refusal
from db.cases import SupportCase
from db.media import Attachment
from db.staff import Staff
from services.case_talk import StoredFile
from services.scope import visible_cases

_SHOWN = {
    "image/jpeg", "image/png", "image/gif", "image/webp",
    "audio/mpeg", "audio/ogg", "audio/mp4", "audio/aac", "audio/wav", "audio/webm",
}  # fmt: skip
"""What a browser may draw or play; by the bytes, never by the name."""
_MOST_FILES = 10

TOO_MANY = "一次最多发 10 个文件，请分几次发。"
GONE = "没有找到这个文件。"

routes = Routes()


@routes.get(r"/files/{id:\d{1,18}}", "cases")
async def give(visit: Visit) -> web.StreamResponse:
    """Give a file of somebody whose case one may see."""
    async with visit.console.database.snapshot() as db:
        file = await _find(db, visit.staff, visit.id())
    assert file.sha256 is not None
    first = visit.request.headers.get("Range", "bytes=0-").startswith("bytes=0-")
    if first:  # a player asks for the rest piece by piece
        async with visit.console.database.transaction() as db:
            await visit.record(db, "file_viewed", f"attachment:{file.id}")
    shown = file.media_type in _SHOWN
    return web.FileResponse(
        visit.console.files.path(file.sha256),
        headers={
            "Content-Type": file.media_type or "application/octet-stream",
            "Content-Disposition": f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{quote(file.name, safe='')}",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )


async def _find(db: AsyncSession, staff: Staff, file_id: int) -> Attachment:
    visible = select(SupportCase.address_id).where(visible_cases(staff))
    file = await db.scalar(
        select(Attachment).where(
            Attachment.id == file_id, Attachment.status == "stored", Attachment.address_id.in_(visible)
        )
    )
    if file is None:
        raise Refusal(GONE)
    return file


async def keep_uploads(visit: Visit) -> list[StoredFile]:
    """Store the files of a form, before any transaction.

    Raises:
        Refusal: one of them is too large, or not a file that we accept.
    """
    files, uploads = visit.console.files, visit.form.uploads("files")
    if len(uploads) > _MOST_FILES:
        raise Refusal(TOO_MANY)
    for upload in uploads:
        if upload.data is None:
            raise Refusal(files.no("large", upload.name))
    return [await files.keep(_chunks(upload.data or b""), upload.name) for upload in uploads]


async def _chunks(data: bytes) -> AsyncIterator[bytes]:
    yield data
