"""The frame of every page: its head with the style, and its end; nothing fetched from elsewhere."""

from __future__ import annotations

from html import escape

__all__ = ["CLOSING", "opening"]

CLOSING = "\n</main>\n</body>\n</html>\n"

_STYLE = """
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


def opening(title: str, *, is_wide: bool = False) -> str:
    """Return a page up to its heading; a wide one is as wide as the window.

    >>> opening("p < .05").splitlines()[-1]
    '<h1>p &lt; .05</h1>'
    """
    shown = escape(title)
    body = '<body class="wide">' if is_wide else "<body>"
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{shown}</title>\n<style>{_STYLE}</style>\n</head>\n{body}\n<main>\n"
        f"<h1>{shown}</h1>\n"
    )
