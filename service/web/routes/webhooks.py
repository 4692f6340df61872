"""Webhooks, for administrators."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from service.usecases import webhooks
from service.web.bodies.webhooks import NewWebhook, WebhookList, WebhookMade, WebhookSwitch, WebhookView
from service.web.deps import ActorDep, RapportDep

router = APIRouter(prefix="/api/v1/webhooks", tags=["webhooks"])


@router.post("", status_code=201, operation_id="add_webhook")
def add(rapport: RapportDep, actor: ActorDep, body: NewWebhook) -> WebhookMade:
    """Adds an address that is told ids, states and times when a meeting changes its state."""
    hook, key = webhooks.add_webhook(rapport, actor, body.url, body.events)
    return WebhookMade(**WebhookView.model_validate(hook).model_dump(), signing_key=key)


@router.get("", operation_id="list_webhooks")
def all_of_them(rapport: RapportDep, actor: ActorDep) -> WebhookList:
    """All webhooks, oldest first."""
    found = webhooks.list_webhooks(rapport, actor)
    return WebhookList(items=[WebhookView.model_validate(hook) for hook in found])


@router.patch("/{webhook_id}", operation_id="switch_webhook")
def switch(
    rapport: RapportDep, actor: ActorDep, webhook_id: Annotated[str, Path(max_length=36)], body: WebhookSwitch
) -> WebhookView:
    """Turns a webhook on or off."""
    return WebhookView.model_validate(webhooks.switch_webhook(rapport, actor, webhook_id, body.active))
