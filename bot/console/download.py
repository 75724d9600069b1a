"""A file to be saved, under a Chinese name."""

from urllib.parse import quote

from aiohttp import web

_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "yaml": "application/yaml; charset=utf-8",
}


def give(name: str, content: bytes) -> web.Response:
    """Return a file; its type follows from its name."""
    return web.Response(
        body=content,
        headers={
            "Content-Type": _TYPES[name.rpartition(".")[2]],
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        },
    )
