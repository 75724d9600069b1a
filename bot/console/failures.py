"""Whatever goes wrong ends in a Chinese sentence, and never in the loss of what was typed."""

import structlog
from aiohttp import web

from bot.console import kept, texts
from bot.console.context import Handler
from bot.console.form import Form
from bot.console.visit import VISIT, Visit, console_of
from bot.intake import DATABASE_DOWN
from core.errors import Refusal

log = structlog.get_logger()

_SENTENCES = {400: texts.BAD_POST, 403: texts.NO_RIGHT, 404: texts.NO_SUCH_PAGE, 413: texts.TOO_LARGE}


@web.middleware
async def explain(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn refusals, HTTP errors and faults into pages."""
    try:
        return await handler(request)
    except Refusal as refusal:
        return _again(request, str(refusal), 422)
    except web.HTTPError as error:
        return _visit(request).render(
            "sentence.html", status=error.status, sentence=_SENTENCES.get(error.status, texts.BAD_POST)
        )
    except DATABASE_DOWN:
        if request.transport is None:  # it is the browser that has gone
            raise
        log.exception("console: database not reached")
        return _again(request, texts.NOT_NOW, 503)
    except Exception:
        log.exception("console: page failed", path=request.path)
        return _again(request, texts.BROKEN, 500)


def _visit(request: web.Request) -> Visit:
    found = request.get(VISIT)
    return found if found is not None else Visit(request, console_of(request), "", "", Form(), None)


def _again(request: web.Request, sentence: str, status: int) -> web.Response:
    visit = _visit(request)
    if visit.form.fields:
        return kept.resume(visit, kept.of(visit), sentence, status)
    return visit.render("sentence.html", status=status, sentence=sentence)
