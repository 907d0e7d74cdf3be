"""Runs the validator of TRAPI on many answers at once: for a Python that has reasoner-validator.

``python tests/trapi_validation.py CHECK SPECIFICATION ANSWER...`` prints, for each answer, the
codes of what is wrong. CHECK is the tool that makes the validator work without a network.
"""

from __future__ import annotations

import json
import runpy
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

Messages = dict[str, dict[str, dict[str, dict[str, Any]]]]


def main(check: str, specification: str, answers: list[str]) -> None:
    sys.argv = [check, specification, answers[0]]
    printed, sys.stdout = sys.stdout, sys.stderr
    # It ends by telling of the first answer, which is validated again below.
    with suppress(SystemExit):
        runpy.run_path(check, run_name="__main__")
    sys.stdout = printed
    print(json.dumps({answer: _codes(specification, answer) for answer in answers}))


def _codes(specification: str, answer: str) -> dict[str, list[str]]:
    # Imported here: the tool replaces parts of it first, and the tests themselves lack it.
    library = import_module("reasoner_validator.validator")
    validator = library.TRAPIResponseValidator(trapi_version=specification, biolink_version="4.4.6")
    content = Path(answer).read_text(encoding="utf-8")
    validator.check_compliance_of_trapi_response(json.loads(content))
    messages: Messages = validator.get_all_messages()
    found: dict[str, list[str]] = {}
    for tests in messages.values():
        for severities in tests.values():
            for severity, codes in severities.items():
                for code, targets in codes.items():
                    found.setdefault(severity, []).append(f"{code} {json.dumps(targets)[:300]}")
    return found


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
