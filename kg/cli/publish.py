"""``sarcoma-kg publish``: load a snapshot into a SPARQL engine, verify it, make it visible."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import typer

from kg.cli.asked import find_asked, home_asked
from kg.cli.display import print_note
from kg.cli.options import Data, Home, SnapshotPrefix
from kg.cli.publish_display import print_outcome, print_verdict, shown_publication
from kg.cli.publish_options import (
    Compare,
    DryRun,
    Engine,
    Grace,
    GraphStore,
    IsThere,
    Keep,
    Restart,
    TokenFile,
    Union,
    UpdateUrl,
    VerifyAlone,
    WriteFile,
)
from kg.endpoint_address import check_address, without_secret
from kg.problem import Place, Problem, Refused
from kg.publish import Order, Publisher
from kg.publish_addresses import NO_STORE
from kg.publish_credentials import read_credentials
from kg.publish_endpoint import Addresses, Endpoint
from kg.publish_loading import write_quads
from kg.publish_plan import make_plan
from kg.publish_verifying import COMPARED
from kg.settings import Settings, SettingsError, read_settings
from kg.shipped import find_shipped
from kg.snapshot import Snapshot, get_current, hold

__all__ = ["EXAMPLES", "publish"]

EXAMPLES = """\b
Examples:
  sarcoma-kg publish --engine http://127.0.0.1:7878/query
  sarcoma-kg publish --engine http://127.0.0.1:8890/sparql-auth --token-file credentials
"""


def publish(
    *,
    engine: Engine = None,
    update_url: UpdateUrl = None,
    graph_store_url: GraphStore = None,
    token_file: TokenFile = None,
    verify: VerifyAlone = False,
    dry_run: DryRun = False,
    restart: Restart = False,
    write: WriteFile = None,
    loaded: IsThere = False,
    union: Union = True,
    keep: Keep = 1,
    grace: Grace = 300.0,
    compare: Compare = COMPARED,
    home: Home = None,
    data: Data = None,
    snapshot: SnapshotPrefix = None,
) -> None:
    """Load a snapshot into a SPARQL engine, and make it visible.

    Its graphs are loaded under names of their own, so that readers see the former snapshot until
    all is loaded and verified. Interrupted, the same command goes on where it stopped. What the
    engine changes of literals is listed.
    """
    alone = {"--verify": verify, "--write": bool(write), "--dry-run": dry_run}
    _check_together(alone, {"--restart": restart, "--loaded": loaded})
    shipped = find_shipped()
    settings = read_settings(home=home, data=data, token_file=token_file, engine=engine)
    kept = home_asked(settings, shipped)
    asked = find_asked(settings, snapshot, shipped) or get_current(kept)
    if write:
        _write(asked, write, union=union)
        return
    order = Order(asked, kept, keep, grace, compare, restart, loaded, union)
    addresses = _addresses(settings, update_url, graph_store_url)
    credentials = read_credentials(settings)
    with (
        hold(asked),
        shown_publication() as listener,
        Endpoint(addresses, credentials, say=listener.say) as endpoint,
    ):
        publisher = Publisher(order, endpoint, listener)
        if dry_run:
            _print_plan(publisher)
        elif verify:
            _verify(publisher)
        else:
            print_outcome(publisher.publish(), asked.id, publisher.addresses.shown)
    typer.echo(asked.id)


def _check_together(alone: Mapping[str, bool], beside: Mapping[str, bool]) -> None:
    """Refuse flags that change nothing beside each other; raises SettingsError."""
    chosen = [flag for flag, is_given in alone.items() if is_given]
    others = [flag for flag, is_given in beside.items() if is_given and chosen != ["--dry-run"]]
    if len(chosen) > 1 or (chosen and others):
        raise SettingsError(f"{' and '.join((*chosen, *others))} mean nothing together; leave one")


def _addresses(settings: Settings, update: str | None, store: str | None) -> Addresses:
    if settings.engine is None:
        raise SettingsError(
            "publish needs the address of a SPARQL endpoint; give it with --engine URL"
        )
    for address in (update, store):
        if address and address != NO_STORE:
            try:
                check_address(address)
            except ValueError as error:
                shown = without_secret(address)
                raise SettingsError(f"{shown!r} is no address of an engine: {error}") from None
    return Addresses(settings.engine, update, store)


def _write(asked: Snapshot, path: Path, *, union: bool) -> None:
    with hold(asked):
        plan = make_plan(asked, union=union)
        count = write_quads(plan, path)
    print_note(
        f"{count:,} quads in {path}; load them with the engine's own loader, then run "
        "sarcoma-kg publish --loaded"
    )
    typer.echo(asked.id)


def _print_plan(publisher: Publisher) -> None:
    plan, place, visible = publisher.plan, publisher.place, publisher.visible
    print_note(
        f"snapshot {plan.publication.snapshot[:12]}: {len(plan.publication.graphs):,} graphs, "
        f"{plan.publication.quads:,} triples, and {plan.triples - plan.publication.quads:,} in "
        f"{'the graph of all triples and in ' if plan.publication.union else ''}"
        "graphs without what other graphs state too"
    )
    shown = f"snapshot {visible.snapshot[:12]}" if visible else "nothing"
    print_note(f"visible at {publisher.addresses.shown}: {shown}")
    if publisher.is_loaded:
        print_note("all is loaded; it would be verified and made visible")
    else:
        to = publisher.addresses
        print_note(
            f"{plan.triples - (place.triples if place else 0):,} triples would be sent "
            f"to {without_secret(to.store or to.update or to.query)}, then verified and "
            "made visible"
        )
    for entry in publisher.doomed:
        print_note(f"would be removed: snapshot {entry.snapshot[:12]}")


def _verify(publisher: Publisher) -> None:
    verdict = publisher.verify()
    problems = list(verdict.problems)
    visible = publisher.visible
    if visible != publisher.plan.publication:
        shown = f"snapshot {visible.snapshot[:12]}" if visible else "no snapshot"
        problems.append(
            Problem(
                Place(publisher.addresses.shown, 0),
                f"{shown} is visible there, not {publisher.plan.publication.snapshot[:12]}; "
                "publish it, or name the other with --snapshot",
            )
        )
    print_verdict(verdict)
    if problems:
        raise Refused(problems)
