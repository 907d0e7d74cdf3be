"""The SPARQL patterns that say what a path is; each mirrors what the index does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from api.path_kinds import PathKind
from api.path_question import Choice, PathQuestion

__all__ = ["Patterns", "listed"]

_GIVEN = """{ ?advice :recommends ?drug . ?drug a :Drug }
UNION { ?advice :recommends/:includesDrug ?drug }"""


def listed(iris: Iterable[str]) -> str:
    """Return IRIs as SPARQL lists them.

    >>> listed(["urn:b", "urn:a"])
    '<urn:a>, <urn:b>'
    """
    return ", ".join(str(NamedNode(iri)) for iri in sorted(iris))


@dataclass(frozen=True)
class Patterns:
    """The patterns for a question; ``ontology`` is the namespace of its terms."""

    question: PathQuestion
    ontology: str

    def block(self, kind: PathKind) -> str:
        """Return the pattern of the paths of a kind."""
        blocks = {
            PathKind.MECHANISM: self._mechanism,
            PathKind.TESTED: self._tested,
            PathKind.RECOMMENDED: self._recommended,
            PathKind.RECOMMENDED_CLASS: self._recommended_class,
            PathKind.IN_TRIAL: self._in_trial,
            PathKind.IMPORTED_MECHANISM: self._imported_mechanism,
            PathKind.IMPORTED_TARGET: self._imported_target,
        }
        return f'BIND ("{kind}" AS ?kind)\n{blocks[kind]()}'

    def _mechanism(self) -> str:
        return self._by_part(self._ways())

    def _imported_mechanism(self) -> str:
        return self._by_part(self._imported_ways())

    def _imported_target(self) -> str:
        standing = f"""{self._standing()}
{self._imported_ways()}
FILTER NOT EXISTS {{
  {self._part()}
}}"""
        if self.question.asks_of_tumours:
            return standing
        return f"""{{
  {standing}
}} UNION {{
  {self._imported_ways()}
  FILTER NOT EXISTS {{
    {self._part()}
  }}
  MINUS {{
    {self._standing()}
  }}
}}"""

    def _standing(self) -> str:
        """Return the drugs that the documents test, recommend or try, and the histologies."""
        asked = self.question
        advised, tried = asked.asks_beyond_advice(), asked.asks_beyond_trials()
        pairs = (
            self._tests(),
            f"{self._pairs(self._advice(_GIVEN))}\n{self._asked(advised)}",
            f"{self._pairs(self._advice(self._given_by_class()))}\n{self._asked(advised)}",
            f"{self._pairs(self._uses())}\n{self._asked(tried)}",
        )
        every = "\nUNION\n".join(f"{{\n{each}\n}}" for each in pairs)
        return f"""{{
  SELECT DISTINCT ?drug ?histology
  WHERE {{
    {every}
  }}
}}"""

    def _imported_ways(self) -> str:
        counted = self.question.imports
        of = "" if counted is None else f"FILTER (?import IN ({listed(counted)}))"
        return f"""{{
  SELECT DISTINCT ?drug ?target
  WHERE {{
    GRAPH ?import {{
      ?drug :reportedToInhibit ?target .
      ?says a :ImportedDrugTargetClaim ; :concernsDrug ?drug ; :concernsTarget ?target .
    }} {of}
    ?drug a :Drug . {{ ?target a :MolecularTarget }} UNION {{ ?target a :TargetFamily }}
  }}
}}"""

    def _by_part(self, ways: str) -> str:
        over = f"""?named a :TargetHistologyAssertion ; :aboutHistology ?histology ;
    :aboutBiomarker ?marker . {self.stated("named")} {self._marker()}"""
        named = f"""(BOUND(?family) && EXISTS {{
  {over} ?named :aboutTarget ?family .
}}) || (!BOUND(?family) && EXISTS {{
  {over} ?named :aboutTarget ?target .
}}) || (!BOUND(?family) && EXISTS {{
  ?marker :alterationOf ?target . {self._marker()}
  ?named a :BiomarkerAssertion ; :biomarkerRole :Characterises ; :aboutBiomarker ?marker ;
    :aboutHistology ?histology . {self.stated("named")}
}})"""
        return f"""{ways}
{self._part()}
{self._asked(self.question.asks_of_results)}
{self._names_biomarker(named)}"""

    def _tests(self) -> str:
        return f"""{{
  SELECT DISTINCT ?drug ?histology
  WHERE {{
    ?result a :EvidenceItem ; :aboutDrug ?drug ; :aboutHistology ?histology .
    {self._result("result")}
  }}
}}"""

    def _tested(self) -> str:
        return f"""{self._tests()}
OPTIONAL {{
  {self._ways()}
}}
FILTER (!BOUND(?target) || NOT EXISTS {{
  {self._part()}
}})"""

    def _recommended(self) -> str:
        return self._over_all_ways(self._advice(_GIVEN), self.question.asks_beyond_advice())

    def _recommended_class(self) -> str:
        given = self._given_by_class()
        return self._over_all_ways(self._advice(given), self.question.asks_beyond_advice())

    def _given_by_class(self) -> str:
        return f"""{{ ?advice :recommendsClass ?class }}
