"""The fields of what other databases state: of imports, and of the records that came with them."""

from __future__ import annotations

from api.list_claim_fields import LABEL, TYPE
from api.list_fields import Field, Tree, date, flag, number, text, thing

__all__ = ["EXTERNAL_TERMS", "IMPORTED_CLAIMS", "IMPORTS", "RECORD"]

_SOURCE = ("source", "importedFrom")
_OBO = "http://www.geneontology.org/formats/oboInOwl#"
_SCOPES = tuple(f"has{scope}Synonym" for scope in ("Exact", "Narrow", "Broad", "Related"))
_SEE_ALSO = text("seeAlso", "Letters of an address where more of it stands.", "http",
                 "rdfs:seeAlso", ("rdfs:seeAlso",))  # fmt: skip

RECORD: tuple[Field, ...] = (
    LABEL,
    TYPE,
    thing("source", "The import that it came with.", "drugmechdb", "imports",
          path=":importedFrom", keys=_SOURCE),
    text("licence", "Letters of the address of the licence of that import.", "creativecommons",
         ":importedFrom/dcterms:license", _SOURCE),
    date("retrieved", "The day on which that import was retrieved.", "2026",
         ":importedFrom/:retrievedOn", _SOURCE),
    text("recordId", "Letters of its identifier in the database.", "D"),
    text("recordPlace", "Letters of where it was read: a file, and a place in it.", "."),
    text("matchedBy", "How what it names was found here: identifier, label or synonym.",
         "identifier"),
    text("reference", "Letters of what it cites, such as pubmed:15928335.", "pubmed",
         ":citedReference"),
)  # fmt: skip
"""What every imported record may state."""

_DRUG = thing("drug", "A drug that it speaks of, of this graph or external.", "imatinib", "drugs",
              "external-terms", path=":concernsDrug")  # fmt: skip
_TARGET = thing("target", "A target that it speaks of, or a family of it.", "KIT", "targets",
                "families", "external-terms", path=":concernsTarget",
                tree=Tree.TARGETS)  # fmt: skip
_HISTOLOGY = thing("histology", "A histology that it speaks of, or a wider one.", "GIST",
                   "histologies", path=":concernsHistology", tree=Tree.HISTOLOGIES)  # fmt: skip
_DISEASE = thing("disease", "A disease that no histology matches.", "Breast Neoplasms",
                 "external-terms", path=":concernsDisease")  # fmt: skip

IMPORTED_CLAIMS: tuple[Field, ...] = (
    *RECORD, _DRUG, _TARGET, _HISTOLOGY, _DISEASE,
    text("statedDrug", "Words of the drug as the database writes it.", "imatinib"),
    text("statedTarget", "Words of the target as the database writes it.", "KIT"),
    text("statedDisease", "Words of the disease as the database writes it.", "sarcoma"),
    text("action", "Words of what the drug does to the target.", "inhib", ":statedAction"),
    text("affinity", "The strength of the action as the database prints it.", "p",
         ":statedAffinity"),
    text("affinityMeasure", "What the affinity is the negative logarithm of.", "pIC50"),
    number("affinityValue", "The negative logarithm of a concentration in mol/L: 8 is 10 nM.",
           "8"),
    flag("isPrimaryTarget", "The database marks the target as a primary one of the drug."),
    thing("mechanism", "The mechanism path that a claim was read from.",
          "pazopanib in Renal cell carcinoma", "imported-claims", path=":partOfPath"),
    thing("step", "A step of a mechanism path.",
          "Abnormal cell proliferation causes Renal cell carcinoma", path=":hasStep"),
    text("claimType", "What sort of a claim on a variant it is.", "Predictive"),
    text("direction", "Whether the evidence supports the claim on a variant.", "Supports",
         ":claimDirection"),
    text("level", "The database's own level of evidence, from A to E.", "B", ":claimLevel"),
    text("significance", "What the variant means for patients.", "Sensitivity",
         ":clinicalSignificance"),
    number("stars", "How far curators of the database trust it, up to 5.", "3", ":starRating"),
    text("curationStatus", "The state of the claim in its database.", "accepted"),
    text("variant", "Letters of the name of the variant.", "exon", ":variantName"),
    text("variantRecord", "The identifier of the variant in the database.", "civic"),
    text("variantOrigin", "Somatic, or of the germ line.", "Somatic"),
    thing("variantPlace", "Where the variant lies in a reference genome.",
          "imported:civic/evidence-6043/place/1",
          path=":variantPlace"),
    text("drugInteraction", "How the several drugs of a claim belong together.", "Combination"),
    text("phenotype", "Words of a phenotype that a claim goes with.", "a", ":statedPhenotype"),
    text("trial", "Letters of a registered trial that it cites.", "NCT", ":citedTrial"),
    text("refutedBy", "Letters of a reference that speaks against it.", "pubmed"),
    date("lastReviewed", "When it was last reviewed in its database.", "2020"),
    _SEE_ALSO,
)  # fmt: skip
"""The fields of claims: on drugs and targets, on variants, and of paths of mechanisms."""

