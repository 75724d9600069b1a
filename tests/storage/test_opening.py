"""An operator whose folder or database cannot be used reads what to do, in both languages."""

from pathlib import Path

import pytest

from bot.settings import Settings
from bot.storage import open_database, prepare_folder
from core.errors import OperatorError
from db.engine import Database
from db.migrate import head, migrate, revision
from tests.servers import Postgres, free_port


def _settings(folder: Path, url: str = "") -> Settings:
    return Settings(data_dir=folder, database_url=url)


async def test_sqlite_is_made_and_migrated(tmp_path: Path) -> None:
    database = await open_database(_settings(tmp_path))
    assert await revision(database) == head()
    await database.close()
    assert (tmp_path / "yizhan.sqlite3").exists()


async def test_migrated_postgresql_is_opened(postgres: Postgres, tmp_path: Path) -> None:
    async with postgres.database() as url:
        database = await open_database(_settings(tmp_path, url))
        await database.close()


async def test_unmigrated_postgresql_names_the_command(postgres: Postgres, tmp_path: Path) -> None:
    async with postgres.database(migrated=False) as url:
        with pytest.raises(OperatorError, match="python -m bot migrate") as refused:
            await open_database(_settings(tmp_path, url))
        assert "数据库结构不是最新的" in str(refused.value)
        database = Database(url)
        await migrate(database)
        await database.close()
        database = await open_database(_settings(tmp_path, url))
        await database.close()


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "mysql://localhost/yizhan",
        "postgresql://localhost/yizhan",
        "sqlite:///yizhan.sqlite3",
        "sqlite+aiosqlite:////nowhere/at/all/yizhan.sqlite3",
        "postgresql+asyncpg://localhost:99999/yizhan",
    ],
)
async def test_unusable_url(url: str, tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="YIZHAN_DATABASE_URL"):
        await open_database(_settings(tmp_path, url))


async def test_nobody_listens(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="数据库连不上"):
        await open_database(_settings(tmp_path, f"postgresql+asyncpg://u:p@127.0.0.1:{free_port()}/yizhan"))


async def test_no_such_database(postgres: Postgres, tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="数据库连不上"):
        await open_database(_settings(tmp_path, postgres.url("nobody_made_this")))


async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "yizhan.sqlite3").write_text("这不是数据库" * 500, encoding="utf-8")
    with pytest.raises(OperatorError, match="数据库连不上"):
        await open_database(_settings(tmp_path))


def test_folder_is_made_with_a_profile_to_fill_in(tmp_path: Path) -> None:
    prepare_folder(tmp_path / "new" / "data")
    profile = tmp_path / "new" / "data" / "bureau.yaml"
    profile.write_text("name: 某县退役军人事务局\n", encoding="utf-8")
    prepare_folder(tmp_path / "new" / "data")
    assert profile.read_text(encoding="utf-8") == "name: 某县退役军人事务局\n"


def test_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """Even for root: below a file there is no folder."""
    (tmp_path / "file").touch()
    with pytest.raises(OperatorError, match=r"cannot write to YIZHAN_DATA_DIR .* 不能写入"):
        prepare_folder(tmp_path / "file" / "data")
