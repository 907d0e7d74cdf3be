"""The frame of pages that come in pieces: their head and their end, plain or those of a server."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

__all__ = ["PLAIN", "STYLE", "TITLE", "Frame"]

TITLE = "\ue000"
"""Stands for the title in the head of a frame: a character for private use, in no other text."""

_LINKED = ("http://", "https://")
_PLAIN_PATH = re.compile(r"\w[\w-]*(?:/\w[\w.-]*)+", re.ASCII)

STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
body.wide { max-width: none; }
main { overflow-wrap: anywhere; }
code, pre { font-family: ui-monospace, monospace; font-size: 0.9em; }
pre { overflow-x: auto; padding: 0.75rem; border: 1px solid #8886; border-radius: 0.25rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 0.25rem 0.75rem 0.25rem 0; }
th { border-bottom: 1px solid #8888; }
th { overflow-wrap: normal; }
@media (max-width: 40rem) {
  table { display: block; overflow-x: auto; }
  td { min-width: 5rem; }
}
small { opacity: 0.75; }
textarea { font: 0.9em/1.4 ui-monospace, monospace; width: 100%; box-sizing: border-box; }
nav ul { columns: 20rem; padding-left: 1rem; }
.note { border-left: 0.25rem solid #c60; padding: 0.25rem 0.75rem; }
"""


@dataclass(frozen=True)
class Frame:
    """What stands before and after the content of a page, with TITLE in place of its title.

    ``root`` is the namespace of the IRIs that the server of the page answers for itself; ``again``
    is the address of its editor.
    """

    head: str
    foot: str
    root: str = ""
    again: str = ""

    def opening(self, title: str) -> str:
        """Return a page up to its heading.

        >>> PLAIN.opening("p < .05").splitlines()[-1]
        '<h1>p &lt; .05</h1>'
        """
        return self.head.replace(TITLE, escape(title))

    def address(self, iri: str) -> str | None:
        """Return where an IRI is to be read: at the server, elsewhere by HTTP, or nowhere.

        >>> frame = Frame("", "", root="https://example.org/")
        >>> frame.address("https://example.org/drug/a"), frame.address("HTTPS://other.org/")
        ('/drug/a', 'HTTPS://other.org/')
        >>> frame.address("https://example.org//other.org")
        '/resource?iri=https%3A%2F%2Fexample.org%2F%2Fother.org'
        >>> frame.address("javascript:alert(1)") is None
        True
        """
        if self.root and iri.startswith(self.root):
            path = iri.removeprefix(self.root)
            plain = _PLAIN_PATH.fullmatch(path)
            return f"/{path}" if plain else f"/resource?iri={quote(iri, safe='')}"
        return iri if iri.lower().startswith(_LINKED) else None


PLAIN = Frame(
    '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    f"<title>{TITLE}</title>\n<style>{STYLE}</style>\n</head>\n"
    f'<body class="wide">\n<main>\n<h1>{TITLE}</h1>\n',
    "\n</main>\n</body>\n</html>\n",
)
"""A page that stands alone: its style is in it, and nothing is fetched from anywhere."""
