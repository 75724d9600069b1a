"""A fault in a knowledge file, told so that a clerk finds the line."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """Which file, which entry, which field, and what is wrong with it."""

    file: str
    entry: str
    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}: {self.entry or '（整个文件）'}: {self.field or '-'}: {self.message}"


class BadKnowledge(Exception):  # noqa: N818 - it names the thing that is bad
    """Files that cannot be used; the snapshot in use stays."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems
