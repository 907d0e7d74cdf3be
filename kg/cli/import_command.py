"""``sarcoma-kg import``: bring in what other databases state, each in a graph of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import typer

from kg.base import build, choose_base
from kg.cli.display import print_note, shown_progress
from kg.cli.import_display import print_outcome, shown_import, table_of
from kg.cli.import_options import (
    Attribution,
    Download,
    DownloadFrom,
    Files,
    Licence,
    Listed,
    Name,
    OnlyMatched,
    Query,
    Remove,
    Retrieved,
    SourceAddress,
    Strict,
    Title,
    To,
    Version,
    WithBuild,
)
from kg.cli.options import Data, Home
from kg.importing.folder import find_imports
from kg.importing.importer import Asked, Importer
from kg.importing.importers import IMPORTERS, choose_importer
from kg.importing.keeping import FolderTarget, HomeTarget, Target, remove_import
from kg.importing.ordering import make_order
from kg.importing.run import Options, Order, run_import
from kg.settings import Settings, SettingsError, read_settings
from kg.shipped import Shipped, find_shipped

__all__ = ["EXAMPLES", "import_"]

_NAMES = "\n".join(f"  {each.name:<18}{each.help}" for each in IMPORTERS)
EXAMPLES = f"""\b
Names:
{_NAMES}
  any other         a set of your own: RDF, OWL, OBO, OBO Graphs or SSSOM files

\b
Examples:
  sarcoma-kg import civic nightly-ClinicalEvidenceSummaries.tsv --only-matched
  sarcoma-kg import my-terms terms.obo --title 'Terms of my hospital'
"""


def import_(
    name: Name = None,
    files: Files = None,
    *,
    download: Download = False,
    query: Query = None,
    download_from: DownloadFrom = None,
    only_matched: OnlyMatched = False,
    strict: Strict = False,
    with_build: WithBuild = True,
    to: To = None,
    retrieved: Retrieved = None,
    version: Version = None,
    title: Title = None,
    source: SourceAddress = None,
    licence: Licence = None,
    attribution: Attribution = None,
    listed: Listed = False,
    remove: Remove = False,
    home: Home = None,
    data: Data = None,
) -> None:
    """Import files of another database, and build with them.

    What they state goes into a named graph of its own, never among the claims of the source
    documents. Records that cannot be read, break a rule or come twice are left out, counted and
    listed. The same command goes on where one was cut off. The same files again change nothing.
    Prints the id of the snapshot.
    """
    settings, shipped = read_settings(home=home, data=data), find_shipped()
    if listed:
        typer.echo(table_of(find_imports(settings.home, shipped)), nl=False)
        return
    chosen = _named(name)
    if remove:
        _remove(settings.home, chosen)
    else:
        said = {"title": title, "source": source, "licence": licence, "attribution": attribution}
        asked = _asked(query, download_from, is_download=download)
        importer = _described(chosen, said, has_files=bool(files))
        found = _fetched(importer, settings.home, asked) if download else _given(importer, files)
        options = Options(version, retrieved, only_matched=only_matched, strict=strict)
        sources = {"overlay": settings.data, "home": settings.home}
        order = make_order(importer, found, shipped, options=options, **sources)
        _run(order, FolderTarget(to) if to else HomeTarget(settings.home, chosen))
    if with_build and not to:
        _build(settings, shipped)


def _asked(query: str | None, address: str | None, *, is_download: bool) -> Asked:
    if (query or address) and not is_download:
        raise SettingsError("--query and --from say what to download; give --download too")
    return Asked(query or "", address or "")


def _remove(home: Path, name: str) -> None:
    remove_import(home, name)
    print_note(f"the import {name} is removed from {home}")


def _described(name: str, said: Mapping[str, str | None], *, has_files: bool) -> Importer:
    importer = choose_importer(name, has_files=has_files)
    return importer.described({each: text for each, text in said.items() if text})


def _named(name: str | None) -> str:
    if name is None:
        known = ", ".join(each.name for each in IMPORTERS)
        raise SettingsError(f"which import? Give {known}, or a name for a set of your own")
    return name


def _given(importer: Importer, files: Sequence[Path] | None) -> Sequence[Path]:
    if files:
        return files
    hint = ", or fetch them with --download" if importer.download else ""
    endings = ", ".join(importer.endings)
    raise SettingsError(
        f"{importer.name} needs its files ({importer.help}): give files that end in {endings}, "
        f"or a folder of them{hint}"
    )


def _fetched(importer: Importer, home: Path, asked: Asked) -> Sequence[Path]:
    if importer.download is None:
        have = ", ".join(each.name for each in IMPORTERS if each.download)
        raise SettingsError(
            f"{importer.name} has no download; fetch its files yourself"
            + (f", only {have} has" if have else "")
        )
    with shown_import(importer.name) as progress:
        return importer.download(home / "downloads" / importer.name, progress.say, asked)


def _run(order: Order, target: Target) -> None:
    with shown_import(order.importer.name) as progress:
        outcome = run_import(order, target, progress)
    print_outcome(outcome)


def _build(settings: Settings, shipped: Shipped) -> None:
    with shown_progress(verbose=False) as progress:
        snapshot = build(choose_base(settings, shipped), settings.home, progress=progress)
    typer.echo(snapshot.id)
