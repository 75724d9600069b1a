"""The command line as operators use it: in this process where that will do, in real ones where the process is the point."""

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog
import yaml
from openpyxl import load_workbook

from bot.__main__ import main
from handlers import texts
from knowledge import content, index, vectors
from tests.journeys.world import VILLAGE

ROOT = Path(__file__).parents[2]
PATIENCE = 240
"""Seconds; a busy machine indexes slowly, and new phrasings may have to be read by the model first."""


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Done]


def _settings(folder: Path, own: dict[str, str]) -> dict[str, str]:
    return {f"YIZHAN_{k.upper()}": v for k, v in ({"data_dir": str(folder / "data"), "port": "0"} | own).items()}


@pytest.fixture
def start(tmp_path: Path) -> Run:
    """Run `python -m bot …` as a process of its own."""

    def start_bot(*arguments: str, **settings: str) -> Done:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("YIZHAN_")} | {"PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=tmp_path, env=environment | _settings(tmp_path, settings), capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
        return Done(done.returncode, done.stdout, done.stderr)

    return start_bot


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Run a command in this process, without the model, which takes seconds to load."""
    logging = structlog.get_config()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(vectors, "available", lambda: False)

    def run_bot(*arguments: str, said: str = "", **settings: str) -> Done:
        with monkeypatch.context() as patch:
            for name, value in _settings(tmp_path, settings).items():
                patch.setenv(name, value)
            patch.setattr(sys, "stdin", io.StringIO(said))
            status = main(list(arguments))
        return Done(status, *capsys.readouterr())

    yield run_bot
    structlog.configure(**logging)


@pytest.fixture
def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ship the tiny county's knowledge, which is indexed at once."""
    folder = tmp_path / "shipped"
    for name, place in (("faq", "faq/"), ("offers", "offers/"), ("facts", ""), ("lexicon", ""), ("services", "")):
        (folder / place).mkdir(parents=True, exist_ok=True)
        shutil.copy(VILLAGE / f"{name}.yaml", folder / place)
    for name in ("places.yaml", "jobs.yaml"):
        shutil.copy(content.SHIPPED / name, folder)
    monkeypatch.setattr(content, "SHIPPED", folder)
    monkeypatch.setattr(index, "SHIPPED", folder)


def test_ask_a_file_of_questions(start: Run, tmp_path: Path) -> None:
    questions = ["优待证丢了怎么办", "我不想活了", "红烧肉放几勺糖", "转人工"]
    path = tmp_path / "questions.txt"
    path.write_text("\n\n".join(questions) + "\n", encoding="utf-8")
    done = start("ask", "--file", str(path), "--json")
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    names = ["question", "journey", "outcome", "entry", "score", "facts", "near", "text"]
    assert [list(line) for line in lines] == [names] * len(questions)
    assert [line["question"] for line in lines] == questions
    assert (lines[0]["journey"], lines[0]["outcome"], lines[0]["entry"]) == ("faq", "answer", "ydz-lost")
    assert 0 < lines[0]["score"] <= 1
    assert lines[0]["facts"]
    assert texts.SOURCE in lines[0]["text"]
    assert (lines[1]["journey"], lines[1]["entry"]) == ("crisis", "self_harm")
    assert lines[2]["facts"] == []
    assert lines[3]["journey"] == "handoff"


@pytest.mark.usefixtures("county")
def test_ask_one_question(run: Run) -> None:
    done = run("ask", "优待证丢了怎么补")
    assert (done.returncode, done.stderr) == (0, "")
    assert texts.SOURCE in done.stdout
    assert "  0 " + texts.PERSON_CHOICE.label in done.stdout


@pytest.mark.usefixtures("county")
def test_chat_through_a_pipe(run: Run) -> None:
    done = run("chat", said="首页\n1\n1\n退出\n")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(texts.WELCOME)
    for part in ("1 大家常问的问题", texts.HOT, texts.SOURCE, texts.FAREWELL, "再见"):
        assert part in done.stdout


@pytest.mark.usefixtures("county")
def test_explain(run: Run) -> None:
    done = run("explain", "优待正丢了怎么补", region="浙江省桐乡市")
    assert done.returncode == 0, done.stderr
    for part in (
        "纠错后 优待证丢了怎么补",
        "本局所在地 浙江桐乡",
        "faq:card-lost",
        "问法\uff1a",
        "ratio=",
        "领先第二名",
        "把握",
        "结果 faq / answer / card-lost",
    ):
        assert part in done.stdout


def test_doctor_says_what_is_to_be_done(run: Run, tmp_path: Path) -> None:
    done = run("doctor")
    assert done.returncode == 1
    assert "要处理" in done.stdout
    assert "bureau.yaml" in done.stdout
    (tmp_path / "data" / "bureau.yaml").write_text(
        "name: 某县局\nregion: 浙江省桐乡市\nphone: '1'\naddress: 某路\nhours: 工作日\n", encoding="utf-8"
    )
    done = run("doctor")
    assert (done.returncode, "要处理" in done.stdout) == (0, False), done.stdout


def test_doctor_names_faults_of_several_kinds(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "data" / "knowledge" / "faq"
    folder.mkdir(parents=True)
    (folder / "mine.yaml").write_text("entries: [", encoding="utf-8")
    done = run(
        "doctor",
        database_url="postgresql+asyncpg://nobody@127.0.0.1:1/x",
        telegram_token="1:a",
        telegram_mode="webhook",
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    for part in ("mine.yaml", "YIZHAN_DATABASE_URL", "YIZHAN_TELEGRAM_WEBHOOK_SECRET"):
        assert part in done.stdout


def test_knowledge_check_names_file_entry_and_field(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "data" / "knowledge" / "faq"
    folder.mkdir(parents=True)
    (folder / "mine.yaml").write_text("entries:\n- {slug: my-own, question: 五}\n", encoding="utf-8")
    done = run("knowledge", "check")
    assert done.returncode == 1
    assert "mine.yaml: my-own: answer: 缺少内容" in done.stderr
    assert "Traceback" not in done.stderr


# Fails while facts are uncovered or shipped vectors are not fresh: the content's own check.
def test_knowledge_check_of_what_is_shipped(run: Run) -> None:
    done = run("knowledge", "check")
    assert done.returncode == 0, done.stdout


def test_knowledge_out_and_in_again(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "offers.xlsx"
    done = run("knowledge", "export", str(path), "--offers")
    assert done.returncode == 0, done.stderr
    assert "已导出 120 条" in done.stdout
    imported = tmp_path / "data" / "knowledge" / "offers" / "imported.yaml"
    book = load_workbook(path)
    sheet = book.worksheets[0]
    sheet.cell(2, [cell.value for cell in sheet[1]].index("note") + 1).value = "周一不开门"
    book.save(path)
    done = run("knowledge", "import", str(path), "--offers", "--dry-run")
    assert (done.returncode, "1 条可以导入" in done.stdout, imported.exists()) == (0, True, False)
    assert "导入 1 条\uff0c119 条没有变化" in run("knowledge", "import", str(path), "--offers").stdout
    assert "导入 0 条\uff0c120 条没有变化" in run("knowledge", "import", str(path), "--offers").stdout
    assert [row["note"] for row in yaml.safe_load(imported.read_text(encoding="utf-8"))["offers"]] == ["周一不开门"]


@pytest.mark.usefixtures("county")
def test_an_import_that_would_break_the_next_start_is_refused(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "in.yaml"
    assert run("knowledge", "export", str(path)).returncode == 0
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))["entries"][:2]
    rows[0]["related"], rows[1]["answer"] = ["no-such"], "新的答案。"
    path.write_text(yaml.safe_dump({"entries": rows}, allow_unicode=True), encoding="utf-8")
    done = run("knowledge", "import", str(path))
    assert done.returncode == 1
    assert f"in.yaml: {rows[0]['slug']}: related: 没有 no-such 这一条" in done.stdout
    assert "导入 1 条" in done.stdout
    assert "新的答案" in run("ask", rows[1]["question"]).stdout


@pytest.mark.parametrize("arguments", [("export",), ("import", "no-such.yaml")])
def test_knowledge_without_a_file_that_it_knows(run: Run, arguments: tuple[str, ...]) -> None:
    done = run("knowledge", *arguments)
    assert done.returncode == 1
    assert done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_migrate_twice(start: Run, run: Run, tmp_path: Path) -> None:
    for go in (start, run):
        done = go("migrate")
        assert (done.returncode, "数据库已是最新结构" in done.stdout) == (0, True), done.stderr
    assert (tmp_path / "data" / "yizhan.sqlite3").exists()


@pytest.mark.parametrize(("way", "name", "value"), [("start", "port", "abc"), ("run", "telegram_mode", "carrier")])
def test_a_bad_setting_is_named(request: pytest.FixtureRequest, way: str, name: str, value: str) -> None:
    done = request.getfixturevalue(way)("doctor", **{name: value})
    assert done.returncode == 1
    assert f"YIZHAN_{name.upper()}: " in done.stderr
    assert "这项设置不对" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("package", "setting", "value", "extra"),
    [("redis", "redis_url", "redis://127.0.0.1:1/0", "[redis]"), ("aiogram", "telegram_token", "1:a", "[telegram]")],
)
@pytest.mark.usefixtures("county")
def test_a_setting_whose_extra_is_not_installed(
    run: Run, monkeypatch: pytest.MonkeyPatch, package: str, setting: str, value: str, extra: str
) -> None:
    ours = ("bot.wake_redis", "bot.channels.telegram")
    for name in [n for n in sys.modules if n.startswith((f"{package}.", *ours))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    for command in ("doctor", "serve"):
        done = run(command, **{setting: value})
        assert done.returncode == 1
        assert f".venv/bin/pip install -e '.{extra}'" in done.stdout + done.stderr
        assert f"YIZHAN_{setting.upper()}" in done.stdout + done.stderr


def test_a_bad_place_for_data_or_database(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    for settings in (
        {"data_dir": str(tmp_path / "file" / "data")},
        {"database_url": "sqlite+nothing:///x"},
        {"database_url": "::"},
    ):
        done = run("migrate", **settings)
        assert done.returncode == 1, done.stdout
        assert "Traceback" not in done.stderr, done.stderr
        assert "YIZHAN_DATA" in done.stderr or "数据库" in done.stderr


def test_ask_without_a_question(run: Run, tmp_path: Path) -> None:
    for arguments in (("ask",), ("ask", "--file", str(tmp_path / "none.txt"))):
        done = run(*arguments)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
