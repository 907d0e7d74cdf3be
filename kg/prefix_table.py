"""The identifier systems that this graph is mapped to: one row each, as in Bioregistry."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["SYSTEMS", "ExternalSystem"]


@dataclass(frozen=True)
class ExternalSystem:
    """An identifier system; ``iri`` is the prefix that an identifier's IRI starts with here.

    ``prefix`` is how this graph writes it, ``registered`` the key of its record in Bioregistry;
    ``synonyms`` are more prefixes and ``other_iris`` more IRI prefixes that are understood.
    ``pattern`` is what an identifier must look like: that of Bioregistry or, for OncoTree, which
    has none there, capital letters, digits and underscores.

    ``iri`` is the OBO PURL; else what the system itself uses in RDF, where that resolves; else
    that of identifiers.org; else, for what identifiers.org lacks, that of bioregistry.io.
    """

    prefix: str
    registered: str
    name: str
    homepage: str
    iri: str
    pattern: str
    synonyms: tuple[str, ...] = ()
    other_iris: tuple[str, ...] = ()


SYSTEMS = (
    ExternalSystem(
        "MONDO",
        "mondo",
        "Mondo Disease Ontology",
        "https://monarch-initiative.github.io/mondo",
        "http://purl.obolibrary.org/obo/MONDO_",
        r"^\d{7}$",
        other_iris=("https://identifiers.org/mondo:",),
    ),
    ExternalSystem(
        "DOID",
        "doid",
        "Human Disease Ontology",
        "https://disease-ontology.org",
        "http://purl.obolibrary.org/obo/DOID_",
        r"^\d+$",
        synonyms=("do",),
        other_iris=("https://identifiers.org/DOID:",),
    ),
    ExternalSystem(
        "NCIT",
        "ncit",
        "National Cancer Institute Thesaurus",
        "https://github.com/ncit-obo-org/ncit-obo-edition",
        "http://purl.obolibrary.org/obo/NCIT_",
        r"^(C|R|P|A|NHC)\d+$",
        synonyms=("NCI", "NCI2004_11_17", "NCIT_Thesaurus", "NCIThesaurus", "NCITm", "NCITt"),
        other_iris=("https://identifiers.org/ncit:",),
    ),
    ExternalSystem(
        "ONCOTREE",
        "oncotree",
        "OncoTree",
        "http://oncotree.mskcc.org",
        "https://bioregistry.io/oncotree:",
        r"^[A-Z][A-Z0-9_]*$",
        other_iris=("http://oncotree.mskcc.org/api/tumorTypes/search/code/",),
    ),
    ExternalSystem(
        "ICDO",
        "icdo",
        "International Classification of Diseases for Oncology",
        "https://www.who.int/classifications/icd/adaptations/oncology/en",
        "https://bioregistry.io/icdo:",
        r"^[8-9]\d{3}(/[0-3])?$",
    ),
    ExternalSystem(
        "UMLS",
        "umls",
        "Unified Medical Language System Concept Unique Identifier",
        "https://www.nlm.nih.gov/research/umls",
        "https://identifiers.org/umls:",
        r"^C\d+$",
        synonyms=("UMLS CUI",),
        other_iris=("https://uts.nlm.nih.gov/uts/umls/concept/",),
    ),
    ExternalSystem(
        "Orphanet",
        "orpha",
        "Orphanet",
        "https://www.orpha.net",
        "http://www.orpha.net/ORDO/Orphanet_",
        r"^C?\d+$",
        synonyms=("orpha",),
        other_iris=("https://identifiers.org/orphanet:",),
    ),
    ExternalSystem(
        "MESH",
        "mesh",
        "Medical Subject Headings",
        "https://www.nlm.nih.gov/",
        "http://id.nlm.nih.gov/mesh/",
        r"^(C|D|Q)\d+$",
        synonyms=(
            "MESHA",
            "MESHC",
            "MESHCS",
            "MESHD",
            "MESHPP",
            "MESH_DESCRIPTOR_UI",
            "MESH_SUPPLEMENTAL_RECORD_UI",
            "MSH",
            "MSH2010_2010_02_22",
            "meshUID",
        ),
        other_iris=("https://meshb.nlm.nih.gov/record/ui?ui=", "https://identifiers.org/mesh:"),
    ),
    ExternalSystem(
        "EFO",
        "efo",
        "Experimental Factor Ontology",
        "http://www.ebi.ac.uk/efo",
        "http://www.ebi.ac.uk/efo/EFO_",
        r"^\d{7}$",
        other_iris=("https://identifiers.org/efo:",),
    ),
    ExternalSystem(
        "CHEMBL.COMPOUND",
        "chembl.compound",
        "ChEMBL Compound",
        "https://www.ebi.ac.uk/chembldb/",
        "https://identifiers.org/chembl.compound:",
        r"^CHEMBL\d+$",
        other_iris=(
            "https://www.ebi.ac.uk/chembl/compound/inspect/",
            "http://rdf.ebi.ac.uk/resource/chembl/molecule/",
        ),
    ),
    ExternalSystem(
        "DRUGBANK",
        "drugbank",
        "DrugBank",
        "http://www.drugbank.ca",
        "https://identifiers.org/drugbank:",
        r"^DB\d{5}$",
        synonyms=("DRUGBANK_ID",),
        other_iris=("https://go.drugbank.com/drugs/",),
    ),
    ExternalSystem(
        "CHEBI",
        "chebi",
        "Chemical Entities of Biological Interest",
        "http://www.ebi.ac.uk/chebi",
        "http://purl.obolibrary.org/obo/CHEBI_",
        r"^\d+$",
        synonyms=("CHEBIID",),
        other_iris=("https://identifiers.org/CHEBI:",),
    ),
    ExternalSystem(
        "PUBCHEM.COMPOUND",
        "pubchem.compound",
        "PubChem compound",
        "https://pubchem.ncbi.nlm.nih.gov/",
        "https://identifiers.org/pubchem.compound:",
        r"^\d+$",
        synonyms=(
            "CID",
            "DSSTox_CID",
            "PUBCHEM_CID",
            "PubChem_Compound_CID",
            "Pubchem",
            "pubchem_id",
        ),
        other_iris=(
            "https://pubchem.ncbi.nlm.nih.gov/compound/",
            "http://rdf.ncbi.nlm.nih.gov/pubchem/compound/CID",
        ),
    ),
    ExternalSystem(
        "RXNORM",
        "rxnorm",
        "RxNorm",
        "https://www.nlm.nih.gov/research/umls/rxnorm",
        "https://bioregistry.io/rxnorm:",
        r"^[0-9]{1,7}$",
        synonyms=("RXCUI",),
        other_iris=("https://mor.nlm.nih.gov/RxNav/search?searchBy=RXCUI&searchTerm=",),
    ),
    ExternalSystem(
        "UNII",
        "unii",
        "Unique Ingredient Identifier",
        "https://precision.fda.gov/uniisearch",
        "https://identifiers.org/unii:",
        r"^[A-Z0-9]+$",
        other_iris=("https://precision.fda.gov/uniisearch/srs/unii/",),
    ),
    ExternalSystem(
        "HGNC",
        "hgnc",
        "HUGO Gene Nomenclature Committee",
        "http://www.genenames.org",
        "https://identifiers.org/hgnc:",
        r"^\d{1,5}$",
        other_iris=("https://www.genenames.org/data/gene-symbol-report/#!/hgnc_id/",),
    ),
    ExternalSystem(
        "NCBIGENE",
        "ncbigene",
        "NCBI Gene",
        "https://www.ncbi.nlm.nih.gov/gene",
        "https://identifiers.org/ncbigene:",
        r"^\d+$",
        synonyms=(
            "EGID",
            "EntrezGene",
            "GeneID",
            "NCBI_GeneID",
            "entrez",
            "entrez gene/locuslink",
            "nihgeneid",
        ),
        other_iris=("https://www.ncbi.nlm.nih.gov/gene/", "http://purl.uniprot.org/geneid/"),
    ),
    ExternalSystem(
        "UNIPROT",
        "uniprot",
        "UniProt Protein",
        "http://www.uniprot.org",
        "http://purl.uniprot.org/uniprot/",
        r"^([OPQ]\d[A-Z0-9]{3}\d|[A-NR-Z]\d([A-Z][A-Z0-9]{2}\d){1,2})$",
        synonyms=("SwissProt", "UP", "UniProtKB", "Uniprot ID", "uniprot/swiss-prot"),
        other_iris=("https://identifiers.org/uniprot:",),
    ),
    ExternalSystem(
        "ENSEMBL",
        "ensembl",
        "Ensembl Gene",
        "https://www.ensembl.org/",
        "https://identifiers.org/ensembl:",
        r"^((ENS[FPTG]\d{11}(\.\d+)?)|(FB\w{2}\d{7})|(Y[A-Z]{2}\d{3}[a-zA-Z](\-[A-Z])?)|([A-Z_a-z0-9]+(\.)?(t)?(\d+)?([a-z])?))$",
        other_iris=("https://www.ensembl.org/id/", "http://rdf.ebi.ac.uk/resource/ensembl/"),
    ),
    ExternalSystem(
        "CHEMBL.TARGET",
        "chembl.target",
        "ChEMBL target",
        "https://www.ebi.ac.uk/chembldb/",
        "https://identifiers.org/chembl.target:",
        r"^CHEMBL\d+$",
        synonyms=("ChEMBL-Targets",),
        other_iris=("https://www.ebi.ac.uk/chembl/target/inspect/",),
    ),
)
