"""Words typed before a session ended are not lost: they wait, sealed, in the sign-in page, and come back after it."""

import json
from dataclasses import dataclass

from aiohttp import web

from bot.console.visit import Visit
from services.vault import BrokenSealError

_SECRETS = {"password", "again", "current", "code"}
"""Fields that are never carried along."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A post that could not be taken yet."""

    path: str
    fields: list[tuple[str, str]]
    files: list[tuple[str, str]]
    """Field and name of each file; the browser must be given them again."""


def of(visit: Visit) -> Kept:
    """Return what was posted, without passwords."""
    fields = [(name, value) for name, value in visit.form.fields.items() if name not in _SECRETS]
    files = [(upload.field, upload.name) for upload in visit.form.files]
    return Kept(visit.request.path_qs, fields, files)


def seal(visit: Visit, kept: Kept) -> str:
    """Return it for a hidden field."""
    return visit.console.vault.encrypt(json.dumps([kept.path, kept.fields, kept.files]))


def unseal(visit: Visit, sealed: str) -> Kept | None:
    """Return what a hidden field holds, None when it is not our own."""
    try:
        path, fields, files = json.loads(visit.console.vault.decrypt(sealed))
    except BrokenSealError:
        return None
    return Kept(path, [(name, value) for name, value in fields], [(field, name) for field, name in files])


def resume(visit: Visit, kept: Kept, sentence: str, status: int = 200) -> web.Response:
    """Show what was typed, to be looked over and sent again."""
    shown = [(name, value) for name, value in kept.fields if "\n" in value or len(value) > 8]
    hidden = [field for field in kept.fields if field not in shown]
    names: dict[str, list[str]] = {}
    for field, name in kept.files:
        names.setdefault(field, []).append(name)
    return visit.render(
        "resume.html", status=status, sentence=sentence, action=kept.path, shown=shown, hidden=hidden, files=names
    )