UNION {{ ?advice :recommends/:includesClass ?class }}
?membership a :DrugClassAssertion ; :aboutClass ?class ; :aboutDrug ?drug .
{self.stated("membership")}
FILTER NOT EXISTS {{
  ?inner a :DrugClassAssertion ; :aboutClass ?narrow . FILTER (?narrow != ?class)
  FILTER NOT EXISTS {{
    ?within a :DrugClassAssertion ; :aboutClass ?narrow ; :aboutDrug ?member .
    FILTER NOT EXISTS {{ ?both a :DrugClassAssertion ; :aboutClass ?class ; :aboutDrug ?member }}
  }}
  ?wider a :DrugClassAssertion ; :aboutClass ?class ; :aboutDrug ?further .
  FILTER NOT EXISTS {{ ?same a :DrugClassAssertion ; :aboutClass ?narrow ; :aboutDrug ?further }}
}}"""

    def _advice(self, given: str) -> str:
        asked = self.question
        return f"""?advice a :Recommendation ; :aboutHistology ?histology . {self.stated("advice")}
{given}
{self._terms("advice", ":line", asked.lines)}{self._terms("advice", ":treatmentMode", asked.modes)}
{self._names_biomarker(f"EXISTS {{ ?advice :aboutBiomarker ?marker . {self._marker()} }}")}"""

    def _in_trial(self) -> str:
        return self._over_all_ways(self._uses(), self.question.asks_beyond_trials())

    def _uses(self) -> str:
        asked = self.question
        named = f"EXISTS {{ ?trial :assessesBiomarker ?marker . {self._marker()} }}"
        outcome = self._terms("trial", "^:outcomeOf/:endpoint", asked.endpoints)
        return f"""?trial a :ClinicalTrial ; :includesHistology|:condition ?histology .
{self.stated("trial")}
?group :armOf|:interventionOf ?trial ; :givesDrug ?drug .
FILTER (EXISTS {{ ?trial a :RegisteredTrial }} || NOT EXISTS {{
  ?report a :EvidenceItem ; :ofStudy ?trial ; :aboutDrug ?drug
}})
{self._terms("trial", ":phase", asked.phases)}{self._terms("group", ":treatmentMode", asked.modes)}
{outcome}{self._names_biomarker(named)}"""

    def _pairs(self, reason: str) -> str:
        return f"""{{
  SELECT DISTINCT ?drug ?histology
  WHERE {{
    {reason}
  }}
}}"""

    def _over_all_ways(self, reason: str, asks_beyond: bool) -> str:
        return f"""{self._pairs(reason)}
OPTIONAL {{
  {self._ways()}
}}
{self._asked(asks_beyond)}"""

    def _ways(self) -> str:
        acts = f""":aboutTarget ?target . {self.stated("acts")}
    OPTIONAL {{ ?acts :throughTarget ?through }}"""
        return f"""{{
  SELECT DISTINCT ?drug ?activeDrug ?through ?target
  WHERE {{
    {{
      ?acts a :DrugTargetAssertion ; :aboutDrug ?drug ; {acts}
    }} UNION {{
      ?relation a :DrugRelationAssertion ; :drugRelation :ProdrugRelation ;
        :aboutDrug ?drug ; :relatedDrug ?activeDrug . {self.stated("relation")}
      ?acts a :DrugTargetAssertion ; :aboutDrug ?activeDrug ; {acts}
    }}
  }}
}}"""

    def _part(self) -> str:
        part = f"""?part a :TargetHistologyAssertion ; :aboutHistology ?histology .
  {self.stated("part")}"""
        return f"""{{
  {part} ?part :aboutTarget ?target .
}} UNION {{
  ?target :memberOfFamily ?family .
  {part} ?part :aboutTarget ?family .
}} UNION {{
  ?biomarker :alterationOf ?target .
  ?part a :BiomarkerAssertion ; :biomarkerRole :Characterises ; :aboutBiomarker ?biomarker ;
    :aboutHistology ?histology . {self.stated("part")}
}}"""

    def _asked(self, is_asked: bool) -> str:
        return f"FILTER ({self._has_result()})" if is_asked else ""

    def _names_biomarker(self, named: str) -> str:
        if self.question.biomarkers is None:
            return ""
        under_drug = f"""EXISTS {{
  ?about a :BiomarkerAssertion ; :aboutDrug ?drug ; :aboutHistology ?histology ;
    :aboutBiomarker ?marker . {self.stated("about")} {self._marker()}
}}"""
        return f"FILTER ({named} || {under_drug} || {self._has_result()})"

    def _has_result(self) -> str:
        of = ":aboutHistology" if self.question.only_direct else ":relevantToHistology"
        return f"""EXISTS {{
  ?drug :hasEvidence ?shown . ?shown {of} ?histology .
  {self._result("shown")}
}}"""

    def _result(self, name: str) -> str:
        asked = self.question
        least = asked.least_evaluable
        size = f"?{name} :evaluable ?evaluable . FILTER (?evaluable >= {least})"
        marker = f"?{name} :aboutBiomarker ?marker . {self._marker()}"
        return "".join(
            (
                self.stated(name),
                self._terms(name, ":endpoint", asked.endpoints),
                self._terms(name, ":line", asked.lines),
                self._terms(name, ":ofStudy/:phase", asked.phases),
                self._terms(name, ":treatmentMode", asked.modes),
                "" if least is None else size,
                marker if asked.biomarkers else "",
            )
        )

    def _terms(self, name: str, predicate: str, terms: frozenset[str]) -> str:
        if not terms:
            return ""
        value = f"?{name}_{predicate.rpartition(':')[2]}"
        wanted = listed(self.ontology + term for term in terms)
        return f"?{name} {predicate} {value} . FILTER ({value} IN ({wanted})) "

    def _marker(self) -> str:
        wanted = self.question.biomarkers or Choice()
        return f"FILTER (?marker IN ({listed(wanted.iris)}))" if wanted.iris else ""

    def stated(self, name: str) -> str:
        """Ask that a statement is one of a document that counts."""
        documents = self.question.documents
        if documents is None:
            return ""
        found = f"?{name}_document"
        return f"?{name} :passage/:inDocument {found} . FILTER ({found} IN ({listed(documents)})) "
