"""The second process of the webhook benchmark: posts updates over kept connections and times each answer."""

import asyncio
import json
import sys
from collections.abc import Iterator
from time import perf_counter

import aiohttp

SECRET = "benchmark"
_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
"""Written out, for importing our channel would load aiogram, five seconds of processor."""
_CONNECTIONS = 16
_ASIDE = 50
"""Updates that only warm up."""
_PEOPLE = 200


def updates(texts: list[str], first: int, count: int) -> Iterator[bytes]:
    """Write updates as Telegram does, from two hundred people in turn."""
    for number in range(first, first + count):
        person = 1000 + number % _PEOPLE
        message = {
            "message_id": number,
            "date": 1,
            "chat": {"id": person, "type": "private"},
            "from": {"id": person, "is_bot": False, "first_name": "老李"},
            "text": texts[number % len(texts)],
        }
        yield json.dumps({"update_id": number, "message": message}).encode()


async def post_all(session: aiohttp.ClientSession, url: str, bodies: Iterator[bytes]) -> list[float]:
    """Post every body; return the milliseconds each answer took."""
    times: list[float] = []

    async def work() -> None:
        for body in bodies:
            started = perf_counter()
            async with session.post(url, data=body) as response:
                await response.read()
                response.raise_for_status()
            times.append((perf_counter() - started) * 1000)

    await asyncio.gather(*(work() for _ in range(_CONNECTIONS)))
    return times


async def main(url: str, texts: list[str], count: int) -> None:
    """Warm up, post, and print the whole time and each answer's."""
    headers = {_SECRET_HEADER: SECRET, "Content-Type": "application/json"}
    async with aiohttp.ClientSession(headers=headers, connector=aiohttp.TCPConnector(limit=_CONNECTIONS)) as session:
        await post_all(session, url, updates(texts, 1, _ASIDE))
        started = perf_counter()
        times = await post_all(session, url, updates(texts, 1 + _ASIDE, count))
        print(json.dumps({"seconds": perf_counter() - started, "times": times}))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], json.loads(sys.stdin.read()), int(sys.argv[2])))
