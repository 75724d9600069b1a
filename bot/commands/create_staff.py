"""Add a person of staff from the command line, where no admin is at hand."""

import argparse

from sqlalchemy import select

from bot.first_admin import invite_link
from bot.settings import Settings
from bot.storage import open_database, prepare_folder
from core.clock import utc_now
from core.errors import OperatorError, Refusal
from db.engine import Database
from db.places import Station
from services import audit, staff


async def create_staff(settings: Settings, options: argparse.Namespace) -> int:
    """Add them, and print the link that lets them in."""
    prepare_folder(settings.data_dir)
    database = await open_database(settings)
    try:
        token = await _take_on(database, options)
    except Refusal as refusal:
        raise OperatorError(str(refusal)) from refusal
    finally:
        await database.close()
    print(
        f"已添加 {options.name}（{staff.ROLE_NAMES[options.role]}）。\n"
        f"请本人打开下面的链接设置密码，24 小时内有效，只能用一次：\n"
        f"{invite_link(settings, token, settings.port)}"
    )
    return 0


async def _take_on(database: Database, options: argparse.Namespace) -> str:
    now = utc_now()
    async with database.transaction() as db:
        station_id = None
        if options.station is not None:
            station_id = await db.scalar(select(Station.id).where(Station.name == options.station))
            if station_id is None:
                raise Refusal(f"没有叫“{options.station}”的服务站。请先导入服务站，或者检查名称。")
        post = staff.Post(options.name, options.role, station_id, telegram_id=options.telegram_id)
        added, token = await staff.take_on(db, now, options.login, post)
        detail = {"login": added.login, "role": added.role}
        await audit.record(db, now, None, "staff_taken_on", f"staff:{added.id}", detail, "command line")
    return token
