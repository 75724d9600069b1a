"""What may be done in one place only is done nowhere else: the environment, the time, tasks, sessions, commits."""

from collections.abc import Iterable

import pytest

from tests.architecture.source import calls, files, mentions, name_of

ENVIRONMENT = ("os.environ", "os.environb", "os.getenv", "os.getenvb")
TIME = (
    "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today", "time.time",
    "time.time_ns", "time.localtime", "time.gmtime",
)  # fmt: skip
TASKS = ("asyncio.create_task", "asyncio.ensure_future", "asyncio.TaskGroup")
SESSIONS = (
    "sqlalchemy.ext.asyncio.create_async_engine", "sqlalchemy.ext.asyncio.async_sessionmaker",
    "sqlalchemy.create_engine", "sqlalchemy.orm.Session", "sqlalchemy.orm.sessionmaker",
)  # fmt: skip


def _mentioning(forbidden: Iterable[str], *allowed: str) -> list[str]:
    return [
        f"{name_of(path)}:{line} {name}"
        for path in files()
        if name_of(path) not in allowed
        for name, line in mentions(path)
        if any(name == f or name.startswith(f"{f}.") for f in forbidden)
    ]


def _calling(names: Iterable[str], allowed: Iterable[str]) -> list[str]:
    return [
        f"{name_of(path)}:{line} {name}"
        for path in files()
        if not name_of(path).startswith(tuple(allowed))
        for name, line in calls(path)
        if name in names
    ]


@pytest.mark.parametrize(
    ("forbidden", "allowed"),
    [
        (TIME, "core.clock"),
        (TASKS, "bot.nursery"),
        (SESSIONS, "db.engine"),
    ],
    ids=["time", "tasks", "sessions"],
)
def test_only_there(forbidden: tuple[str, ...], allowed: str) -> None:
    assert _mentioning(forbidden, allowed) == []


def test_only_the_settings_read_the_environment() -> None:
    """The model's threads are limited through a variable too, but that one is only set, for a library to read."""
    assert _mentioning(ENVIRONMENT, "bot.settings", "knowledge.__init__") == []
    touched = {name for path in files("knowledge") for name, _ in mentions(path) if name.startswith("os.environ.")}
    assert touched <= {"os.environ.setdefault"}


def test_only_the_engine_makes_sessions() -> None:
    assert _calling(["AsyncSession"], ["db.engine"]) == []


def test_only_the_nursery_makes_tasks() -> None:
    assert _calling(["create_task"], ["bot.nursery"]) == []


def test_nobody_commits() -> None:
    assert _calling(["commit", "rollback", "begin_nested"], []) == []


def test_only_edges_enter_a_transaction() -> None:
    assert _calling(["transaction", "snapshot"], ["bot.", "db.engine"]) == []


def test_the_rules_can_fail() -> None:
    """A rule that finds nothing even where the thing is done would prove nothing."""
    for forbidden in (TIME, SESSIONS[:1]):
        assert _mentioning(forbidden)
    assert _calling(["AsyncSession"], [])
    assert _calling(["create_task"], [])
    assert _calling(["transaction"], [])
