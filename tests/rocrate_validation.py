"""Runs the validator of RO-Crate without a network: for a Python that has it, and rocrate.

``python tests/rocrate_validation.py FOLDER`` prints what is wrong with the crate in a folder. The
context that validators fetch is that of the package rocrate, whose version is a later one.
"""

from __future__ import annotations

import io
import json
import sys
import urllib.request
from email.message import Message
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.response import addinfourl


def main(folder: str) -> None:
    printed, sys.stdout = sys.stdout, sys.stderr
    _use_local_context()
    services, models = (
        import_module(f"rocrate_validator.{name}") for name in ("services", "models")
    )
    result = services.validate(
        services.ValidationSettings(
            rocrate_uri=folder,
            profile_identifier="ro-crate-1.1",
            requirement_severity=models.Severity.RECOMMENDED,
        )
    )
    sys.stdout = printed
    print(json.dumps([f"{each.check.identifier} {each.message}" for each in result.get_issues()]))


def _use_local_context() -> None:
    spec = find_spec("rocrate")
    assert spec is not None
    place = (spec.submodule_search_locations or [])[0]
    context = (Path(place) / "data" / "ro-crate.jsonld").read_bytes()

    def opened(asked: Any, *_: object, **__: object) -> addinfourl:
        head = Message()
        head["Content-Type"] = "application/ld+json"
        return addinfourl(io.BytesIO(context), head, getattr(asked, "full_url", str(asked)), 200)

    def requested(_: object, method: str, url: str, **__: object) -> Any:
        made = import_module("requests").Response()
        made.status_code, made.url, made.reason = 200, url, method
        made.headers["Content-Type"] = "application/ld+json"
        made.raw = io.BytesIO(context)
        return made

    urllib.request.urlopen = opened  # type: ignore[assignment]
    import_module("rdflib._networking").urlopen = opened  # type: ignore[attr-defined]
    import_module("requests").Session.request = requested
    import_module("requests_cache").CachedSession.request = requested


if __name__ == "__main__":
    main(sys.argv[1])
