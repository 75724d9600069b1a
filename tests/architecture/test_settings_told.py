"""Every setting is in the README's table, with its default, and the table names none that does not exist."""

import re

from bot.settings import Settings
from tests.architecture.source import ROOT

_ROW = re.compile(r"^\|\s*`(YIZHAN_[A-Z_]+)`", re.MULTILINE)


def _settings() -> set[str]:
    return {f"YIZHAN_{name.upper()}" for name in Settings.model_fields}


def test_readme_has_every_setting_and_no_other() -> None:
    assert set(_ROW.findall((ROOT / "README.md").read_text(encoding="utf-8"))) == _settings()


def test_every_setting_has_a_default() -> None:
    assert [name for name, field in Settings.model_fields.items() if field.is_required()] == []
