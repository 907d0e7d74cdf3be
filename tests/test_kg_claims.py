from __future__ import annotations

from pyoxigraph import Quad, RdfFormat, parse

from kg.claims import NOT_PRINTED, Statement, find_text_digests, find_text_lengths, read_claims
from kg.passages import Passage, Range

RECORD = """
PREFIX : <https://w3id.org/sarcoma-kg/ontology/>
PREFIX study: <https://w3id.org/sarcoma-kg/study/>
PREFIX document: <https://w3id.org/sarcoma-kg/document/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
document:d :textSha256 "abc" ; :textLength 900 .
study:s :numberOfPatients 77 .
<https://w3id.org/sarcoma-kg/study/s/result/a> :ofStudy study:s ;
    :responders 5 ; :percent 15.5 ; :asOf "2007"^^xsd:gYear ; :months 8.1 ; :population "of 99" ;
    :pAsPrinted "P < .05" ;
    :startDate "2017-02-11"^^xsd:date ;
    :dose <https://w3id.org/sarcoma-kg/study/s/result/a/dose/1> ;
    :passage <https://w3id.org/sarcoma-kg/study/s/result/a/passage> .
<https://w3id.org/sarcoma-kg/study/s/result/a/dose/1> :amount 75.0 ; :order 1 ; :asPrinted "75 mg" .
<https://w3id.org/sarcoma-kg/study/s/result/a/passage> :inDocument document:d ; :sha256 "ff" ;
    :section "Docetaxel" ; :citationNumber "3" ;
    :range <https://w3id.org/sarcoma-kg/study/s/result/a/passage/range/1> ,
        <https://w3id.org/sarcoma-kg/study/s/result/a/passage/range/2> .
<https://w3id.org/sarcoma-kg/study/s/result/a/passage/range/1> :order 1 ; :start 50 ; :end 60 .
<https://w3id.org/sarcoma-kg/study/s/result/a/passage/range/2> :order 2 ; :start 10 ; :end 20 .
<https://w3id.org/sarcoma-kg/study/s/result/a/part/b> :evaluable 6 ;
    :passage <https://w3id.org/sarcoma-kg/study/s/result/a/part/b/passage> .
<https://w3id.org/sarcoma-kg/study/s/result/a/part/b/passage> :inDocument document:d .
<https://w3id.org/sarcoma-kg/study/s/result/ab> :evaluable 8 .
"""
A = "https://w3id.org/sarcoma-kg/study/s/result/a"


def graph(text: str = RECORD) -> list[Quad]:
    return list(parse(text, RdfFormat.TURTLE))


def test_a_claim_is_a_node_with_a_passage() -> None:
    assert [claim.iri for claim in read_claims(graph())] == [A, f"{A}/part/b"]


def test_the_passage_has_its_ranges_in_their_order() -> None:
    document = "https://w3id.org/sarcoma-kg/document/d"
    ranges = (Range(50, 60), Range(10, 20))
    assert read_claims(graph())[0].passage == Passage(document, "ff", ranges, "Docetaxel", ("3",))


def test_a_claim_states_its_numbers_and_those_nested_in_it() -> None:
    assert read_claims(graph())[0].numbers == (
        Statement(A, "percent", "15.5"),
        Statement(A, "responders", "5"),
        Statement(A, "startDate", "2017-02-11"),
        Statement(f"{A}/dose/1", "amount", "75.0"),
    )


def test_a_claim_keeps_the_words_that_are_as_printed() -> None:
    assert read_claims(graph())[0].words == (
        Statement(A, "pAsPrinted", "P < .05"),
        Statement(f"{A}/dose/1", "asPrinted", "75 mg"),
    )


def test_a_nested_claim_keeps_its_own_numbers() -> None:
    nested = read_claims(graph())[1]
    assert nested.words == ()
    assert nested.numbers == (Statement(f"{A}/part/b", "evaluable", "6"),)


def test_a_broken_passage_is_read_as_unsound_not_refused() -> None:
    broken = graph(
        "PREFIX : <https://w3id.org/sarcoma-kg/ontology/> <a:b> :passage <a:b/passage> ."
    )
    assert read_claims(broken)[0].passage == Passage("", "", ())
    lost = RECORD.replace(":start 50", ":start 5.5")
    assert read_claims(graph(lost))[0].passage.ranges[0] == Range(-1, 60)


def test_every_exempt_predicate_has_a_reason() -> None:
    assert all(reason for reason in NOT_PRINTED.values())


def test_documents_give_the_digests_and_lengths_of_their_texts() -> None:
    assert find_text_digests(graph()) == {"https://w3id.org/sarcoma-kg/document/d": "abc"}
    assert find_text_lengths(graph()) == {"https://w3id.org/sarcoma-kg/document/d": 900}
