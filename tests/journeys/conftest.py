"""People of the tiny county, each talking on a real database of either kind."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from bot.__main__ import main
from db.engine import Database
from tests.fakes.clock import SettableClock
from tests.fakes.command_line import Done, Run
from tests.journeys.world import Visitor


@pytest.fixture
def visitor(database: Database, clock: SettableClock) -> Visitor:
    """Give one person who has not said anything yet."""
    return Visitor(database, clock=clock)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Run a command in this process, on a data folder of its own."""
    logging = structlog.get_config()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("YIZHAN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("YIZHAN_REGION", "江苏省南通市如东县")
    yield lambda *arguments: Done(main([str(part) for part in arguments]), *capsys.readouterr())
    structlog.configure(**logging)
