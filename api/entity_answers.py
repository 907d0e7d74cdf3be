"""Descriptions of things as answers: in the format asked for, with a tag, or why there is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.addresses import taken_parts
from api.answers import Services
from api.card_parameters import CARD_PARAMETERS
from api.conditional import asks_for_none, entity_tag, knows, not_modified, tagged
from api.directory import UnknownName
from api.entity_address import Addresses
from api.entity_cache import AnswerCache
from api.entity_codes import find_coded
from api.entity_desk import EntityDesk
from api.entity_formats import choose_format, described_by
from api.entity_fragments import FragmentKeeper
from api.entity_minted import GONE, Minted
from api.entity_missing import Gone
from api.entity_page import Surround, missing_page
from api.html import page as html_page
from api.html import show_page
from api.library import Library
from api.ontology_answers import answer_ontology
from api.ontology_shelf import OntologyShelf
from api.pages.answering import look
from api.pages.desk import PageDesk
from api.pages.thing_page import thing_page
from api.problems import problem_of, show_problem
from api.workshop import engine_from_afar
from kg.formats import Choice, GraphFormat, TableFormat

__all__ = ["EntityAnswers"]

Chosen = Choice[GraphFormat | TableFormat]


class EntityAnswers:
    """Answers about things of the snapshot that is served."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._cache = AnswerCache()
        self._fragments = FragmentKeeper()
        self._minted = Minted(services.names.root, services.shipped)
        self._ontologies = OntologyShelf(services.names, services.shipped)

    async def make(
        self, request: Request, iris: Sequence[str], form: str | None, page: int
    ) -> Response:
        """Return the answer about the first of some names that means something.

        A code of another system leads to the thing that it means: 303.
        ``form`` is the name of a format, which counts more than Accept.
        """
        choice = choose_format(request, form, "the description of a thing")
        library = await self._services.keeper.get()
        if coded := find_coded(iris, library.directory):
            place = self._address(request, coded.iri)
            return RedirectResponse(f"{place}?format={form}" if form else place, 303)
        try:
            return await self._describe(request, iris, choice, page)
        except UnknownName as error:
            near = [(entry.iri, entry.label) for entry in error.near]
            links = [(self._address(request, iri), label) for iri, label in near]
            return _refused(choice, problem_of(request, error), str(error), links)
        except Gone as error:
            problem = show_problem(GONE, str(error), snapshot=error.snapshot)
            return _refused(choice, problem, str(error))

    async def _describe(
        self, request: Request, iris: Sequence[str], choice: Chosen, page: int
    ) -> Response:
        services = self._services
        while True:
            library = await services.keeper.get()
            parts = (choice.media_type, services.settings.report_to or "", look())
            tag = entity_tag(request, library.snapshot, services.version, *parts)
            if knows(request, tag):
                return not_modified(tag)
            if kept := self._cache.find(tag):
                return not_modified(tag) if asks_for_none(request) else kept
            desk = self._desk(library)
            answering = self._answer(desk, request, iris, choice, page)
            async with services.gate.enter(services.client_of(request)):
                answer = await services.workshop.make(answering)
            # Asked from two snapshots it would be a mixture: after a swap it is made anew.
            if services.engine.snapshot.id == library.snapshot:
                break
        if asks_for_none(request):
            return not_modified(tag)
        answer.headers.update(tagged(tag))
        answer.headers["Sarcoma-KG-Snapshot"] = library.snapshot
        self._cache.keep(tag, answer)
        return answer

    def _desk(self, library: Library) -> EntityDesk:
        return EntityDesk(
            library=library,
            engine=engine_from_afar(self._services.engine),
            fragments=self._fragments,
            minted=self._minted,
            prefixes=self._services.names.prefixes,
        )

    async def _answer(
        self, desk: EntityDesk, request: Request, iris: Sequence[str], choice: Chosen, page: int
    ) -> Response:
        addresses = self._addresses(request)
        ontology = await answer_ontology(self._ontologies, desk.engine, iris, choice, addresses)
        if ontology:
            return ontology
        shown = desk.show(await desk.find(iris, page), addresses)
        iri = shown.description.iri
        address = addresses.of(iri) or addresses.query(iri)
        if isinstance(choice.format, TableFormat):
            around = Surround(
                address=address,
                snapshot=desk.library.snapshot,
                report_to=self._services.settings.report_to,
                record=desk.record(iri),
                documentation=await self._documentation(desk, addresses, iri),
                imports=desk.library.paths.imports,
            )
            place = PageDesk(desk.library, desk.engine, address, addresses)
            body = await thing_page(place, shown.sheet, around, _card_parameters(request))
            answer = show_page(body)
        else:
            body = desk.write(shown, choice.format)
            answer = Response(body, headers={"Content-Type": choice.content_type})
        extension = choice.format.extension
        answer.headers.update(described_by(address, iri, extension, following=shown.following))
        return answer

    async def _documentation(self, desk: EntityDesk, addresses: Addresses, iri: str) -> str | None:
        """Return the place of a term in the documentation of the ontology."""
        space = self._services.names.ontology
        ontology = await self._ontologies.find(desk.engine, space)
        if ontology is None or not iri.startswith(space):
            return None
        return f"{addresses.of(ontology.iri)}#{iri.removeprefix(space)}"

    def _address(self, request: Request, iri: str) -> str:
        addresses = self._addresses(request)
        return addresses.of(iri) or addresses.query(iri)

    def _addresses(self, request: Request) -> Addresses:
        root = self._services.names.root
        return Addresses(root, taken=taken_parts(request))


def _card_parameters(request: Request) -> Mapping[str, str]:
    given = request.query_params
    return {name: given[name] for name in CARD_PARAMETERS if given.get(name)}


def _refused(
    choice: Chosen, problem: Response, message: str, near: Iterable[tuple[str, str]] = ()
) -> Response:
    """Return a problem: as it is to programs, as a page to people."""
    if not isinstance(choice.format, TableFormat):
        return problem
    answer = html_page("Nothing is here", missing_page(message, near))
    answer.status_code = problem.status_code
    answer.headers["Cache-Control"] = "no-store"
    return answer
