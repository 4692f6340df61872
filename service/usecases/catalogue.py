"""The organisation's catalogue of development resources and its competencies: read by its members, imported
whole by an administrator. Without a catalogue of its own it has the starter catalogue that ships.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from models.development import Resource
from models.parsing.catalogue import Note
from models.parsing.catalogue_export import Format
from service.db.tables import Catalogue, CatalogueEntry, Organisation
from service.db.unit_of_work import Work
from service.domain.errors import VersionChanged
from service.domain.ids import new_id
from service.domain.policy import Action, Thing
from service.hosting import MIB
from service.jobs.shelf import Kind, lines
from service.usecases.access import require_role
from service.usecases.account_rights import require_member
from service.usecases.actor import Actor
from service.usecases.listings import Entry, Listing, read_listing, resources_of, starter, write_listing
from service.usecases.rapport import Rapport

MOST_BYTES = 20 * MIB
"""20,000 entries have some 6 MiB."""

BATCH = 1000
"""Rows written at once: more would only take memory."""

NAMED = 50
"""Ids of a preview that are told of each change; all are counted."""

STARTER, NOTHING = "starter", "none"
"""What stands in place of a digest where the organisation has no list of its own."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A list as it is. `sha256`: of its entries, what an import has to name; `own` False: the one that ships.

    `ready_share` (0..1): how much is ready for search; `reason`: a code, why it could not be made so.
    """

    sha256: str
    own: bool
    entries: int
    ready_share: float = 1.0
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Entries as JSON, in the order of the file. `next`: where the next page begins; None at the end."""

    standing: Standing
    lines: list[str]
    next: int | None


@dataclass(frozen=True, slots=True)
class Changes:
    """What an import would change: ids of entries, at most `NAMED` of each, and how many there are."""

    standing: Standing
    sha256: str
    entries: int
    new: list[str]
    changed: list[str]
    removed: list[str]
    counts: dict[str, int]
    notes: tuple[Note, ...]


def list_entries(
    rapport: Rapport, actor: Actor, kind: Kind, search: str = "", after: int = 0, limit: int = 50
) -> EntryPage:
    """One page. `search`: part of id, title, kind, skills or description. Raises NotAllowed."""
    require_member(actor)
    part = search.strip().casefold()
    with rapport.database.read(actor.organisation_id) as work:
        row = _row(work, kind)
        if row is None:
            found = [
                (number, entry.line)
                for number, entry in enumerate(_shipped(kind), 1)
                if number > after and part in entry.words
            ][: limit + 1]
        else:
            entry = CatalogueEntry
            own = (entry.catalogue_id == row.id, entry.position > after)
            query = select(entry.position, entry.line).where(*own).order_by(entry.position)
            if part:
                query = query.where(entry.words.contains(part, autoescape=True))
            found = [(number, line) for number, line in work.session.execute(query.limit(limit + 1))]
        page = found[:limit]
        return EntryPage(
            _standing(kind, row), [line for _, line in page], page[-1][0] if len(found) > limit else None
        )


def preview_import(
    rapport: Rapport, actor: Actor, kind: Kind, content: bytes, form: Format | None = None
) -> Changes:
    """What the file would change; nothing is. Raises NotAllowed, NotACatalogue or NotCompetencies with every
    place that is wrong.
    """
    require_role(actor, Action.manage_settings, Thing.settings)
    listing = read_listing(kind, content, form)
    with rapport.database.read(actor.organisation_id) as work:
        return _changes(work, kind, listing)


def apply_import(
    rapport: Rapport, actor: Actor, kind: Kind, content: bytes, seen: str | None, form: Format | None = None
) -> Changes:
    """The file takes the place of the list; a worker makes it ready for search.

    `seen`: the digest of the list that the preview was made against. Raises as that, VersionChanged.
    """
    require_role(actor, Action.manage_settings, Thing.settings)
    listing = read_listing(kind, content, form)
    with rapport.database.write(actor.organisation_id) as work:
        row = _locked(work, kind, seen)
        changes = _changes(work, kind, listing)
        if row is not None and row.sha256 == changes.sha256:
            return changes
        _replace(work, kind, row, listing, changes.sha256)
        _note(rapport, work, actor, "import", kind, changes.counts)
    return changes


