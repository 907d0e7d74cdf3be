"""DrugMechDB: paths as steps and claims, hostile YAML, and the real paths counted by themselves."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from kg.importing.drugmechdb import INHIBITING, find_version, read
from kg.importing.record import Item, Record, Reject, RejectRule
from kg.importing.terms import Kind, MatchedBy
from kg.importing.terms_reading import KnownTerms, Naming

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
PATHS = SHARED / "data" / "drugmechdb" / "paths"
TABLE = SHARED / "idmap" / "drug_target_evidence.tsv"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="skipped: no ../shared")
IMPORTED = "https://w3id.org/sarcoma-kg/imported/drugmechdb/"
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

TERMS = KnownTerms(
    [
        Naming(Kind.DRUG, "e:pazopanib", MatchedBy.IDENTIFIER, "DRUGBANK:DB06589"),
        Naming(Kind.TARGET, "e:kit", MatchedBy.IDENTIFIER, "UNIPROT:P10721"),
        Naming(Kind.TARGET, "e:other", MatchedBy.LABEL, "Tubulin beta chain"),
        Naming(Kind.HISTOLOGY, "e:sarcoma", MatchedBy.IDENTIFIER, "MESH:D012509"),
    ]
)
PATH = """
directed: true
graph:
  _id: DB06589_MESH_D012509_1
  disease: Sarcoma of soft tissue
  disease_mesh: MESH:D012509
  drug: pazopanib
  drug_mesh: MESH:C516667
  drugbank: DB:DB06589
links:
  - key: decreases activity of
    source: MESH:C516667
    target: UniProt:P10721
  - key: molecularly interacts with
    source: MESH:C516667
    target: UniProt:P02554
  - key: positively correlated with
    source: UniProt:P10721
    target: GO:0045766
  - key: positively correlated with
    source: GO:0045766
    target: MESH:D012509
nodes:
  - {id: MESH:C516667, label: Drug, name: pazopanib}
  - {id: UniProt:P10721, label: Protein, name: c-Kit}
  - {id: UniProt:P02554, label: Protein, name: Tubulin beta chain}
  - {id: GO:0045766, label: BiologicalProcess, name: Angiogenesis}
  - {id: MESH:D012509, label: Disease, name: Sarcoma}
references:
  - https://pubmed.ncbi.nlm.nih.gov/15774254/
  - https://go.drugbank.com/drugs/DB06589
comment: Prose of a curator.
"""


def items(folder: Path, *texts: str | bytes) -> list[Item]:
    files = []
    for number, text in enumerate(texts, start=1):
        files.append(folder / f"{number}.yaml")
        files[-1].write_bytes(text if isinstance(text, bytes) else text.encode())
    return [*read(files, TERMS)]


def record(folder: Path, text: str) -> Record:
    (found,) = items(folder, text)
    assert isinstance(found, Record), found
    return found


def reject(folder: Path, text: str | bytes) -> Reject:
    (found,) = items(folder, text)
    assert isinstance(found, Reject), found
    return found


def values(found: Record, name: str, part: str = "") -> list[str]:
    subject = f"<{IMPORTED}DB06589_MESH_D012509_1{part}>"
    return [
        getattr(t.object, "value", str(t.object))
        for t in found.triples
        if t.predicate.value.endswith(f"/{name}") and str(t.subject) == subject
    ]


def test_a_path_has_its_ends_its_steps_and_what_it_cites(tmp_path: Path) -> None:
    found = record(tmp_path, PATH)
    assert found.id == "DB06589_MESH_D012509_1"
    assert values(found, "concernsDrug") == ["e:pazopanib"]
    assert values(found, "concernsHistology") == ["e:sarcoma"]
    assert values(found, "statedDisease") == ["Sarcoma of soft tissue"]
    assert len(values(found, "hasStep")) == 4
    assert values(found, "citedReference") == [
        "pubmed:15774254",
        "https://go.drugbank.com/drugs/DB06589",
    ]
    assert found.refers == {"e:pazopanib", "e:kit", "e:sarcoma"}
    assert not [triple for triple in found.triples if "Prose" in str(triple)]


def test_a_step_leads_from_one_term_to_another(tmp_path: Path) -> None:
    found = record(tmp_path, PATH)
    assert values(found, "stepNumber", "/step/3") == ["3"]
    assert values(found, "stepSubject", "/step/3") == ["e:kit"]
    assert values(found, "statedPredicate", "/step/3") == ["positively correlated with"]
    assert values(found, "stepObject", "/step/3") == [f"{IMPORTED}term/GO%3A0045766"]


def test_each_link_of_a_drug_to_a_protein_is_a_claim(tmp_path: Path) -> None:
    found = record(tmp_path, PATH)
    assert values(found, "concernsTarget", "/claim/1") == ["e:kit"]
    assert values(found, "statedTarget", "/claim/1") == ["c-Kit"]
    assert values(found, "statedAction", "/claim/1") == ["decreases activity of"]
    assert values(found, "recordPlace", "/claim/1") == ["1.yaml:11"]
    assert values(found, "partOfPath", "/claim/1") == [f"{IMPORTED}DB06589_MESH_D012509_1"]
    assert values(found, "statedAction", "/claim/2") == ["molecularly interacts with"]
    assert values(found, "statedAction", "/claim/3") == []


def inhibitions(found: Record) -> list[tuple[str, str]]:
    triples = (t for t in found.triples if t.predicate.value.endswith("/reportedToInhibit"))
    return [(str(t.subject), str(t.object)) for t in triples]


def test_only_a_decrease_of_activity_is_inhibition(tmp_path: Path) -> None:
    assert inhibitions(record(tmp_path, PATH)) == [("<e:pazopanib>", "<e:kit>")]


def test_a_protein_is_no_other_one_of_the_same_name(tmp_path: Path) -> None:
    found = record(tmp_path, PATH)
    assert values(found, "concernsTarget", "/claim/2") == [f"{IMPORTED}term/UNIPROT%3AP02554"]
    assert ("target", "UNIPROT:P02554") in {(u.kind, u.identifier) for u in found.unmatched}


EVIDENCE = """    evidence:
      - {reference: "PMID:1", supports: %s, evidence_source: IN_VITRO, snippet: Prose.}