EXTERNAL_TERMS: tuple[Field, ...] = (
    *RECORD,
    text("synonyms", "Words of another name.", "tumor",
         "|".join(("skos:altLabel", *(f"oboInOwl:{each}" for each in _SCOPES))),
         ("synonyms", *(_OBO + each for each in _SCOPES))),
    text("termKind", "What sort of thing it is, in the words of its database.", "Protein"),
    text("externalIdentifier", "Letters of its identifier as a CURIE.", "DOID"),
    thing("registeredAs", "Its address in its own system.", "DOID:1901"),
    text("mainType", "Words of its main type in OncoTree.", "Sarcoma"),
    text("tissue", "Words of its tissue in OncoTree.", "Soft Tissue"),
    number("hierarchyLevel", "How far below the root it stands in OncoTree.", "2"),
    text("previousCode", "A code that it had before.", "A"),
    text("revokedCode", "A code that stands for it no more.", "A"),
    text("precursorCode", "A code that it was made of.", "B"),
    text("alternativeId", "Letters of another CURIE that it had.", "DOID",
         "oboInOwl:hasAlternativeId", (f"{_OBO}hasAlternativeId",)),
    text("crossReference", "Letters of a code of another system that it names.", "NCIT",
         "oboInOwl:hasDbXref", (f"{_OBO}hasDbXref",)),
    flag("isObsolete", "Its system says that it is used no more.", path="owl:deprecated",
         keys=("http://www.w3.org/2002/07/owl#deprecated",)),
    thing("replacedBy", "The term that replaces an obsolete one.",
          "imported:disease-ontology/DOID_0050657", path="obo:IAO_0100001",
          keys=("http://purl.obolibrary.org/obo/IAO_0100001",)),
    _SEE_ALSO,
    thing("importedTarget", "A target that a drug is said to inhibit.", "KIT", "targets",
          "external-terms", path=":reportedToInhibit"),
    thing("broaderTerm", "A next wider term of the same import.", "Soft Tissue",
          "external-terms"),
    thing("match", "A thing of this graph that mappings or the import align it with.", "GIST",
          "histologies", "drugs", "targets", path="(skos:exactMatch|^skos:exactMatch)", keys=()),
)  # fmt: skip
"""The fields of the terms of other systems."""

IMPORTS: tuple[Field, ...] = (
    LABEL,
    text("title", "Words of the title.", "mechanism", "dcterms:title", ("title",)),
    TYPE,
    text("source", "Letters of the address that it came from.", "http", "dcterms:source",
         ("dcterms:source",)),
    text("version", "Letters of the version of the database.", "20", "dcat:version",
         ("dcat:version",)),
    text("licence", "Letters of the address of the licence.", "creativecommons",
         "dcterms:license", ("dcterms:license",)),
    text("attribution", "Words by which its authors want to be named.", "C", "dcterms:rights",
         ("dcterms:rights",)),
    date("retrieved", "The day on which its files were retrieved.", "2026", ":retrievedOn"),
    text("digest", "Letters of the SHA-256 of its statements.", "a", ":contentDigest"),
    text("file", "Letters of a file that was read, and its SHA-256.", "a", ":sourceFileDigest"),
    number("recordsRead", "How many records its files hold.", "100"),
    number("recordsKept", "How many of them are in the graph.", "100"),
    number("recordsRejected", "How many of them were not taken.", "1"),
    number("tripleCount", "How many triples its graph has.", "14000"),
    flag("isShipped", "It came with the package; a user made any other."),
)  # fmt: skip
"""The fields of imports."""
