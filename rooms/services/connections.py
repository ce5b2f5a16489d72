"""Video connections: how the office meets by video; secrets go in and never come out again."""

import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from planner.access import Actor, Can, must
from planner.services import audit, edits, links
from rooms.models import Connection


@transaction.atomic
def save(
    connection: Connection, *, values: Mapping[str, Any], secrets: Mapping[str, str] | None = None, by: Actor
) -> Connection:
    """The connection, new or changed; `secrets` replace the kept ones, None leaves them. Raises NotAllowed."""
    must(by, Can.ADMINISTER)
    action = "connection.changed" if connection.pk else "connection.added"
    connection = edits.written(connection, values, action=action, by=by)
    if secrets is not None:
        connection.secrets = links.sealed(json.dumps(dict(secrets)).encode())
        connection.save(update_fields=["secrets"])
        audit.record("connection.secrets_set", on=connection, by=by, after={"names": sorted(secrets)})
    return connection


def secrets_of(connection: Connection) -> dict[str, str]:
    """The kept secrets in clear, for the provider's module alone."""
    return dict(json.loads(links.opened(connection.secrets))) if connection.secrets else {}
