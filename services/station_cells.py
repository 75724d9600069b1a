"""What a table says of one station beyond its name and address: read strictly, and printed in one way."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from core.errors import Refusal
from db.places import Station
from services.imports import Line
from services.station_hours import pack_hours, read_hours, show_hours, unpack_hours
from services.table import Row

_EAST, _NORTH = (73.0, 136.0), (3.0, 54.0)
"""Degrees within which China lies."""
_STARS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5} | {str(number): number for number in range(1, 6)}
_AHEAD = re.compile(r"(\d{1,4})(?:个?(分钟|分|小时|钟头|天))")
_MINUTES = {"分": 1, "分钟": 1, "小时": 60, "钟头": 60, "天": 1440}
_LONGEST_AHEAD = 30 * 1440
_FARTHEST = 366
"""Days."""
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:T?00:00(?::00)?)?")


@dataclass(frozen=True, slots=True)
class Cell:
    """How one column is read into a field of the station, and printed again."""

    field: str
    read: Callable[[str], Any]
    """Raises Refusal for what it does not understand."""
    show: Callable[[Any], str]


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _degrees(column: str, bounds: tuple[float, float]) -> Callable[[str], float]:
    def read(text: str) -> float:
        try:
            found = float(_plain(text).rstrip("°"))
        except ValueError as error:
            raise Refusal(f"{column}“{text}”不是数字，请写成 {bounds[1] - 10:.4f} 这样") from error
        if not bounds[0] <= found <= bounds[1]:
            raise Refusal(f"{column}“{text}”不在中国范围内，是不是经度和纬度填反了")
        return round(found, 6)

    return read


def _stars(text: str) -> int:
    written = re.sub(r"(星级|颗星|星|级)$", "", _plain(text))
    if found := _STARS.get(written):
        return found
    raise Refusal(f"星级“{text}”不对，请填 1 到 5")


def _ahead(text: str) -> int:
    written = _plain(text).removeprefix("提前")
    if written in ("0", "不用提前"):
        return 0
    found = _AHEAD.fullmatch(written)
    if found is None:
        raise Refusal(f"最少提前“{text}”看不懂，请写成 30分钟、2小时 或 1天")
    minutes = int(found[1]) * _MINUTES[found[2]]
    if minutes > _LONGEST_AHEAD:
        raise Refusal("最少提前不能超过 30 天")
    return minutes


def show_minutes(minutes: int) -> str:
    """Return 30分钟, 2小时 or 1天."""
    if minutes and minutes % 1440 == 0:
        return f"{minutes // 1440}天"
    return f"{minutes // 60}小时" if minutes and minutes % 60 == 0 else f"{minutes}分钟" if minutes else "0"


def _days(text: str) -> int:
    written = _plain(text).removesuffix("天")
    if written.isascii() and written.isdigit() and 1 <= int(written) <= _FARTHEST:
        return int(written)
    raise Refusal(f"可约天数“{text}”不对，请填 1 到 {_FARTHEST}")


def _closed_on(text: str) -> date:
    found = _DAY.fullmatch(_plain(text))
    try:
        return date(*map(int, found.groups())) if found else date.fromisoformat(_plain(text))
    except ValueError as error:
        raise Refusal(f"停用“{text}”看不懂，请写从哪天起停用，像 2027-01-01 这样；没有停用就空着") from error


CELLS: Mapping[str, Cell] = MappingProxyType(
    {
        "经度": Cell("longitude", _degrees("经度", _EAST), lambda value: f"{value:.6f}".rstrip("0").rstrip(".")),
        "纬度": Cell("latitude", _degrees("纬度", _NORTH), lambda value: f"{value:.6f}".rstrip("0").rstrip(".")),
        "星级": Cell("stars", _stars, str),
        "上班时间": Cell(
            "week", lambda text: pack_hours(read_hours(text)), lambda value: show_hours(unpack_hours(value))
        ),
        "最少提前": Cell("notice_minutes", _ahead, show_minutes),
        "可约天数": Cell("horizon_days", _days, str),
        "停用": Cell("closed_on", _closed_on, date.isoformat),
    }
)


def read_cells(station: Station) -> dict[str, str | None]:
    """Return what the table says of a station."""
    kept = {column: getattr(station, cell.field) for column, cell in CELLS.items()}
    return {column: None if value is None else CELLS[column].show(value) for column, value in kept.items()}


def check_cells(line: Line) -> None:
    """Refuse a row whose cells cannot be understood; a place on the map is whole or none."""
    _part_coordinates(line)
    for column, cell in CELLS.items():
        if text := line.cell(column):
            try:
                cell.read(text)
            except Refusal as refusal:
                line.fault(str(refusal))
    if (line.cell("经度") is None) != (line.cell("纬度") is None):
        line.fault("经度和纬度要一起填")


def _part_coordinates(line: Line) -> None:
    """Take apart what maps give in one piece: 120.56,30.63."""
    east, comma, north = _plain(line.cell("经度") or "").partition(",")
    if comma and line.cell("纬度") is None:
        line.row = Row(line.row.number, {**line.row.cells, "经度": east, "纬度": north})


def same_way(column: str, text: str | None) -> str | None:
    """Return a good cell as it would be printed."""
    return CELLS[column].show(CELLS[column].read(text)) if text and column in CELLS else text


def save_cells(station: Station, values: Mapping[str, str | None]) -> None:
    """Let a station be as good cells say; a column that is lacking stays."""
    for column, cell in CELLS.items():
        if column in values:
            text = values[column]
            setattr(station, cell.field, cell.read(text) if text else None)
