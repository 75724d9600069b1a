"""The command line: python -m bot serve | deliver | chat | ask | explain | knowledge | create-staff | import | export | doctor | migrate."""

import argparse
import asyncio
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot import commands, logs
from bot.settings import Settings
from core.errors import OperatorError
from db.staff import ROLES
from knowledge.problem import BadKnowledge

Command = Callable[[Settings, argparse.Namespace], Coroutine[Any, Any, int]]


def parser() -> argparse.ArgumentParser:
    """Describe every command."""
    top = argparse.ArgumentParser(
        prog="python -m bot", description="驿站: a chat service for veterans and their families"
    )
    sub = top.add_subparsers(dest="command", required=True)
    sub.add_parser("serve", help="run the service").set_defaults(run=commands.serve)
    deliver = sub.add_parser("deliver", help="only deliver, beside `serve` and any number of others (PostgreSQL)")
    deliver.set_defaults(run=commands.deliver)
    sub.add_parser("chat", help="chat in the terminal").set_defaults(run=commands.chat)
    ask = sub.add_parser("ask", help="ask through the very same turn, each question in a fresh conversation")
    ask.add_argument("question", nargs="?")
    ask.add_argument("--file", type=Path, help="one question a line")
    ask.add_argument("--json", action="store_true", help="one JSON object a line")
    ask.set_defaults(run=commands.ask)
    explain = sub.add_parser("explain", help="show why a question is understood as it is")
    explain.add_argument("question")
    explain.set_defaults(run=commands.explain)
    knowledge = sub.add_parser("knowledge", help="check, export or import entries and offers")
    knowledge.add_argument("action", choices=["check", "export", "import", "vectors"])
    knowledge.add_argument("file", nargs="?", type=Path, help="a .yaml or .xlsx file to write or to read")
    knowledge.add_argument("--offers", action="store_true", help="the catalogue instead of the entries")
    knowledge.add_argument("--dry-run", action="store_true", help="only say what an import would do")
    knowledge.set_defaults(run=commands.knowledge)
    staff = sub.add_parser("create-staff", help="add a person of staff, and print the link that lets them in")
    staff.add_argument("login")
    staff.add_argument("--name", required=True)
    staff.add_argument("--role", choices=ROLES, required=True)
    staff.add_argument("--station", help="a station's name; without one for the whole bureau")
    staff.add_argument("--telegram-id", type=int)
    staff.set_defaults(run=commands.create_staff)
    bring = sub.add_parser("import", help="import service stations, services, grids or posts from a table")
    _describe_imports(bring.add_subparsers(dest="what", required=True))
    give = sub.add_parser("export", help="write service stations, services, grids or posts as a table")
    _describe_exports(give.add_subparsers(dest="what", required=True))
    sub.add_parser("doctor", help="check settings and surroundings in words").set_defaults(run=commands.doctor)
    sub.add_parser("migrate", help="bring the database to the newest schema").set_defaults(run=commands.migrate)
    return top


def _describe_imports(kinds: Any) -> None:
    for what in ("stations", "services", "grids", "jobs"):
        kind = kinds.add_parser(what)
        kind.add_argument("file", type=Path, help="a .xlsx or .csv file to read; posts may come as .json, too")
        kind.add_argument("--dry-run", action="store_true", help="only say what it would do")
        kind.set_defaults(run=commands.import_jobs if what == "jobs" else commands.import_places)
        if what == "jobs":
            kind.add_argument(
                "--source", required=True, help="whose list it is: the posts of one source are known again"
            )
            kind.add_argument(
                "--close-missing", action="store_true", help="close the posts of it that the list leaves out"
            )


def _describe_exports(kinds: Any) -> None:
    for what in ("stations", "services", "grids", "jobs"):
        kind = kinds.add_parser(what)
        kind.add_argument("file", type=Path, help="a .xlsx or .csv file to write")
        kind.set_defaults(run=commands.export_jobs if what == "jobs" else commands.export_places)


def main(arguments: list[str] | None = None) -> int:
    """Run a command; return the exit status."""
    options = parser().parse_args(arguments)
    try:
        settings = Settings()
        logs.configure(settings.log_level)
        run: Command = options.run
        return asyncio.run(run(settings, options))
    except ValidationError as error:
        for fault in error.errors():
            print(f"YIZHAN_{'_'.join(map(str, fault['loc'])).upper()}: {fault['msg']} / 这项设置不对", file=sys.stderr)
    except (OperatorError, BadKnowledge) as error:
        print(error, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
