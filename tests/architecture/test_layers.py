"""Imports point down, files stay small, and no folder is a drawer for odds and ends."""

from statistics import median

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from tests.architecture.source import ROOT, files

_DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers"}


def test_import_linter_is_content(monkeypatch, capsys) -> None:
    monkeypatch.chdir(ROOT)
    status = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_files_are_small() -> None:
    lengths = [len(path.read_text(encoding="utf-8").splitlines()) for path in files()]
    assert median(lengths) <= 90
    assert sum(length > 250 for length in lengths) <= 2


def test_no_drawers() -> None:
    assert [str(path.relative_to(ROOT)) for path in files() if _DRAWERS & {path.stem, *path.parts}] == []
