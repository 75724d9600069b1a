"""Read the fields of one row of a knowledge file, noting every fault instead of stopping at the first."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from knowledge.problem import Problem


def name_of(row: Any, key: str) -> str:
    """Return what a row calls itself, for telling of its faults."""
    return str(row.get(key)) if isinstance(row, dict) else "?"


class Fields:
    """The fields of one row; what is missing or of the wrong kind goes to `problems`."""

    def __init__(self, row: Any, file: str, entry: str, problems: list[Problem]) -> None:
        self.row: Mapping[str, Any] = row if isinstance(row, dict) else {}
        self.file, self.entry, self.problems = file, entry, problems
        if not isinstance(row, dict):
            self.fault("", "这一条不是“字段： 内容”的样子")

    def fault(self, field: str, message: str) -> None:
        """Note a fault of a field."""
        self.problems.append(Problem(self.file, self.entry, field, message))

    def only(self, allowed: set[str]) -> None:
        """Fault any field of another name, so that a misspelt one is not lost."""
        for field in sorted(set(map(str, self.row)) - allowed):
            self.fault(field, "没有这个字段，请检查拼写")

    def text(self, field: str) -> str | None:
        """Read an optional text."""
        value = self.row.get(field)
        if value is not None and not isinstance(value, str):
            self.fault(field, f"应是文字，现在是 {value!r}（数字或日期请加引号）")
            return None
        return value.strip() or None if value else None

    def need(self, field: str) -> str:
        """Read a text that must be there."""
        value = self.text(field)
        if value is None and isinstance(self.row.get(field), str | None):
            self.fault(field, "缺少内容")
        return value or ""

    def texts(self, field: str) -> tuple[str, ...]:
        """Read an optional list of texts."""
        value = self._list(field, "应是一列文字")
        if not all(isinstance(v, str) for v in value):
            self.fault(field, "应是一列文字")
            return ()
        return tuple(v.strip() for v in value if v.strip())

    def rows(self, field: str) -> list[Any]:
        """Read an optional list of rows."""
        return self._list(field, "应是一列，每一项一条")

    def _list(self, field: str, message: str) -> list[Any]:
        value = self.row.get(field)
        if value is None or isinstance(value, list):
            return value or []
        self.fault(field, message)
        return []

    def day(self, field: str) -> date | None:
        """Read an optional date."""
        value = self.row.get(field)
        if isinstance(value, datetime):
            return value.date()
        if value is None or isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fault(field, f"日期应写成 2026-11-21，现在是 {value!r}")
            return None
