"""The frame of every page of the server, and the templates within it: everything is escaped."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from api.assets.shelf import Assets, installed_assets
from api.version import find_version
from kg.html_page import STYLE

__all__ = ["DISCLAIMER", "NAVIGATION", "POLICY", "framed", "render", "render_part"]

DISCLAIMER = (
    "This is a research tool, not medical advice. It reports what a few documents of 2007 to 2021 "
    "state, with the place of each statement; medicine has moved on since."
)

NAVIGATION = (
    ("/explore", "Explore"),
    ("/compare", "Compare"),
    ("/contradictions", "Contradictions"),
    ("/sparql", "SPARQL"),
    ("/ontology", "Ontology"),
    ("/docs", "API"),
    ("/downloads", "Downloads"),
)
"""The pages that every page leads to."""

_PLAIN = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        f"style-src 'self' 'sha256-{_PLAIN}'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""What a page may load and do: our own files, no script or style within it but the plain one."""


def render(
    template: str,
    title: str,
    *,
    here: str = "",
    snapshot: str = "",
    scripts: Iterable[str] = (),
    styles: Iterable[str] = (),
    is_wide: bool = False,
    title_shown: bool = True,
    assets: Assets | None = None,
    **values: object,
) -> bytes:
    """Return a page: a template that extends ``frame.html``, with its values.

    ``here`` is the address in the navigation that the page stands at; ``scripts`` and ``styles``
    are names of assets beyond those of every page; ``values`` are what the template asks for,
    escaped there. A name that the template does not get is an error.

    >>> b"<h1>p &lt; .05</h1>" in render("frame.html", "p < .05", body="")
    True
    """
    shelf = installed_assets() if assets is None else assets
    text = (
        _environment()
        .get_template(template)
        .render(
            title=title,
            here=here,
            snapshot=snapshot,
            scripts=tuple(scripts) if shelf else (),
            styles=tuple(styles) if shelf else (),
            is_wide=is_wide,
            title_shown=title_shown,
            assets=shelf,
            plain_style=Markup(STYLE),  # noqa: S704 - our own text
            navigation=NAVIGATION,
            disclaimer=DISCLAIMER,
            version=find_version(),
            **values,
        )
    )
    return text.encode()


def render_part(template: str, **values: object) -> bytes:
    """Return a part of a page without the frame, for a script that puts it in its place."""
    return _environment().get_template(template).render(**values).encode()


def framed(title: str, body: Iterable[str], **frame: object) -> bytes:
    """Return a page whose body is HTML already, each part of it escaped.

    >>> b"<p>seen</p>" in framed("A page", ["<p>seen</p>"])
    True
    """
    written = Markup("\n".join(body))  # noqa: S704 - HTML by contract
    return render("frame.html", title, body=written, **frame)  # type: ignore[arg-type]


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("api.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
