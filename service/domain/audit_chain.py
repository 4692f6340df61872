"""The audit log as a chain: each entry's keyed hash covers the hash before it, so no edit goes unseen.

HMAC-SHA256 (RFC 2104) over canonical JSON (RFC 8785). Heads exported to a place outside the database show a
log that was cut off, or written anew by somebody who has the key.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import rfc8785

from service.domain.errors import NotValid

GENESIS = "0" * 64
"""Stands for the hash before the first entry, whose sequence is 1."""

KEY_BYTES_LEAST = 32

_CODE = re.compile(r"[a-z0-9][a-z0-9_.:+-]{0,63}")
"""Ids, codes, dates and hashes. Small letters only: no sentence, and hardly a name, is written like that."""

_NUMBER_MOST = 2**53 - 1
_CODES_MOST = 16


@dataclass(frozen=True, slots=True)
class Entry:
    """Who did what to which object. `codes`: further ids, codes and numbers, never text. `at` is aware.

    A value may be anything here, so that a damaged log can be read; `seal` refuses what does not belong.
    """

    organisation: str
    sequence: int
    at: datetime
    actor: str
    action: str
    object_kind: str
    object_id: str
    codes: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sealed:
    """An entry as it is stored, with its hash (64 hex digits)."""

    entry: Entry
    mac: str


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of an organisation's chain at the time of an export."""

    organisation: str
    sequence: int
    mac: str


class Damage(StrEnum):
    """What is wrong with a chain."""

    edited = "edited"
    """The entry, or the one before it, is not what was written."""
    gap = "gap"
    """Entries before this one are missing."""
    reordered = "reordered"
    """The entry comes after a later one, or twice."""
    foreign = "foreign"
    """The entry is another organisation's."""
    truncated = "truncated"
    """The log ends before an exported head."""
    rewritten = "rewritten"
    """The entry is sealed, but not the one that was exported."""


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain is damaged: at the entry with that sequence."""

    damage: Damage
    sequence: int


def check(entry: Entry) -> None:
    """Raises NotValid for anything in the entry that is not an id, a code or a number."""
    for name in ("organisation", "actor", "action", "object_kind", "object_id"):
        _require(_is_word(getattr(entry, name)), name)
    _require(type(entry.sequence) is int and 1 <= entry.sequence <= _NUMBER_MOST, "sequence")
    _require(entry.at.tzinfo is not None, "at")
    _require(len(entry.codes) <= _CODES_MOST and all(map(_is_word, entry.codes)), "codes")
    for name, value in entry.codes.items():
        _require(_is_word(value) or (type(value) is int and abs(value) <= _NUMBER_MOST), name)


def _require(holds: bool, name: str) -> None:
    if not holds:
        raise NotValid("bad_audit_code", field=name)


def _is_word(value: object) -> bool:
    return isinstance(value, str) and _CODE.fullmatch(value) is not None


def mac(key: bytes, previous_mac: str, entry: Entry) -> str:
    """64 hex digits over the entry and the hash before it.

    Raises ValueError for a key of fewer than KEY_BYTES_LEAST bytes, and for values that JSON cannot hold.
    """
    _require_key(key)
    content: dict[str, Any] = {
        "previous": previous_mac,
        "organisation": entry.organisation,
        "sequence": entry.sequence,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor,
        "action": entry.action,
        "object_kind": entry.object_kind,
        "object_id": entry.object_id,
        "codes": dict(entry.codes),
    }
    return hmac.new(key, rfc8785.dumps(content), hashlib.sha256).hexdigest()


def _require_key(key: bytes) -> None:
    if len(key) < KEY_BYTES_LEAST:
        raise ValueError("the key of the audit log is too short")


def seal(key: bytes, previous: Sealed | None, entry: Entry) -> Sealed:
    """The entry with its hash; `previous`: the organisation's last, None for its first. Raises NotValid."""
    check(entry)
    return Sealed(entry, mac(key, previous.mac if previous else GENESIS, entry))


def verify(
    organisation: str, sealed: Iterable[Sealed], key: bytes, exported_heads: Iterable[Head]
) -> list[Break]:
    """Every damage to one organisation's chain, read in stored order; empty: the log is whole.

    What came after the last exported head can be cut off unseen: export often.
    """
    _require_key(key)
    by_sequence: dict[int, set[str]] = {}
    for head in exported_heads:
        if head.organisation == organisation:
            by_sequence.setdefault(head.sequence, set()).add(head.mac)
    last, previous = 0, GENESIS
    found: list[Break] = []
    for one in sealed:
        found += _breaks(organisation, one, key, (last, previous), by_sequence)
        last, previous = max(last, one.entry.sequence), one.mac
    cut = [sequence for sequence in sorted(by_sequence) if sequence > last]
    return [*found, *(Break(Damage.truncated, sequence) for sequence in cut)]


def _breaks(
    organisation: str,
    one: Sealed,
    key: bytes,
    before: tuple[int, str],
    heads: Mapping[int, set[str]],
) -> Iterator[Break]:
    """What is wrong with one entry. `before`: the highest sequence so far and the hash just before."""
    last, previous = before
    sequence = one.entry.sequence
    if one.entry.organisation != organisation:
        yield Break(Damage.foreign, sequence)
    if sequence <= last:
        yield Break(Damage.reordered, sequence)
    elif sequence > last + 1:
        yield Break(Damage.gap, sequence)
    if not _is_sealed(key, previous, one):
        yield Break(Damage.edited, sequence)
    if heads.get(sequence, {one.mac}) != {one.mac}:
        yield Break(Damage.rewritten, sequence)


def _is_sealed(key: bytes, previous: str, one: Sealed) -> bool:
    try:
        expected = mac(key, previous, one.entry)
    except ValueError:  # tampering can leave what was never sealed
        return False
    return hmac.compare_digest(expected.encode(), one.mac.encode())