def remove_list(rapport: Rapport, actor: Actor, kind: Kind, seen: str | None) -> None:
    """The organisation has no list of its own any more. Raises NotAllowed, VersionChanged."""
    require_role(actor, Action.manage_settings, Thing.settings)
    with rapport.database.write(actor.organisation_id) as work:
        row = _locked(work, kind, seen)
        if row is not None:
            work.session.execute(delete(CatalogueEntry).where(CatalogueEntry.catalogue_id == row.id))
            work.session.delete(row)
            _note(rapport, work, actor, "remove", kind, {"removed": row.entries})


def export_list(rapport: Rapport, actor: Actor, kind: Kind, form: Format) -> bytes:
    """The list as a file, the starter catalogue too. Raises NotAllowed, NotValid."""
    require_member(actor)
    with rapport.database.read(actor.organisation_id) as work:
        own = lines(work, kind) if _row(work, kind) else [entry.line for entry in _shipped(kind)]
    # Without the mark at the beginning Excel takes Chinese in a CSV file for another encoding.
    return write_listing(kind, own, form).encode("utf-8-sig" if form == "csv" else "utf-8")


def resources_named(work: Work, ids: Collection[str]) -> dict[str, Resource]:
    """Those resources by id, as far as the catalogue of today has them."""
    row = _row(work, "resources")
    if row is None:
        return {one.id: one for one in resources_of([one.line for one in starter().entries if one.id in ids])}
    entry = CatalogueEntry
    query = select(entry.line).where(entry.catalogue_id == row.id, entry.entry.in_(ids))
    return {one.id: one for one in resources_of(list(work.session.scalars(query)))}


def _row(work: Work, kind: Kind) -> Catalogue | None:
    return work.session.scalar(work.rows(Catalogue).where(Catalogue.kind == kind))


def _locked(work: Work, kind: Kind, seen: str | None) -> Catalogue | None:
    """The row, while nobody else imports."""
    work.session.get_one(Organisation, work.organisation_id, with_for_update=True)
    row = _row(work, kind)
    if seen is not None and seen != _standing(kind, row).sha256:
        raise VersionChanged("version_changed")
    return row


def _shipped(kind: Kind) -> tuple[Entry, ...]:
    return starter().entries if kind == "resources" else ()


def _standing(kind: Kind, row: Catalogue | None) -> Standing:
    if row is not None:
        return Standing(row.sha256, True, row.entries, row.ready_share, row.reason)
    shipped = len(_shipped(kind))
    return Standing(STARTER if shipped else NOTHING, False, shipped)


def _changes(work: Work, kind: Kind, listing: Listing) -> Changes:
    """Against the organisation's own list: of the starter catalogue nothing stays, so nothing is removed."""
    row = _row(work, kind)
    entry = CatalogueEntry
    query = select(entry.entry, entry.line).where(entry.catalogue_id == (row.id if row else ""))
    before = {row.entry: row.line for row in work.session.execute(query)}
    after = {one.id: one.line for one in listing.entries}
    new = [one for one in after if one not in before]
    changed = [one for one in after if before.get(one, after[one]) != after[one]]
    removed = [one for one in before if one not in after]
    text = "\n".join(one.line for one in listing.entries)
    return Changes(
        _standing(kind, row),
        hashlib.sha256(text.encode()).hexdigest(),
        len(after),
        new[:NAMED],
        changed[:NAMED],
        removed[:NAMED],
        {"new": len(new), "changed": len(changed), "removed": len(removed)},
        listing.notes,
    )


def _replace(work: Work, kind: Kind, row: Catalogue | None, listing: Listing, sha256: str) -> None:
    if row is None:
        row = Catalogue(kind=kind)
    else:
        work.session.execute(delete(CatalogueEntry).where(CatalogueEntry.catalogue_id == row.id))
    row.sha256, row.entries, row.updated_at = sha256, len(listing.entries), work.now
    row.ready_share, row.reason = 0.0, None
    work.add(row)
    owner = {"organisation_id": work.organisation_id, "catalogue_id": row.id}
    for first in range(0, len(listing.entries), BATCH):
        rows = [
            {
                **owner,
                "id": new_id(),
                "position": number,
                "entry": one.id,
                "line": one.line,
                "words": one.words,
            }
            for number, one in enumerate(listing.entries[first : first + BATCH], first + 1)
        ]
        work.session.execute(insert(CatalogueEntry), rows)


def _note(
    rapport: Rapport, work: Work, actor: Actor, action: str, kind: Kind, counts: dict[str, int]
) -> None:
    work.audit(actor.person_id, action, "catalogue", actor.organisation_id, {"kind": kind, **counts})
    rapport.queue.enqueue_shelf(work)
