"""Looks for a sentence on disk in every form in which a program might have written it."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import zlib
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import MetaData, create_engine, inspect, make_url, select


def forms(marker: str) -> dict[str, bytes]:
    """The bytes to look for, by the name of the form."""
    plain = marker.encode()
    found = {
        "utf-8": plain,
        "utf-16-le": marker.encode("utf-16-le"),
        "utf-16-be": marker.encode("utf-16-be"),
        "json": json.dumps(marker).strip('"').encode(),
        "json in json": json.dumps(json.dumps(marker)).strip('"').strip("\\").encode(),
        "url": quote(marker).encode(),
        "hex": plain.hex().encode(),
        "HEX": plain.hex().upper().encode(),
        "reversed": plain[::-1],
        "ascii part": "".join(c for c in marker if c.isascii()).encode(),
    }
    for shift in range(3):
        # Of the encoded text only what does not depend on the neighbours.
        text = base64.b64encode(b"\0" * shift + plain).decode().rstrip("=")
        safe = text[-(-shift * 8 // 6) : len(text) - 2]
        found[f"base64 +{shift}"] = safe.encode()
        found[f"base64url +{shift}"] = safe.replace("+", "-").replace("/", "_").encode()
    return found


def in_bytes(content: bytes, marker: str) -> list[str]:
    """The forms that occur, also inside of what zlib or gzip packed as a whole."""
    found = [name for name, form in forms(marker).items() if form in content]
    try:
        unpacked = zlib.decompressobj(wbits=47).decompress(content, 2**24)
    except zlib.error:
        return found
    return found + [f"packed {name}" for name, form in forms(marker).items() if form in unpacked]


def in_files(folder: Path, marker: str, newer_than: float = 0.0) -> dict[str, list[str]]:
    """Files that hold it, their names included. One that goes away meanwhile holds nothing."""
    found = {}
    for path in (Path(at, name) for at, _, names in os.walk(folder) for name in names):
        hits = in_bytes(path.name.encode(), marker)
        with suppress(FileNotFoundError):
            if path.is_file() and path.stat().st_mtime >= newer_than:
                hits += in_bytes(path.read_bytes(), marker)
        if hits:
            found[str(path)] = hits
    return found


def in_tables(url: str, marker: str) -> dict[str, list[str]]:
    """Tables that hold it, those of the durable engine and of the server's statistics included."""
    engine = create_engine(url)
    found, seen = {}, 0
    inspector = inspect(engine)
    schemas = [name for name in inspector.get_schema_names() if name != "information_schema"]
    with engine.connect() as connection:
        for schema in schemas:
            metadata = MetaData()
            metadata.reflect(engine, schema=None if engine.dialect.name == "sqlite" else schema)
            for table in metadata.sorted_tables:
                seen += 1
                rows = connection.execute(select(table)).all()
                hits = in_bytes(repr(rows).encode() + json.dumps(rows, default=_raw).encode(), marker)
                if hits:
                    found[str(table)] = hits
    engine.dispose()
    assert seen > 30
    return found


def _raw(value: object) -> object:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("latin-1")
    return list(value) if isinstance(value, tuple) else str(value)


def dumped(url: str, path: Path) -> Path:
    """What pg_dump writes about that database."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    subprocess.run(["pg_dump", "--file", path, address], check=True)
    return path