"""


@pytest.mark.parametrize(
    ("word", "cited", "refuted", "inhibits"),
    [
        ("SUPPORT", ["pubmed:1"], [], True),
        ("PARTIAL", ["pubmed:1"], [], True),
        ("REFUTE", [], ["pubmed:1"], False),
        ("WRONG_STATEMENT", [], ["pubmed:1"], False),
        ("NO_EVIDENCE", [], [], True),
    ],
)
def test_evidence_is_cited_for_or_against(
    tmp_path: Path, word: str, cited: list[str], refuted: list[str], inhibits: bool
) -> None:
    text = PATH.replace(
        "UniProt:P10721\n  - key: mol", f"UniProt:P10721\n{EVIDENCE % word}  - key: mol"
    )
    found = record(tmp_path, text)
    assert values(found, "citedReference", "/step/1") == cited
    assert values(found, "refutedBy", "/claim/1") == refuted
    assert bool(inhibitions(found)) is inhibits
    assert not [triple for triple in found.triples if "Prose" in str(triple)]


def test_a_term_with_two_names_has_one_label(tmp_path: Path) -> None:
    second = PATH.replace("_1\n", "_2\n").replace("name: Angiogenesis", "name: Vessel growth")
    found = [item for item in items(tmp_path, PATH, second) if isinstance(item, Record)]
    names = {
        (t.predicate.value.rpartition("#")[2], str(t.object))
        for item in found
        for t in item.triples
        if "GO%3A0045766" in str(t.subject) and "abel" in t.predicate.value
    }
    assert names == {("label", '"Angiogenesis"'), ("altLabel", '"Vessel growth"')}


def test_documents_and_lists_of_paths_are_read(tmp_path: Path) -> None:
    second = PATH.replace("_1\n", "_2\n")
    documents = items(tmp_path, f"---{PATH}---{second}")
    entries = [yaml.safe_load(PATH), yaml.safe_load(second)]
    listed = items(tmp_path, yaml.safe_dump(entries))
    for found in (documents, listed):
        assert [item.id for item in found] == ["DB06589_MESH_D012509_1", "DB06589_MESH_D012509_2"]


def test_a_broken_document_costs_the_rest_of_its_file_only(tmp_path: Path) -> None:
    third = PATH.replace("_1\n", "_3\n")
    found = items(tmp_path, f"---{PATH}---\n[broken: ", third)
    assert [type(item) for item in found] == [Record, Reject, Record]


def test_the_index_of_a_folder_is_not_wanted(tmp_path: Path) -> None:
    index = tmp_path / "_index.yaml"
    index.write_text("- id: a\n  file: a.yaml\n")
    (found,) = read([index], TERMS)
    assert isinstance(found, Reject)
    assert found.rule is RejectRule.NOT_WANTED


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  _id: DB06589_MESH_D012509_1\n", "", "no _id"),
        ("  drug: pazopanib\n", "", "no drug"),
        ("  disease: Sarcoma of soft tissue\n", "", "no disease"),
        ("  disease_mesh: MESH:D012509\n", "", "no disease_mesh"),
        ("  drug_mesh: MESH:C516667\n  drugbank: DB:DB06589\n", "", "no drug_mesh or drugbank"),
        ("links:", "edges:", "no links"),
        ("nodes:", "nodules:", "no nodes"),
        ("graph:", "graph: []\nold:", "keys and values"),
        ("label: Protein, ", "", "no label"),
        ("  - key: decreases activity of\n    source", "  - source", "no key"),
        ("directed: true", "directed: false", "directed must be true"),
        ("nodes:", "nodes: [a]\nold:", "at least 2"),
        ("links:", "links: {}\nold:", "at least 1"),
    ],
)
def test_what_the_schema_requires_must_be_there(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in PATH
    found = reject(tmp_path, PATH.replace(old, new))
    assert found.rule is RejectRule.WRONG_SCHEMA
    assert said in found.message


@pytest.mark.parametrize("text", ["just words", "- 1\n", "a: 1", "null"])
def test_what_is_no_path_is_a_wrong_schema(tmp_path: Path, text: str) -> None:
    assert reject(tmp_path, text).rule is RejectRule.WRONG_SCHEMA


def test_a_link_to_a_node_that_is_not_there_is_unreadable(tmp_path: Path) -> None:
    found = reject(tmp_path, PATH.replace("target: GO:0045766", "target: GO:1"))
    assert found.rule is RejectRule.UNREADABLE
    assert found.place == "1.yaml:17"
    assert "GO:1" in found.message


def test_the_second_of_two_paths_with_one_id_is_refused(tmp_path: Path) -> None:
    first, second = items(tmp_path, PATH, PATH)
    assert isinstance(first, Record)
    assert isinstance(second, Reject)
    assert (second.rule, second.place) == (RejectRule.DUPLICATE, "2.yaml:2")


BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (BOMB, RejectRule.UNREADABLE),
        ("[" * 40_000, RejectRule.UNREADABLE),
        ("a: " + "[" * 33 + "]" * 33, RejectRule.UNREADABLE),
        (f"{PATH}directed: true\n", RejectRule.UNREADABLE),
        ("a: !!python/object/apply:os.system [echo]\n", RejectRule.UNREADABLE),
        ("a: &a {b: 1}\n<<: *a\n", RejectRule.UNREADABLE),
        ("? [a, b]\n: c\n", RejectRule.UNREADABLE),
        ("a: [1, 2", RejectRule.TRUNCATED),
        ("a: 'no end", RejectRule.TRUNCATED),
        ("", RejectRule.TRUNCATED),
        ("a: b: c", RejectRule.UNREADABLE),
        (b"a: \xff\xfe", RejectRule.UNREADABLE),
        ("a: \x00", RejectRule.UNREADABLE),
        ("a: " + "x" * 200_000, RejectRule.UNREADABLE),
        ("a: [" + "x," * 150_000 + "x]", RejectRule.UNREADABLE),
    ],
)
def test_hostile_yaml_is_refused_with_its_place(
    tmp_path: Path, text: str | bytes, rule: RejectRule
) -> None:
    found = reject(tmp_path, text)
    assert found.rule is rule, found
    assert found.place.startswith("1.yaml:")


def test_every_cut_of_a_path_is_a_record_or_refused(tmp_path: Path) -> None:
    for length in range(0, len(PATH), 7):
        (found,) = items(tmp_path, PATH[:length])
        if isinstance(found, Reject):
            is_told = found.rule is RejectRule.TRUNCATED
            begun = PATH[:length].lstrip()
            assert is_told or begun.endswith("\n") or ":" not in begun, (found, begun[-40:])
        else:
            assert "name: Sarcoma}" in PATH[:length] + "}", "a path without its nodes was taken"


def test_files_state_no_version() -> None:
    assert find_version([PATHS / "_index.yaml"]) is None


@cache
def documents() -> dict[str, Any]:
    """Read the real files with a parser of their own, by the ids of the paths."""
    files = sorted(PATHS.glob("[!_]*.yaml"))
    loaded = (yaml.load(file.read_bytes(), Loader=LOADER) for file in files)
    return {path["graph"]["_id"]: path for path in loaded}


@dataclass
class Figures:
    """What is counted of the records of the real files, which are not kept."""

    ids: list[str] = field(default_factory=list)
    inhibiting: set[str] = field(default_factory=set)
    values: dict[str, Counter[str]] = field(default_factory=dict)
    claims: dict[str, list[dict[str, str]]] = field(default_factory=dict)

    def add(self, found: Record) -> None:
        self.ids.append(found.id)
        if inhibitions(found):
            self.inhibiting.add(found.id)
        self.claims[found.id] = [*claims_of(found)]
        for t in found.triples:
            name = t.predicate.value.rpartition("/")[2]
            if name in ("statedPredicate", "statedAction", "termKind"):
                counter = self.values.setdefault(name, Counter())
                counter[getattr(t.object, "value", "")] += 1


@cache
def figures() -> Figures:
    """Count the records of the real files, of which only the index is refused."""
    found = Figures()
    for item in read(sorted(PATHS.glob("*.yaml")), TERMS):
        if isinstance(item, Record):
            found.add(item)
        else:
            assert item.rule is RejectRule.NOT_WANTED, item
    return found


def drug_links() -> Iterator[tuple[str, dict[str, Any], dict[str, Any], str]]:
    """Yield the path, the drug, the protein and the key of each link of a drug to a protein."""
    for name, path in documents().items():
        nodes: dict[str, Any] = {}
        for node in path["nodes"]:
            nodes.setdefault(node["id"], node)
        for link in path["links"]:
            drug, protein = nodes[link["source"]], nodes[link["target"]]
            if (drug["label"], protein["label"]) == ("Drug", "Protein"):
                yield name, drug, protein, link["key"]


@needs_shared
def test_every_real_path_is_a_record() -> None:
    assert len(documents()) == 4846
    assert sorted(figures().ids) == sorted(documents())


@needs_shared
def test_every_link_is_a_step_with_its_predicate() -> None:
    links = Counter(link["key"] for path in documents().values() for link in path["links"])
    assert links.total() == 32641
    assert figures().values["statedPredicate"] == links


@needs_shared
def test_every_link_of_a_drug_to_a_protein_is_a_claim() -> None:
    actions = Counter(key for *_, key in drug_links())
    assert figures().values["statedAction"] == actions
    assert actions["decreases activity of"] == 2458
    inhibited = {path for path, *_, key in drug_links() if key in INHIBITING}
    assert figures().inhibiting == inhibited


@needs_shared
def test_every_node_is_a_term_or_a_thing_of_this_graph() -> None:
    mine = {"MESH:C516667", "UniProt:P10721", "MESH:D012509"}
    kinds = Counter[str]()
    for path in documents().values():
        seen: dict[str, str] = {}
        linked = {link[end] for link in path["links"] for end in ("source", "target")}
        linked |= {path["graph"]["disease_mesh"]}
        for node in path["nodes"]:
            if node["id"] in linked and node["id"] not in mine:
                seen.setdefault(node["id"], node["label"])
        kinds.update(seen.values())
    found = figures().values["termKind"]
    kept = {"BiologicalProcess", "Protein", "GeneFamily", "OrganismTaxon", "PhenotypicFeature"}
    assert {kind: found[kind] for kind in kept} == {kind: kinds[kind] for kind in kept}


@needs_shared
def test_the_table_of_evidence_has_what_the_paths_state_and_so_have_the_claims() -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if ":" in row["source"]]
    stated = Counter(
        (row["source"].removeprefix("drugmechdb:"), row["target"], row["action"]) for row in rows
    )
    wanted = {path for path, *_ in stated}
    claimed = Counter[tuple[str, str, str]]()
    for path in wanted:
        for part in figures().claims[path]:
            claimed[path, part["statedTarget"], part["statedAction"]] += 1
    assert len(rows) == 100
    assert stated - claimed == Counter()


def claims_of(found: Record) -> Iterator[dict[str, str]]:
    claims: dict[str, dict[str, str]] = {}
    for t in found.triples:
        if "/claim/" in str(t.subject):
            name = t.predicate.value.rpartition("/")[2]
            claims.setdefault(str(t.subject), {})[name] = getattr(t.object, "value", "")
    yield from claims.values()


@needs_shared
@pytest.mark.parametrize(
    "drug", ["pazopanib", "regorafenib", "sunitinib", "imatinib", "olaratumab"]
)
def test_the_targets_of_a_drug_are_those_of_the_table(drug: str) -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if ":" in row["source"]]
    tabled = {(r["source"][11:], r["uniprot"]) for r in rows if r["drug"] == drug}
    linked = {
        (path, protein["id"].removeprefix("UniProt:"))
        for path, found, protein, _ in drug_links()
        if found["name"].casefold() == drug
    }
    assert tabled <= linked
