"""What a service description must be, as the W3C's validator of descriptions checks it."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import NamedNode, Quad, QueryBoolean, Store, Triple

__all__ = ["broken_rules"]

_SD = "http://www.w3.org/ns/sparql-service-description#"
_OF_A_SERVICE = [
    "endpoint",
    "feature",
    "defaultEntailmentRegime",
    "defaultSupportedEntailmentProfile",
    "extensionFunction",
    "extensionAggregate",
    "languageExtension",
    "supportedLanguage",
    "propertyFeature",
    "defaultDataset",
    "availableGraphs",
    "resultFormat",
    "inputFormat",
]
_OF_A_NAMED_GRAPH = ["entailmentRegime", "supportedEntailmentProfile", "name", "graph"]


def _typed(kind: str, *, subjects: Iterable[str] = (), objects: Iterable[str] = ()) -> str:
    """Return a question for a node that some property makes a ``kind``, and no type does."""
    patterns = [f"{{ ?node sd:{each} ?any }}" for each in subjects]
    patterns += [f"{{ ?any sd:{each} ?node }}" for each in objects]
    return f"ASK {{ {' UNION '.join(patterns)} MINUS {{ ?node a sd:{kind} }} }}"


# The second and the third are required (the first is that there is RDF at all), the rest advised.
_BROKEN = {
    "has-endpoint-triple": "ASK { FILTER NOT EXISTS { ?service sd:endpoint $endpoint } }",
    "conforms-to-schema": "ASK { ?graph a sd:NamedGraph MINUS { ?graph sd:name ?name } }",
    "typed-service": _typed("Service", subjects=_OF_A_SERVICE),
    "typed-dataset": _typed("Dataset", subjects=["defaultGraph"], objects=["defaultDataset"]),
    "typed-named-graph": _typed("NamedGraph", subjects=_OF_A_NAMED_GRAPH, objects=["namedGraph"]),
    "typed-graph": _typed("Graph", objects=["defaultGraph", "graph"]),
    "recognized-language": "ASK { ?service sd:supportedLanguage ?language FILTER (?language NOT IN "
    "(sd:SPARQL10Query, sd:SPARQL11Query, sd:SPARQL11Update)) }",
    "dataset-with-graph": "ASK { ?set a sd:Dataset MINUS { ?set sd:defaultGraph ?graph } "
    "MINUS { ?set sd:namedGraph ?graph } }",
    "one-endpoint": "ASK { ?service sd:endpoint ?one, ?two FILTER (?one != ?two) }",
    "nothing-unknown": "ASK { ?any ?property ?value FILTER (STRSTARTS(STR(?property), STR(sd:)) && "
    f"?property NOT IN ({', '.join(f'sd:{each}' for each in (*_OF_A_SERVICE, *_OF_A_NAMED_GRAPH))},"
    " sd:defaultGraph, sd:namedGraph)) }",
}


def broken_rules(description: Iterable[Triple], endpoint: str) -> list[str]:
    """Return the names of the rules that a description breaks."""
    store = Store()
    store.extend(Quad(each.subject, each.predicate, each.object) for each in description)
    broken = []
    for rule, question in _BROKEN.items():
        query = question.replace("$endpoint", str(NamedNode(endpoint)))
        answer = store.query(query, prefixes={"sd": _SD})
        assert isinstance(answer, QueryBoolean)
        if answer:
            broken.append(rule)
    return broken
