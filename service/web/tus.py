"""Headers of the tus 1.0 protocol (https://tus.io/protocols/resumable-upload)."""

from __future__ import annotations

import base64
import binascii
from email.utils import format_datetime
from typing import Annotated

from fastapi import Header, HTTPException

from service.usecases.uploads import Upload
from service.web.errors import BadRequest
from service.web.incoming import Checksum

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,termination,expiration,checksum"
ALGORITHMS = ("sha1", "sha256", "sha512")
OFFSET_STREAM = "application/offset+octet-stream"


def speaks_tus(tus_resumable: Annotated[str | None, Header(max_length=20)] = None) -> None:
    """Answers 412 to another version of the protocol."""
    if tus_resumable != VERSION:
        raise HTTPException(412, headers={"Tus-Version": VERSION, "Tus-Resumable": VERSION})


def capabilities(most: int) -> dict[str, str]:
    """Headers of the answer to OPTIONS. `most`: bytes of the largest recording."""
    return {
        "Tus-Resumable": VERSION,
        "Tus-Version": VERSION,
        "Tus-Max-Size": str(most),
        "Tus-Extension": EXTENSIONS,
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
    }


def standing(upload: Upload) -> dict[str, str]:
    """Headers that say how far an upload is."""
    found = {"Tus-Resumable": VERSION, "Upload-Offset": str(upload.received), "Cache-Control": "no-store"}
    if upload.received < upload.size_bytes and upload.expires_at is not None:
        found["Upload-Expires"] = format_datetime(upload.expires_at, usegmt=True)
    return found


def metadata(header: str) -> dict[str, str]:
    """The pairs of Upload-Metadata; those we do not know are read and forgotten. Raises BadRequest."""
    found = {}
    for pair in filter(None, header.split(",")):
        key, _, value = pair.strip().partition(" ")
        try:
            found[key] = base64.b64decode(value.encode("ascii"), validate=True).decode("utf-8")
        except (ValueError, binascii.Error) as error:
            raise BadRequest("bad_request") from error
        if "\0" in found[key]:  # a database may not take it
            raise BadRequest("bad_request")
    return found


def kept_metadata(upload: Upload) -> str:
    """Upload-Metadata of what we keep: file names are not."""
    pairs = {"meeting": upload.meeting_id, "track": upload.track or ""}
    return ",".join(
        f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items() if value
    )


def checksum(header: str | None) -> Checksum | None:
    """The checksum of Upload-Checksum. Raises BadRequest for one that we do not know."""
    if header is None:
        return None
    algorithm, _, digest = header.strip().partition(" ")
    if algorithm not in ALGORITHMS:
        raise BadRequest("bad_request")
    try:
        return Checksum(algorithm, base64.b64decode(digest.encode("ascii"), validate=True))
    except (ValueError, binascii.Error) as error:
        raise BadRequest("bad_request") from error
