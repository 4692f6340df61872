"""What a file is, told from its first bytes and never from its name.

Signatures: RFC 2361 (WAVE), RFC 9639 (FLAC), RFC 3533 (Ogg), ISO 14496-12 (MP4), RFC 9559 (Matroska),
RFC 4867 (AMR), ISO 11172-3 and 13818-7 (MPEG audio, ADTS), id3.org, AIFF 1.3, CAF, ASF.
"""

from __future__ import annotations

HEAD_BYTES = 4096
"""So many bytes are enough to tell."""

KNOWN = "WAV, FLAC, Ogg, MP3, M4A, MP4, WebM, MKV, AAC, AMR, AIFF, CAF, WMA"
"""For people."""

_ASF = bytes.fromhex("3026b2758e66cf11")
_STARTS = (
    (b"fLaC", "audio/flac"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"#!AMR-WB\n", "audio/amr-wb"),
    (b"#!AMR\n", "audio/amr"),
    (b"caff", "audio/x-caf"),
    (_ASF, "audio/x-ms-wma"),
)
_MP4_BRANDS = {b"M4A ": "audio/mp4", b"M4B ": "audio/mp4", b"qt  ": "video/quicktime"}


def sniff(head: bytes) -> str | None:
    """The media type of a recording with this beginning; None where it is none that is known."""
    if head[:4] in {b"RIFF", b"RF64"} and head[8:12] == b"WAVE":
        return "audio/wav"
    if head[:4] == b"FORM" and head[8:12] in {b"AIFF", b"AIFC"}:
        return "audio/aiff"
    if head[4:8] == b"ftyp":
        return "video/3gpp" if head[8:10] == b"3g" else _MP4_BRANDS.get(head[8:12], "video/mp4")
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return "video/webm" if b"webm" in head[:64] else "video/x-matroska"
    started = next((kind for start, kind in _STARTS if head.startswith(start)), None)
    return started or _mpeg(head)


def _mpeg(head: bytes) -> str | None:
    """A frame of MPEG audio: 11 set bits, then version, layer, rate; ADTS has layer 0."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    version, layer, rate, sampling = head[1] >> 3 & 3, head[1] >> 1 & 3, head[2] >> 4, head[2] >> 2 & 3
    if layer == 0:
        return "audio/aac" if head[1] & 0xF0 == 0xF0 and (head[2] >> 2 & 15) < 13 else None
    return "audio/mpeg" if version != 1 and rate not in {0, 15} and sampling != 3 else None
