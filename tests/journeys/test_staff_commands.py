"""Taking somebody on from the command line, and what the first start and the doctor say."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.__main__ import main
from db.engine import Database
from db.staff import Audit, StaffInvite
from services import staff
from services.tokens import hashed
from tests.fakes.clock import START

Run = Callable[..., tuple[int, str]]
TAKE_ON = ("create-staff", "zhangsan", "--name", "张三", "--role", "admin", "--telegram-id", "77")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process; return its status and all it said."""
    monkeypatch.setenv("YIZHAN_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("YIZHAN_PORT", "0")
    monkeypatch.setenv("YIZHAN_PUBLIC_URL", "https://yizhan.example/")
    monkeypatch.chdir(tmp_path)

    def run_bot(*arguments: str) -> tuple[int, str]:
        status = main(list(arguments))
        said = capsys.readouterr()
        return status, said.out + said.err

    return run_bot


def _in_database(folder: Path, work: Callable[..., object]) -> object:
    async def visit() -> object:
        database = Database(f"sqlite+aiosqlite:///{folder / 'yizhan.sqlite3'}")
        async with database.transaction() as db:
            found = await work(db)
        await database.close()
        return found

    return asyncio.run(visit())


def test_a_person_of_staff_is_taken_on_and_gets_a_link(run: Run, tmp_path: Path) -> None:
    status, said = run(*TAKE_ON)
    link = re.search(r"https://yizhan\.example/console/invite/([\w-]+)", said)
    assert status == 0
    assert link is not None
    invite = _in_database(tmp_path, lambda db: db.get(StaffInvite, hashed(link[1])))
    assert isinstance(invite, StaffInvite)
    found = _in_database(tmp_path, lambda db: staff.locked(db, invite.staff_id))
    assert (found.login, found.role, found.telegram_id, found.password_hash) == ("zhangsan", "admin", 77, None)


def test_what_cannot_be_is_said_in_one_sentence(run: Run) -> None:
    assert run(*TAKE_ON)[0] == 0
    for arguments, sentence in (
        (TAKE_ON, "已经有人用了"),
        (
            ("create-staff", "lisi", "--name", "李四", "--role", "agent", "--station", "没有站"),
            "没有叫“没有站”的服务站",
        ),
        (("create-staff", "li si", "--name", "李四", "--role", "agent"), "登录名请用"),
    ):
        status, said = run(*arguments)
        assert (status, sentence in said, "Traceback" in said) == (1, True, False)


def test_the_doctor_finds_an_altered_row_of_the_audit(run: Run, tmp_path: Path) -> None:
    run(*TAKE_ON)
    assert "审计记录 1 条，完好" in run("doctor")[1]
    _in_database(tmp_path, lambda db: db.execute(update(Audit).values(at=START)))
    status, said = run("doctor")
    assert (status, "审计记录被动过：第 1 条记录被改动过" in said) == (1, True)
