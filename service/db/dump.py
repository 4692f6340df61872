"""The whole database as one file, and back: SQLite by its online backup, PostgreSQL by its own tools."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, inspect

from service.db.database import answering, connect
from service.db.errors import DumpFailed
from service.db.migrate import database_address


def kind(url: str) -> str:
    """Sqlite or postgresql. Raises WrongSchema for any other."""
    return database_address(url).get_backend_name()


def dump(url: str, path: Path) -> None:
    """Writes one consistent moment of the database while others work. Raises DumpFailed."""
    address = database_address(url)
    if kind(url) == "postgresql":
        _run(["pg_dump", "--format=custom", "--no-owner", f"--file={path}"], address)
        return
    source = Path(str(address.database))
    if not source.is_file():
        raise DumpFailed("nothing_to_dump", path=source)
    _copy(source, path)


def load(path: Path, url: str) -> None:
    """Fills an empty database. Raises DumpFailed, also where it is not empty; a failure leaves it so."""
    address = database_address(url)
    _require_empty(url)
    if kind(url) == "postgresql":
        options = ["--no-owner", "--exit-on-error", "--single-transaction"]
        _run(["pg_restore", *options, f"--dbname={address.database}", str(path)], address)
        return
    target = Path(str(address.database))
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = target.with_name(f"{target.name}.restoring")
    fresh.unlink(missing_ok=True)
    _copy(path, fresh)
    fresh.replace(target)


def _copy(source: Path, target: Path) -> None:
    try:
        with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as old:
            os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            with closing(sqlite3.connect(target)) as new:
                old.backup(new)  # in one step: writers go on in the log, and would restart a slower copy
                (state,) = new.execute("PRAGMA integrity_check").fetchone()
    except (sqlite3.Error, OSError) as error:
        raise DumpFailed("dump_failed", tool="sqlite", reason=type(error).__name__) from error
    if state != "ok":
        raise DumpFailed("dump_failed", tool="sqlite", reason="integrity_check")


def _require_empty(url: str) -> None:
    address = database_address(url)
    if kind(url) == "sqlite" and not Path(str(address.database)).exists():
        return
    engine = connect(url)
    try:
        with answering():
            looked = inspect(engine)
            schemas = [None] if kind(url) == "sqlite" else ["public", "dbos"]
            if any(looked.get_table_names(schema) for schema in schemas):
                raise DumpFailed("not_empty")
    finally:
        engine.dispose()


def _run(command: Sequence[str], address: URL) -> None:
    """The password goes by the environment: arguments are seen by every user of the machine."""
    try:
        subprocess.run(
            command, env=_environment(address), stdin=subprocess.DEVNULL, capture_output=True, check=True
        )
    except FileNotFoundError as error:
        raise DumpFailed("no_tool", tool=command[0]) from error
    except subprocess.CalledProcessError as error:
        # What the tool says may quote rows.
        raise DumpFailed("dump_failed", tool=command[0], reason=f"exit code {error.returncode}") from None


def _environment(address: URL) -> dict[str, str]:
    given = {
        "PGHOST": address.host,
        "PGPORT": str(address.port) if address.port else None,
        "PGUSER": address.username,
        "PGPASSWORD": address.password,
        "PGDATABASE": address.database,
    }
    encryption = {name: str(value) for name, value in address.query.items() if name.startswith("ssl")}
    given |= {f"PG{name.upper()}": value for name, value in encryption.items()}
    return {"PATH": os.defpath, **{name: value for name, value in given.items() if value}}
