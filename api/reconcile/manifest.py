"""The service manifest: what the service is called, offers, and where."""

from __future__ import annotations

from typing import Any

from api.reconcile.extending import SETTINGS
from api.reconcile.limits import LARGEST_BATCH
from api.reconcile.types import thing_types
from kg.namespaces import Namespaces

__all__ = ["PREVIEW_SIZE", "ROOT", "VERSIONS", "describe_service"]

Json = dict[str, Any]
ROOT = "/reconcile"
VERSIONS = ("0.2",)
PREVIEW_SIZE = (430, 300)
"""The pixels of a preview: width and height."""


def describe_service(names: Namespaces, address: str, version: str) -> Json:
    """Return the manifest of the service at an address, as the client wrote it."""
    here = f"{address}{ROOT}"
    width, height = PREVIEW_SIZE
    return {
        "versions": list(VERSIONS),
        "name": "sarcoma-kg",
        "identifierSpace": names.root,
        "schemaSpace": names.ontology,
        "documentation": f"{address}/docs",
        "serviceVersion": version,
        "defaultTypes": [each.described() for each in thing_types()],
        "view": {"url": f"{address}/resource?iri={{{{id}}}}"},
        "feature_view": {"url": f"{here}/feature?id={{{{id}}}}"},
        "preview": {"url": f"{here}/preview?id={{{{id}}}}", "width": width, "height": height},
        "suggest": {each: _suggest(here, each) for each in ("entity", "type", "property")},
        "extend": {
            "propose_properties": {"service_url": here, "service_path": "/properties"},
            "property_settings": list(SETTINGS),
        },
        "batchSize": LARGEST_BATCH,
    }


def _suggest(here: str, what: str) -> Json:
    return {
        "service_url": here,
        "service_path": f"/suggest/{what}",
        "flyout_service_url": here,
        "flyout_service_path": f"/flyout/{what}?id=${{id}}",
    }
