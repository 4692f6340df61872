"""Settings of the service, from the variables that service/settings reads. One folder holds everything on a
laptop; on many machines each part has its address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from models.language_model import LanguageModel
from service.errors import WrongUsage

MIB = 1024 * 1024
BASE_URL = "http://127.0.0.1:8000"
CALLBACK = "/api/v1/single-sign-on/callback"
"""Where the provider of single sign-on sends people back to."""


@dataclass(frozen=True, slots=True)
class Hosting:
    """What the operator decides about the service."""

    data_dir: Path
    """RAPPORT_DATA: folder of database, blobs and keys where no other address is given (a path)."""

    database_url: str
    """RAPPORT_DATABASE: address of the database, SQLite or PostgreSQL (a URL of SQLAlchemy)."""

    blobs: str
    """RAPPORT_BLOBS: a folder, or s3://bucket/prefix, for encrypted recordings and documents."""

    keys: str
    """RAPPORT_KEYS: a folder, or s3://bucket/prefix, for wrapped keys: outside database and backups."""

    s3: Mapping[str, str] = field(default_factory=dict, repr=False)
    """RAPPORT_S3_ENDPOINT, RAPPORT_S3_REGION, RAPPORT_S3_KEY, RAPPORT_S3_SECRET: the S3-compatible store."""

    master_key: str | None = field(default=None, repr=False)
    """RAPPORT_MASTER_KEY: the master key itself (a Tink keyset as JSON)."""

    master_key_file: Path | None = None
    """RAPPORT_MASTER_KEY_FILE: a file that holds it, readable by its owner only. Default with
    SQLite: secrets/master.key in the data folder, made at the first start.
    """

    master_key_command: str | None = None
    """RAPPORT_MASTER_KEY_COMMAND: a command that prints it (split as a shell would, run without one)."""

    base_url: str = BASE_URL
    """RAPPORT_BASE_URL: where people reach the service (a URL); its host is the only one accepted."""

    max_upload_bytes: int = 2048 * MIB
    """RAPPORT_MAX_UPLOAD_MIB: the largest recording (MiB, 1 to 1,000,000)."""

    quota_bytes: int = 100 * 1024 * MIB
    """RAPPORT_QUOTA_MIB: what the recordings of one organisation may take together (MiB)."""

    smtp_url: str | None = field(default=None, repr=False)
    """RAPPORT_SMTP: where mail goes, smtp://user:password@host:port or smtps://... None: mail waits."""

    mail_from: str = "rapport@localhost"
    """RAPPORT_MAIL_FROM: the sender of mail (an address)."""

    oidc_issuer: str | None = None
    """RAPPORT_OIDC_ISSUER: the OpenID Connect provider (a URL). RAPPORT_OIDC_CLIENT, RAPPORT_OIDC_SECRET: our
    registration there. RAPPORT_OIDC_GROUPS: roles by group, "rapport-admins=admin,people-team=hr".
    """

    oidc_client: str | None = None
    oidc_secret: str | None = field(default=None, repr=False)
    oidc_groups: Mapping[str, str] = field(default_factory=dict)

    metrics_token: str | None = field(default=None, repr=False)
    """RAPPORT_METRICS_TOKEN: the bearer token that /metrics asks for. None: only from this machine."""

    audit_heads: Path = Path("audit-heads.jsonl")
    """RAPPORT_AUDIT_HEADS: file to which the heads of the audit chains are appended every day: best where no
    one who can write to the database can write too. Default: audit-heads.jsonl in the data folder.
    """

    tone_hints: bool = True
    """Whether drafts hold hints on wording (RAPPORT_TONE_HINTS in service/settings)."""

    draft_model: str | None = None
    """The language model that writes drafts (RAPPORT_DRAFTS and RAPPORT_LLM_MODEL in service/settings). None:
    the rules that ship.
    """

    model_host: str | None = None
    """The machine elsewhere on which the language model of drafts runs, which consent has to name
    (RAPPORT_DRAFTS and RAPPORT_LLM_ENDPOINT in service/settings). None: no text leaves this machine.
    """

    node: str = ""
    """RAPPORT_NODE: name of this process among all, stable across restarts; web processes add "-web" to it.
    Default: host name and kind.
    """

    @property
    def is_laptop(self) -> bool:
        """Whether one machine does everything: SQLite."""
        return self.database_url.startswith("sqlite:")

    @property
    def own_master_key(self) -> Path:
        """Where a laptop keeps the master key that it made."""
        return self.data_dir / "secrets" / "master.key"

    @property
    def master_key_path(self) -> Path:
        """The file of the master key. Raises WrongUsage where a setting or a command gives it."""
        if self.master_key or self.master_key_command:
            raise WrongUsage("master_key_elsewhere")
        if self.master_key_file:
            return self.master_key_file
        if not self.is_laptop:
            raise WrongUsage("no_master_key_set")
        return self.own_master_key

    @property
    def secure(self) -> bool:
        """Whether people reach the service by HTTPS, so that cookies may insist on it."""
        return self.base_url.startswith("https://")


