"""How fast messages go to Telegram: answers first, one pace for all processes, and none while it asks for silence."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from bot.channels.base import Message, NotYetError, PauseChannelError
from bot.channels.telegram.outbound import TelegramChannel
from bot.channels.telegram.pace import OwnPace, Rates
from bot.channels.telegram.pace_redis import SharedPace
from core.reply import Lane
from tests.fakes.bot_api import telegram
from tests.servers import RedisServer, redis_server


class Clock:
    """A time that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def own(clock: Clock, *rates: float) -> OwnPace:
    return OwnPace(Rates(*rates), clock=clock, sleep=clock.sleep)  # type: ignore[arg-type]


@pytest.mark.parametrize("lane", [Lane.REPLY, Lane.NOTICE])
async def test_one_chat_gets_a_burst_of_three_then_one_a_second(lane: Lane) -> None:
    clock = Clock()
    pace = own(clock, 30)
    moments = []
    for _ in range(6):
        await pace.wait("7", lane)
        moments.append(round(clock.now, 6))
    assert moments == pytest.approx([0, 0, 0, 1, 2, 3], abs=0.1)


async def test_burst_comes_back_after_silence() -> None:
    clock = Clock()
    pace = own(clock, 30)
    for _ in range(3):
        await pace.wait("7")
    clock.now = 10
    for _ in range(3):
        await pace.wait("7")
    assert clock.slept == []


@pytest.mark.parametrize("lane", [Lane.REPLY, Lane.BROADCAST])
async def test_all_chats_together_keep_the_rate(lane: Lane) -> None:
    clock = Clock()
    pace = own(clock, 30)
    for chat in range(300):
        await pace.wait(str(chat), lane)
    assert 9.8 < clock.now < 10.01
    assert max(clock.slept) < 0.07


async def test_a_group_never_gets_more_than_its_minute() -> None:
    clock = Clock()
    pace = own(clock, 30)
    moments = []
    while clock.now < 300:
        try:
            await pace.wait("-100", Lane.NOTICE)
        except NotYetError as error:
            clock.now += error.seconds
        else:
            moments.append(clock.now)
    for began in moments:
        assert sum(began <= moment < began + 60 for moment in moments) <= 20


async def test_an_answer_finds_room_however_many_broadcasts_wait() -> None:
    clock = Clock()
    pace = own(clock, 30)
    for chat in range(500):
        await pace.wait(str(chat), Lane.BROADCAST)
        if chat % 50 == 0:
            before = clock.now
            await pace.wait(f"answer{chat}")
            assert clock.now == before


async def test_what_would_wait_long_goes_back_into_the_outbox() -> None:
    clock = Clock()
    pace = own(clock, 30, 0.1, 1)
    await pace.wait("7", Lane.NOTICE)
    with pytest.raises(NotYetError) as caught:
        await pace.wait("7", Lane.NOTICE)
    assert caught.value.seconds == pytest.approx(10, abs=0.1)


async def test_memory_of_chats_is_bounded() -> None:
    clock = Clock()
    pace = own(clock, 1000)
    for chat in range(3_000):
        await pace.wait(str(chat))
    assert len(pace._chats) < 2000


async def test_silence_lasts_exactly_as_long_as_asked() -> None:
    clock = Clock()
    pace = own(clock, 30)
    await pace.pause(17)
    clock.now = 16.9
    with pytest.raises(PauseChannelError):
        await pace.wait("7")
    clock.now = 17
    await pace.wait("7")


async def test_who_waits_for_a_turn_hears_of_the_silence_too() -> None:
    clock = Clock()
    pace = own(clock, 1)

    async def told_meanwhile(seconds: float) -> None:
        await clock.sleep(seconds)
        await pace.pause(17)

    pace.sleep = told_meanwhile
    await pace.wait("7")
    with pytest.raises(PauseChannelError):
        await pace.wait("8")


