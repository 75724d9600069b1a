"""The whole service with a staff group in its settings, and after it was taken out of them."""

from pathlib import Path

import pytest

from bot.app import running
from bot.settings import Settings
from db.cases import StaffGroup
from knowledge import vectors
from services import staff_group
from tests.channels.staff_office import GROUP
from tests.fakes.bot_api import TOKEN, message_update, telegram
from tests.fakes.groups import Group


async def test_the_settings_decide_whether_there_is_a_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "available", lambda: False)
    async with telegram() as (api, _):
        api.groups[str(GROUP)] = Group()
        values = {"port": 0, "data_dir": tmp_path, "telegram_token": TOKEN, "telegram_api_url": api.url}
        with_group = Settings(_env_file=None, **values, telegram_staff_group=str(GROUP))  # type: ignore[call-arg]
        async with running(with_group) as (app, _):
            await api.push(message_update(1, text="转人工"))
            await api.wait_for_call("createForumTopic")
            await api.wait_for_call("setMyCommands", 2)
            assert api.called("setMyCommands")[1]["scope"] == {"type": "chat", "chat_id": GROUP}
        async with running(Settings(_env_file=None, **values)) as (app, _):  # type: ignore[call-arg]
            assert staff_group.CHANNEL not in app.channels
            async with app.database.snapshot() as db:
                assert await db.get(StaffGroup, 1) is None


@pytest.mark.parametrize("wrong", ["1001234", "@group", "-100x"])
def test_a_wrong_group_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="telegram_staff_group"):
        Settings(_env_file=None, telegram_staff_group=wrong)  # type: ignore[call-arg]
