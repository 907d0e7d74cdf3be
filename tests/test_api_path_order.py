from __future__ import annotations

from path_parts import asked, claim, index_of, result, some

from api.path_order import sort_paths

LABELS = {"imatinib": "Imatinib", "anlotinib": "anlotinib", "gist": "GIST"}
ACTIONS = (
    claim("a1", "DrugTargetAssertion", drug="imatinib", target="kit", action="Inhibition"),
    claim("a2", "DrugTargetAssertion", drug="anlotinib", target="kit", action="Inhibition"),
    claim("p1", "TargetHistologyAssertion", target="kit", histology="gist"),
)
RESULTS = (
    result("e1", "imatinib", "gist", level="Level3"),
    result("e2", "imatinib", "gist", level="Level1", direction="Refutes"),
    result("e3", "doxorubicin", "lms", level="Level4"),
    result("e4", "doxorubicin", "sarcoma", level="Level6"),
    result("e5", "ifosfamide", "sarcoma", level="Level1", comparator="ifosfamide"),
)
INDEX = index_of(*ACTIONS, *RESULTS)


def order(**question: object) -> list[tuple[str, str, str]]:
    choice = asked(INDEX, **question)
    places = sort_paths(choice, choice.paths(), lambda iri: LABELS.get(iri, iri))
    return [(place.path.kind, place.path.drug, place.words[2][1]) for place in places]


def test_kinds_come_first_then_the_strongest_result_for_then_names() -> None:
    assert order() == [
        ("mechanism", "imatinib", "level 3"),
        ("mechanism", "anlotinib", "none"),
        ("tested", "doxorubicin", "level 4"),
        ("tested", "doxorubicin", "level 4"),
        ("tested", "ifosfamide", "none"),
    ]


def test_the_histology_asked_for_goes_before_narrower_ones() -> None:
    choice = asked(INDEX, histologies=some("sarcoma"), drugs=some("doxorubicin"))
    places = sort_paths(choice, choice.paths(), str)
    assert [(place.path.histology, place.words[1]) for place in places] == [
        ("sarcoma", ("match", "direct")),
        ("lms", ("match", "inherited")),
    ]


def test_results_that_are_filtered_out_give_no_level() -> None:
    early = order(drugs=some("imatinib"), documents=frozenset({"review"}))
    assert early == [("mechanism", "imatinib", "level 3")]
    assert [path[2] for path in order(biomarkers=some("none"))] == []


def test_the_order_does_not_depend_on_that_of_the_paths() -> None:
    choice = asked(INDEX)
    paths = list(choice.paths())

    def label(iri: str) -> str:
        return LABELS.get(iri, iri)

    forwards = [place.path for place in sort_paths(choice, paths, label)]
    assert forwards == [place.path for place in sort_paths(choice, paths[::-1], label)]


def test_the_words_name_everything_that_is_sorted_by() -> None:
    choice = asked(INDEX, drugs=some("imatinib"))
    (place,) = sort_paths(choice, choice.paths(), lambda iri: LABELS.get(iri, iri))
    assert place.words == (
        ("kind", "mechanism"),
        ("match", "no histology asked for"),
        ("strongest result for", "level 3"),
        ("drug", "Imatinib"),
        ("histology", "GIST"),
        ("targets", "kit"),
    )
