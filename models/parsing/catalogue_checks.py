"""What only the whole catalogue shows: one thing under two ids, unknown or circular prerequisites."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from typing import Any

from models.development import Resource
from models.parsing.field_values import plain

MERGED_IDS = "merged_ids"
"""Where `extra` of an entry that stayed lists the ids of those that were the same thing."""

UNKNOWN_PREREQUISITES = "unknown_prerequisites"
"""Where `extra` keeps prerequisites that are not in the catalogue; they forbid nothing."""

PROVIDERS = ("provider", "提供方", "提供者", "供应商", "机构")


def without_twins(resources: Sequence[Resource]) -> tuple[list[Resource], tuple[tuple[str, str], ...]]:
    """The entries without those that are an earlier one under another id, and (kept id, dropped id) of these.

    The same are: title, kind, language, provider and link, and whatever decides for whom an entry is:
    level, person and days. Ids of dropped entries are replaced in the prerequisites of others.
    """
    first: dict[tuple[object, ...], Resource] = {}
    merged: dict[str, str] = {}
    for resource in resources:
        kept = first.setdefault(_sameness(resource), resource)
        if kept is not resource:
            merged[resource.id] = kept.id
    if not merged:
        return list(resources), ()
    others: dict[str, list[str]] = {}
    for dropped, kept_id in merged.items():
        others.setdefault(kept_id, []).append(dropped)
    stayed = [_repointed(one, merged, others.get(one.id, ())) for one in first.values()]
    return stayed, tuple((kept_id, dropped) for dropped, kept_id in merged.items())


def _sameness(resource: Resource) -> tuple[object, ...]:
    provider = next((plain(v) for k, v in resource.extra.items() if k.lower() in PROVIDERS), "")
    return (
        _folded(resource.title),
        resource.kind,
        (resource.language or "").lower(),
        _folded(provider),
        resource.link,
        (resource.level or "").lower(),
        resource.person,
        resource.starts,
    )


def _folded(text: str) -> str:
    """Without regard to case, width and white space. Signs count: C, C++ and C# are three things."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _repointed(resource: Resource, merged: Mapping[str, str], dropped: Iterable[str]) -> Resource:
    needed = tuple(dict.fromkeys(merged.get(one, one) for one in resource.prerequisites))
    extra: Mapping[str, Any] = resource.extra
    if dropped:
        extra = {**extra, MERGED_IDS: [*_listed(extra.get(MERGED_IDS)), *dropped]}
    if needed == resource.prerequisites and extra is resource.extra:
        return resource
    return replace(resource, prerequisites=needed, extra=extra)


def known_prerequisites(
    resources: Sequence[Resource],
) -> tuple[list[Resource], tuple[tuple[str, str], ...]]:
    """The entries with prerequisites of the catalogue alone, and (id, prerequisite) of those taken away."""
    ids = {resource.id for resource in resources}
    unknown = tuple(
        (one.id, needed) for one in resources for needed in one.prerequisites if needed not in ids
    )
    return [one if ids.issuperset(one.prerequisites) else _known(one, ids) for one in resources], unknown


def _known(resource: Resource, ids: set[str]) -> Resource:
    kept = tuple(needed for needed in resource.prerequisites if needed in ids)
    gone = [needed for needed in resource.prerequisites if needed not in ids]
    listed = [*_listed(resource.extra.get(UNKNOWN_PREREQUISITES)), *gone]
    return replace(resource, prerequisites=kept, extra={**resource.extra, UNKNOWN_PREREQUISITES: listed})


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def prerequisite_cycle(resources: Iterable[Resource]) -> tuple[str, ...] | None:
    """Ids of entries that each come before the next, and the last before the first; None without a cycle."""
    sorter = TopologicalSorter({one.id: one.prerequisites for one in resources if one.prerequisites})
    try:
        sorter.prepare()
    except CycleError as error:
        ids: list[str] = error.args[1]
        return tuple(ids[:-1])  # the first stands there again at the end
    return None
