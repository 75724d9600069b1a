"""Headers that let the browser run and load nothing but our own files, and keep no copy of any page."""

from aiohttp import web

from bot.console.context import Handler

_PAGE = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; media-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",  # with no-referrer browsers would post with the Origin "null"
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@web.middleware
async def protect(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Put the headers on every response; a page may have set a stricter one itself."""
    response = await handler(request)
    if not response.prepared:
        if isinstance(response, web.FileResponse):
            response.headers.setdefault("Cache-Control", "no-cache")
        add(response)
    return response


def add(response: web.StreamResponse) -> None:
    """Put the headers on one response, before it is sent."""
    for name, value in _PAGE.items():
        response.headers.setdefault(name, value)
