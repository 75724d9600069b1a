"""Prepare what a process stores into: the data folder, and a database of the right schema."""

import shutil
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from bot.settings import Settings
from core.errors import OperatorError
from db.engine import Database
from db.migrate import head, migrate, revision
from knowledge.profile import EXAMPLE


def prepare_folder(folder: Path) -> None:
    """Make the data folder and the bureau's profile to fill in.

    Raises:
        OperatorError: the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
        profile = folder / "bureau.yaml"
        if not profile.exists():
            shutil.copyfile(EXAMPLE, profile)
    except OSError as error:
        raise OperatorError(
            f"cannot write to YIZHAN_DATA_DIR {folder}: {error.strerror} / 数据目录 {folder} 不能写入，请检查权限或换一个目录"
        ) from error


def _check_folder(url: str) -> None:
    """Look before connecting: a connection that fails leaves its thread reporting to a loop that may be closed."""
    where = make_url(url)
    if where.get_backend_name() == "sqlite" and where.database and not Path(where.database).parent.is_dir():
        raise FileNotFoundError(f"no folder {Path(where.database).parent}")


async def open_database(settings: Settings) -> Database:
    """Open the database; SQLite is brought to the newest schema, PostgreSQL must have been migrated.

    Raises:
        OperatorError: it cannot be reached, or its schema is not the one this version needs.
    """
    try:
        _check_folder(settings.database)
        database = Database(settings.database)
        if database.embedded:
            await migrate(database)
        found = await revision(database)
    except (SQLAlchemyError, ArgumentError, OSError, ImportError) as error:
        raise OperatorError(
            f"database not usable: {type(error).__name__}: {error} / 数据库连不上或用不了，请检查 YIZHAN_DATABASE_URL"
        ) from error
    if found != head():
        await database.close()
        raise OperatorError(
            f"database schema is {found}, this version needs {head()}: run `python -m bot migrate` first / "
            "数据库结构不是最新的，请先运行 python -m bot migrate"
        )
    return database
