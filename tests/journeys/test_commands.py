"""The command line as operators use it: real processes on a data folder of their own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from handlers import texts

ROOT = Path(__file__).parents[2]
PATIENCE = 240
"""Seconds; a busy machine indexes slowly, and new phrasings may have to be read by the model first."""
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run `python -m bot …` with settings of the test's own."""

    def run_bot(*arguments: str, said: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("YIZHAN_")}
        environment |= {"YIZHAN_DATA_DIR": str(tmp_path / "data"), "YIZHAN_PORT": "0", "PYTHONPATH": str(ROOT)}
        environment |= {f"YIZHAN_{name.upper()}": value for name, value in settings.items()}
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=tmp_path, env=environment, input=said, capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip

    return run_bot


def test_ask_a_file_of_questions(run: Run, tmp_path: Path) -> None:
    questions = ["优待证丢了怎么办", "我不想活了", "红烧肉放几勺糖", "转人工"]
    path = tmp_path / "questions.txt"
    path.write_text("\n\n".join(questions) + "\n", encoding="utf-8")
    done = run("ask", "--file", str(path), "--json")
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


def test_chat_through_a_pipe(run: Run) -> None:
    done = run("chat", said="首页\n1\n1\n退出\n")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(texts.WELCOME)
    for part in ("1 大家常问的问题", texts.HOT, texts.SOURCE, texts.FAREWELL, "再见"):
        assert part in done.stdout


def test_explain(run: Run) -> None:
    done = run("explain", "优待正丢了怎么办", region="浙江省桐乡市")
    assert done.returncode == 0, done.stderr
    for part in (
        "纠错后 优待证丢了怎么办",
        "本局所在地 浙江桐乡",
        "faq:ydz-lost",
        "问法:",
        "ratio=",
        "领先第二名",
        "把握",
        "结果 faq / answer / ydz-lost",
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
    done = run("knowledge", "import", str(path), "--offers", "--dry-run")
    assert (done.returncode, "120 条可以导入" in done.stdout, imported.exists()) == (0, True, False)
    assert "导入 120 条" in run("knowledge", "import", str(path), "--offers").stdout
    assert "导入 0 条,120 条没有变化" in run("knowledge", "import", str(path), "--offers").stdout
    assert len(yaml.safe_load(imported.read_text(encoding="utf-8"))["offers"]) == 120


@pytest.mark.parametrize("arguments", [("export",), ("import", "no-such.yaml")])
def test_knowledge_without_a_file_that_it_knows(run: Run, arguments: tuple[str, ...]) -> None:
    done = run("knowledge", *arguments)
    assert done.returncode == 1
    assert done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_migrate_twice(run: Run, tmp_path: Path) -> None:
    for _ in range(2):
        done = run("migrate")
        assert (done.returncode, "数据库已是最新结构" in done.stdout) == (0, True), done.stderr
    assert (tmp_path / "data" / "yizhan.sqlite3").exists()


@pytest.mark.parametrize(("name", "value"), [("port", "abc"), ("telegram_mode", "carrier")])
def test_a_bad_setting_is_named(run: Run, name: str, value: str) -> None:
    done = run("doctor", **{name: value})
    assert done.returncode == 1
    assert f"YIZHAN_{name.upper()}: " in done.stderr
    assert "这项设置不对" in done.stderr
    assert "Traceback" not in done.stderr


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
