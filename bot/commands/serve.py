"""Run the service, and bring its database up to date."""

import argparse

from sqlalchemy.exc import SQLAlchemyError

from bot import app
from bot.settings import Settings
from bot.storage import prepare_folder
from core.errors import OperatorError
from db.engine import Database
from db.migrate import head
from db.migrate import migrate as migrate_database


async def serve(settings: Settings, _options: argparse.Namespace) -> int:
    """Run until stopped."""
    await app.serve(settings)
    return 0


async def migrate(settings: Settings, _options: argparse.Namespace) -> int:
    """Upgrade the schema."""
    prepare_folder(settings.data_dir)
    try:
        database = Database(settings.database)
        await migrate_database(database)
    except (SQLAlchemyError, OSError, ImportError) as error:
        raise OperatorError(f"database not usable: {error} / 数据库连不上或用不了") from error
    await database.close()
    print(f"数据库已是最新结构：{head()}")
    return 0
