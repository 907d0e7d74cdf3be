"""The SPARQL query with the same rows as the list of paths that a question asks for."""

from __future__ import annotations

from api.path_kinds import IMPORTED_KINDS, PathKind, Reach
from api.path_patterns import Patterns, listed
from api.path_question import Choice, PathQuestion

__all__ = ["COLUMNS", "explain"]

COLUMNS = ("kind", "drug", "activeDrug", "through", "target", "family", "histology")
"""The columns of the query; together they tell a path from all others."""

_IS_FAMILY = "EXISTS {{ {0} a :TargetFamily }} || EXISTS {{ {0} :memberOfFamily ?any }}"


def explain(question: PathQuestion, ontology: str) -> str:
    """Return the query of a question; ``ontology`` is the namespace of the ontology.

    >>> query = explain(PathQuestion(drugs=Choice(frozenset({"urn:drug"}))), "urn:o/")
    >>> query.splitlines()[1]
    'SELECT DISTINCT ?kind ?drug ?activeDrug ?through ?target ?family ?histology'
    """
    patterns = Patterns(question, ontology)
    kinds = [kind for kind in PathKind if _is_asked(question, kind)]
    blocks = "\nUNION\n".join(f"{{\n{patterns.block(kind)}\n}}" for kind in kinds)
    blocks = blocks or "FILTER (false)"
    columns = " ".join(f"?{name}" for name in COLUMNS)
    lines = [
        f"PREFIX : <{ontology}>",
        f"SELECT DISTINCT {columns}",
        "WHERE {",
        *_indented(f"{blocks}\n{_nodes(question, patterns)}"),
        "}",
        f"ORDER BY {columns}",
    ]
    return "\n".join(lines) + "\n"


def _is_asked(question: PathQuestion, kind: PathKind) -> bool:
    counts = question.imports != frozenset() if kind in IMPORTED_KINDS else question.takes_documents
    return counts and (not question.kinds or kind in question.kinds)


def _nodes(question: PathQuestion, patterns: Patterns) -> str:
    """Return what is asked of the things along the path, whatever its kind."""
    return "\n".join(
        (
            _drugs(question.drugs),
            _classes(question.classes, patterns),
            _targets(question.targets),
            _families(question.families),
            _reaches(question),
            _histologies(question),
        )
    )


def _drugs(drugs: Choice | None) -> str:
    return f"FILTER (?drug IN ({listed(drugs.iris)}))" if drugs and drugs.iris else ""


def _classes(classes: Choice | None, patterns: Patterns) -> str:
    if classes is None:
        return ""
    wanted = f"FILTER (?of IN ({listed(classes.iris)}))" if classes.iris else ""
    return f"""FILTER (EXISTS {{
  ?member a :DrugClassAssertion ; :aboutDrug ?drug ; :aboutClass ?of .
  {patterns.stated("member")}{wanted}
}} || EXISTS {{
  ?of <http://www.w3.org/2002/07/owl#equivalentClass> ?definition .
  ?drug a ?of . {wanted}
}})"""


def _targets(targets: Choice | None) -> str:
    if targets is None:
        return ""
    if not targets.iris:
        return "FILTER (BOUND(?target))"
    return _on_the_way(
        f"{{0}} IN ({listed(targets.iris)}) || EXISTS {{{{ {{0}} :memberOfFamily ?any "
        f"FILTER (?any IN ({listed(targets.iris)})) }}}}"
    )


def _families(families: Choice | None) -> str:
    if families is None:
        return ""
    if not families.iris:
        return _on_the_way(_IS_FAMILY)
    return _on_the_way(
        f"{{0}} IN ({listed(families.iris)}) || EXISTS {{{{ {{0}} :memberOfFamily ?any "
        f"FILTER (?any IN ({listed(families.iris)})) }}}}"
    )


def _on_the_way(test: str) -> str:
    """Ask something of the target, or of the one that the drug acts through."""
    either = (f"(BOUND({each}) && ({test.format(each)}))" for each in ("?target", "?through"))
    return f"FILTER ({' || '.join(either)})"


def _reaches(question: PathQuestion) -> str:
    tests = {
        Reach.DIRECT: "(BOUND(?target) && !BOUND(?through) && !BOUND(?activeDrug))",
        Reach.INDIRECT: "BOUND(?through)",
        Reach.PRODRUG: "BOUND(?activeDrug)",
    }
    wanted = [test for reach, test in tests.items() if reach in question.reaches]
    return f"FILTER ({' || '.join(wanted)})" if wanted else ""


def _histologies(question: PathQuestion) -> str:
    wanted = question.histologies
    if wanted is None or not wanted.iris:
        return ""
    if question.only_direct:
        return f"FILTER (?histology IN ({listed(wanted.iris)}))"
    iris = wanted.iris | wanted.standing_for
    return f"""FILTER (?histology IN ({listed(iris)}) || EXISTS {{
  ?histology :broaderHistologyTransitive ?wide . FILTER (?wide IN ({listed(iris)}))
}})"""


def _indented(text: str) -> list[str]:
    """Return the lines of a text, each indented by the braces that are open before it."""
    lines, depth = [], 1
    for line in filter(None, (each.strip() for each in text.splitlines())):
        depth_here = depth - (1 if line.startswith("}") else 0)
        lines.append("  " * depth_here + line)
        depth += line.count("{") - line.count("}")
    return lines
