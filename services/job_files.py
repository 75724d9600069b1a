"""Lists of posts as they come: a table of Excel, or the JSON that another system gives out."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from core.errors import Refusal
from core.text import clean
from services.job_sheet import COLUMNS, REQUIRED
from services.table import Row, Table, read_table

MOST_ROWS = 20_000
KEYS = {
    "id": "编号", "employer": "单位", "title": "岗位", "kind": "工种", "city": "市县", "township": "乡镇",
    "address": "地址", "pay": "月薪", "form": "用工形式", "shift": "班次", "age": "年龄", "places": "人数",
    "veterans_quota": "退役军人名额", "closes_on": "截止日期", "contact": "联系人", "phone": "电话", "about": "说明",
    "credit_code": "统一社会信用代码", "booth": "展位",
}  # fmt: skip
"""The names of JSON for the columns; the columns' own names hold, too."""
_BAD = "这个 JSON 文件读不了：应是一组岗位，每个岗位用列名作键。"


def read(content: bytes) -> Table:
    """Read an uploaded list by what it is, whatever it is called; in a thread, for a large one takes seconds.

    Raises:
        Refusal: it is no list, or lacks a column.
    """
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return _read_json(content) if start in (b"[", b"{") else read_table(content, COLUMNS, REQUIRED, MOST_ROWS)


def _read_json(content: bytes) -> Table:
    try:
        whole = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Refusal(_BAD) from error
    posts = whole.get("jobs") if isinstance(whole, dict) else whole
    if not isinstance(posts, list) or not all(isinstance(post, dict) for post in posts):
        raise Refusal(_BAD)
    if not posts:
        raise Refusal("文件里没有岗位，请检查是不是选错了文件。")
    if len(posts) > MOST_ROWS:
        raise Refusal(f"岗位超过 {MOST_ROWS} 个，请分成几个文件导入。")
    cells = [{KEYS.get(key, key): _text(value) for key, value in post.items()} for post in posts]
    return _table(cells)


def _table(cells: Sequence[Mapping[str, str]]) -> Table:
    """Return the posts as rows that all have the same columns, numbered from 1."""
    named = list(dict.fromkeys(name for row in cells for name in row))
    if missing := [name for name in REQUIRED if name not in named]:
        raise Refusal(f"文件里缺少这样的键：{'、'.join(missing)}。")
    columns = [name for name in named if name in COLUMNS]
    rows = [Row(number, {name: row.get(name, "") for name in columns}) for number, row in enumerate(cells, 1)]
    return Table(
        tuple(row for row in rows if any(row.cells.values())),
        tuple(name for name in named if name not in COLUMNS),
    )


def _text(value: Any) -> str:
    """Return a value as a cell would show it; ranges may come as two numbers."""
    if isinstance(value, list):
        if any(isinstance(part, list) for part in value):
            raise Refusal(_BAD)
        return "-".join(map(_text, value))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None or isinstance(value, bool | dict) else clean(str(value))
