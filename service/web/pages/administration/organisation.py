"""The organisation and what it decides for itself."""

from __future__ import annotations

from fastapi import Response

from service.domain import organisation_settings
from service.domain.retention import Policy
from service.usecases import organisation
from service.usecases.fingerprint import fingerprint
from service.web.deps import RapportDep
from service.web.pages.administration.desk import DeskDep, section
from service.web.pages.choices import LANGUAGES, TAGS, time_zones
from service.web.templating import texts

router = section("/organisation")


@router.get("")
def settings(desk: DeskDep, rapport: RapportDep) -> Response:
    """Every setting with its default and its bound."""
    row = organisation.read_organisation(rapport, desk.actor)
    return desk.page(
        "organisation",
        "organisation",
        row=row,
        seen=fingerprint(row),
        settings=organisation_settings.read(row.settings),
        terms=organisation_settings.DAYS,
        usual=Policy(),
        most=organisation_settings.WORDING_MOST,
        shipped={key: texts().say("consent.wording", key) for key, _ in LANGUAGES},
        host=rapport.hosting.model_host,
        languages=LANGUAGES,
        tags=TAGS,
        zones=time_zones(),
    )