async def test_429_silences_the_pace() -> None:
    async with telegram() as (api, bot):
        pace = OwnPace()
        channel = TelegramChannel(bot, pace)
        api.refuse("sendMessage", 429, "Too Many Requests: retry after 17", retry_after=17)
        with pytest.raises(PauseChannelError):
            await channel.send(Message("7", "您好", ()))
        with pytest.raises(PauseChannelError) as caught:
            await channel.send(Message("8", "您好", ()))
        assert 16 < caught.value.seconds <= 17
        assert len(api.called("sendMessage")) == 1


@pytest.fixture
def server() -> Iterator[RedisServer]:
    with redis_server() as running:
        yield running


@asynccontextmanager
async def processes(server: RedisServer, count: int, rates: Rates) -> AsyncIterator[list[SharedPace]]:
    """Give the paces of several processes; each has shown itself once."""
    paces = [SharedPace(server.url, "42", rates) for _ in range(count)]
    for pace in paces:
        await pace.show()
    try:
        yield paces
    finally:
        for pace in paces:
            await pace.close()


async def _spend(pace: SharedPace, lane: Lane, until: float) -> int:
    """Send to ever new people until a moment; return how many."""
    time, count = asyncio.get_running_loop().time, 0
    while time() < until:
        await pace.wait(f"{id(pace)}:{count}", lane)
        count += 1
    return count


async def test_processes_share_one_rate(server: RedisServer) -> None:
    async with processes(server, 3, Rates(50)) as paces:
        until = asyncio.get_running_loop().time() + 1
        counts = await asyncio.gather(*(_spend(pace, Lane.BROADCAST, until) for pace in paces))
    assert sum(counts) <= 50 + 5 + 3
    assert sum(counts) > 25


async def test_processes_share_the_pace_of_a_chat(server: RedisServer) -> None:
    async with processes(server, 2, Rates(1000, 0.01)) as (one, other):
        for pace in (one, other, one):
            await pace.wait("7", Lane.NOTICE)
        with pytest.raises(NotYetError) as caught:
            await other.wait("7", Lane.NOTICE)
    assert caught.value.seconds > 90


async def test_an_answer_goes_before_what_another_process_broadcasts(server: RedisServer) -> None:
    async with processes(server, 2, Rates(30)) as (broadcasting, answering):
        time = asyncio.get_running_loop().time
        broadcast = asyncio.gather(_spend(broadcasting, Lane.BROADCAST, time() + 1))
        waits = []
        for number in range(8):
            await asyncio.sleep(0.1)
            began = time()
            await answering.wait(f"answer{number}")
            waits.append(time() - began)
        await broadcast
    assert sorted(waits)[4] < 0.03  # a round trip to Redis, not a turn in a queue


async def test_silence_is_for_all_processes_and_ends_by_itself(server: RedisServer) -> None:
    async with processes(server, 2, Rates()) as (told, other):
        await told.pause(0.3)
        for pace in (told, other):
            with pytest.raises(PauseChannelError) as caught:
                await pace.wait("7")
            assert caught.value.seconds <= 0.3
        await asyncio.sleep(caught.value.seconds + 0.01)
        await other.wait("7")


async def test_without_redis_each_keeps_to_its_share_and_with_it_again_all_share(server: RedisServer) -> None:
    async with processes(server, 4, Rates(40)) as paces:
        for pace in paces:
            await pace.show()
        server.stop()
        time = asyncio.get_running_loop().time
        counts = await asyncio.gather(*(_spend(pace, Lane.BROADCAST, time() + 1) for pace in paces))
        assert all(5 <= count <= 10 + 1 + 1 for count in counts)
        server.start()
        for pace in paces:
            pace._away_until = 0.0
        await paces[0].pause(5)
        with pytest.raises(PauseChannelError):
            await paces[1].wait("7")


async def test_redis_set_back_by_a_day_stops_nothing(server: RedisServer) -> None:
    """What it wrote before the jump is of the future now."""
    async with processes(server, 1, Rates()) as (pace,):
        (_, now) = await pace._redis.time(), (await pace._redis.time())[0]
        for key in ("all", "chat:7"):
            await pace._redis.set(f"yizhan:pace:42:{key}", now + 86_400)
        await pace._redis.set("yizhan:pace:42:silent", 17_000, px=86_400_000)
        async with asyncio.timeout(5):
            await pace.wait("7", Lane.BROADCAST)