def hosting(environ: Mapping[str, str]) -> Hosting:
    """The settings. Raises WrongUsage for a value that cannot be used."""
    data = Path(environ.get("RAPPORT_DATA") or "~/.local/share/rapport").expanduser().absolute()
    key_file = environ.get("RAPPORT_MASTER_KEY_FILE")
    return Hosting(
        data_dir=data,
        database_url=environ.get("RAPPORT_DATABASE") or f"sqlite:///{data / 'rapport.db'}",
        blobs=environ.get("RAPPORT_BLOBS") or str(data / "blobs"),
        keys=environ.get("RAPPORT_KEYS") or str(data / "keys"),
        s3=_present(environ, "RAPPORT_S3_", ("ENDPOINT", "REGION", "KEY", "SECRET")),
        master_key=environ.get("RAPPORT_MASTER_KEY") or None,
        master_key_file=Path(key_file).expanduser() if key_file else None,
        master_key_command=environ.get("RAPPORT_MASTER_KEY_COMMAND") or None,
        base_url=(environ.get("RAPPORT_BASE_URL") or BASE_URL).rstrip("/"),
        max_upload_bytes=_mebibytes(environ, "RAPPORT_MAX_UPLOAD_MIB", 2048),
        quota_bytes=_mebibytes(environ, "RAPPORT_QUOTA_MIB", 100 * 1024),
        smtp_url=environ.get("RAPPORT_SMTP") or None,
        mail_from=environ.get("RAPPORT_MAIL_FROM") or "rapport@localhost",
        oidc_issuer=environ.get("RAPPORT_OIDC_ISSUER") or None,
        oidc_client=environ.get("RAPPORT_OIDC_CLIENT") or None,
        oidc_secret=environ.get("RAPPORT_OIDC_SECRET") or None,
        oidc_groups=_pairs(environ.get("RAPPORT_OIDC_GROUPS", "")),
        metrics_token=environ.get("RAPPORT_METRICS_TOKEN") or None,
        audit_heads=Path(environ.get("RAPPORT_AUDIT_HEADS") or data / "audit-heads.jsonl").expanduser(),
        tone_hints=has_tone_hints(environ),
        draft_model=environ.get("RAPPORT_LLM_MODEL") or None if drafts_by_model(environ) else None,
        model_host=_model_host(environ),
        node=environ.get("RAPPORT_NODE", ""),
    )


def has_tone_hints(environ: Mapping[str, str]) -> bool:
    """Whether RAPPORT_TONE_HINTS leaves hints on wording in drafts."""
    return environ.get("RAPPORT_TONE_HINTS", "").strip().lower() != "off"


def drafts_by_model(environ: Mapping[str, str]) -> bool:
    """Whether RAPPORT_DRAFTS has a language model write drafts."""
    return environ.get("RAPPORT_DRAFTS", "").strip().lower() == "llm"


def _model_host(environ: Mapping[str, str]) -> str | None:
    if not drafts_by_model(environ) or not environ.get("RAPPORT_LLM_MODEL"):
        return None
    return LanguageModel("", environ.get("RAPPORT_LLM_ENDPOINT")).host


def _present(environ: Mapping[str, str], prefix: str, names: tuple[str, ...]) -> dict[str, str]:
    return {name.lower(): environ[prefix + name] for name in names if environ.get(prefix + name)}


def _mebibytes(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name) or str(default)
    if not text.isdecimal() or not 1 <= int(text[:9]) <= 1_000_000:
        raise WrongUsage("bad_number", name=name, value=text, least=1, most=1_000_000)
    return int(text) * MIB


def _pairs(text: str) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in text.split(",") if pair.strip()]
    return {left.strip(): right.strip() for left, _, right in pairs}
