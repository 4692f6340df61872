"""Bytes of a file to text, with a bound on the size."""

from __future__ import annotations

from pathlib import Path

from models.errors import DiskProblem, NotATranscript, UnusableInput

MAX_BYTES = 64 * 1024 * 1024
"""A day of talk with word times is about 20 MB."""


def read_text(path: Path) -> str:
    """The text of a file: UTF-8, UTF-16 with a byte order mark, or GB 18030.

    Raises NotATranscript (no such file, a folder, too large, not text) or DiskProblem (cannot be read).
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotATranscript("no_such_file", path=path) from error
    except IsADirectoryError as error:
        raise NotATranscript("transcript_is_folder", path=path) from error
    except OSError as error:
        raise DiskProblem("cannot_read", path=path, reason=error.strerror or type(error).__name__) from error
    if len(data) > MAX_BYTES:
        raise NotATranscript("transcript_too_large", path=path, limit=f"{MAX_BYTES // 1024**2} MiB")
    return decode(data, path)


def read_other(path: Path, error: type[UnusableInput], too_large: str, not_text: str) -> str:
    """The text of a file of another kind, with its own `error` and keys for what `read_text` refuses
    (`no_such_file` stays), or DiskProblem.
    """
    try:
        return read_text(path)
    except NotATranscript as refused:
        keys = {"transcript_too_large": too_large, "no_such_file": "no_such_file"}
        raise error(keys.get(refused.key, not_text), **refused.values) from refused


def decode(data: bytes, path: Path) -> str:
    """Text of the bytes without a byte order mark; NotATranscript when they are not text."""
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    # Captions saved by Chinese Windows programs are often GB 18030 and do not say so.
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise NotATranscript("transcript_not_text", path=path)
