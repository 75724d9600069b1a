"""The bureau's own name, telephone and hours, kept in one small file of the data folder."""

from dataclasses import fields as dataclass_fields
from pathlib import Path

from knowledge.entry import Profile
from knowledge.fields import Fields
from knowledge.load import read_yaml
from knowledge.problem import Problem

EXAMPLE = Path(__file__).parent / "data" / "bureau.example.yaml"


def read_profile(path: Path | None, problems: list[Problem]) -> Profile:
    """Read bureau.yaml; without a file the answers are worded without names and numbers."""
    if path is None or not path.exists():
        return Profile()
    content = read_yaml(path, problems)
    row = Fields({} if content is None else content, path.name, "", problems)
    names = {field.name for field in dataclass_fields(Profile)}
    row.only(names)
    given = {name: value for name in names if (value := row.text(name))}
    if given.get("staff_shown_as", "number") not in ("number", "name"):
        row.fault("staff_shown_as", "只能是 number（编号）或 name（姓名）")
        del given["staff_shown_as"]
    return Profile(**given)
