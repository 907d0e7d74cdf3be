"""What a curator decided on mappings of histologies that the sources leave open, and why."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mapping_sets import BROAD, CLOSE, EXACT, NARROW, RELATED

__all__ = ["DECISIONS", "MORE", "TERMS"]

Decision = tuple[str, str]
"""A predicate and its reason."""

_KEPT_APART = "OncoTree keeps the two as nodes of their own, and so does this graph."
_BOTH_NAMES = (
    "Mondo has undifferentiated pleomorphic sarcoma and malignant fibrous histiocytoma as one "
    "term; this graph keeps them apart, and no file says which of the two the id names."
)
_ADULT = "It names the disease of adults alone."
_OTHER_REFERENCES = (
    "OncoTree alone refers to it, its name is in no file, and Mondo has another id for the disease."
)
_TISSUE = "OncoTree's node stands for the tissue: its id is that of the tissue, not of its tumours."

TERMS: Mapping[str, str] = MappingProxyType(
    {
        "undifferentiated_pleomorphic_sarcoma": "histology:undifferentiated-pleomorphic-sarcoma",
        "solitary_fibrous_tumor": "histology:solitary-fibrous-tumour",
        "uterine_corpus_sarcoma": "histology:uterine-sarcoma",
    }
)
"""Rows of the idmap whose names or code more than one term of the tree has."""

DECISIONS: Mapping[tuple[str, str], Decision] = MappingProxyType(
    {
        ("well-differentiated-liposarcoma", "DOID:5690"): (
            CLOSE,
            "Mondo gives it to atypical lipomatous tumour, which this graph keeps apart.",
        ),
        ("undifferentiated-pleomorphic-sarcoma", "DOID:1907"): (
            CLOSE,
            "Mondo equates the two names; this graph does not.",
        ),
        ("undifferentiated-pleomorphic-sarcoma", "NCIT:C114541"): (NARROW, _ADULT),
        ("undifferentiated-pleomorphic-sarcoma", "UMLS:C0334463"): (CLOSE, _BOTH_NAMES),
        ("undifferentiated-pleomorphic-sarcoma", "MESH:D051677"): (CLOSE, _BOTH_NAMES),
        ("undifferentiated-pleomorphic-sarcoma", "EFO:1001972"): (CLOSE, _BOTH_NAMES),
        ("undifferentiated-pleomorphic-sarcoma", "ONCOTREE:MFH"): (
            BROAD,
            "The node bundles it with malignant fibrous histiocytoma.",
        ),
        ("solitary-fibrous-tumour", "ONCOTREE:SFT"): (
            BROAD,
            "The node bundles it with hemangiopericytoma.",
        ),
        ("uterine-sarcoma", "ONCOTREE:USARC"): (
            CLOSE,
            "The node also holds benign and uncertain smooth muscle tumours; the term does not.",
        ),
        ("alveolar-soft-part-sarcoma", "NCIT:C7943"): (NARROW, _ADULT),
        ("cutaneous-leiomyosarcoma", "NCIT:C4484"): (
            CLOSE,
            "The name there is not the one of the disease.",
        ),
        ("ewing-sarcoma", "Orphanet:319"): (
            NARROW,
            "By its name it is the form in bone; the form outside bone has an id of its own.",
        ),
        ("osteosarcoma", "Orphanet:668"): (
            CLOSE,
            "Mondo gives it to bone osteosarcoma.",
        ),
        ("myxoid-round-cell-liposarcoma", "NCIT:C27781"): (
            NARROW,
            "By its name and in Mondo it is myxoid liposarcoma.",
        ),
        ("myxoid-round-cell-liposarcoma", "UMLS:C0206634"): (
            NARROW,
            "In Mondo it is myxoid liposarcoma.",
        ),
        ("myxoid-liposarcoma", "Orphanet:99967"): (
            BROAD,
            "By its name and in Mondo it is myxoid/round cell liposarcoma.",
        ),
        ("pleomorphic-liposarcoma", "MESH:D008080"): (BROAD, "In Mondo it is liposarcoma."),
        ("epithelioid-sarcoma", "MESH:D012509"): (BROAD, "In Mondo it is sarcoma."),
        ("epithelioid-hemangioendothelioma", "DOID:0080190"): (
            CLOSE,
            "The name there is that of the malignant form; Mondo refers to the codes of both "
            "behaviours in ICD-O.",
        ),
        ("endometrial-stromal-sarcoma", "NCIT:C8973"): (
            CLOSE,
            "Mondo's set has it as endometrioid stromal sarcoma.",
        ),
        ("low-grade-fibromyxoid-sarcoma", "EFO:1000328"): (
            CLOSE,
            "The idmap has it from Mondo as of 2024; Mondo's set of 2026 lacks it.",
        ),
        ("extraskeletal-myxoid-chondrosarcoma", "DOID:6496"): (
            CLOSE,
            "The Disease Ontology has merged it into DOID:4549.",
        ),
        ("dendritic-cell-sarcoma", "NCIT:C9294"): (
            BROAD,
            "By its name it holds all histiocytic and dendritic cell neoplasms.",
        ),
        ("dendritic-cell-sarcoma", "UMLS:C1334030"): (
            RELATED,
            "OncoTree alone refers to it, its name is in no file, and OncoTree's other reference "
            "for the node is a wider term.",
        ),
        ("glomangiosarcoma", "NCIT:C4221"): (
            RELATED,
            f"It is malignant glomus tumour. {_KEPT_APART}",
        ),
        ("glomangiosarcoma", "UMLS:C1266111"): (
            RELATED,
            f"In Mondo it is malignant glomus tumour. {_KEPT_APART}",
        ),
        ("histiocytic-dendritic-cell-sarcoma", "NCIT:C27349"): (
            RELATED,
            f"It is histiocytic sarcoma. {_KEPT_APART}",
        ),
        ("histiocytic-dendritic-cell-sarcoma", "UMLS:C0334663"): (
            RELATED,
            f"In Mondo it is histiocytic sarcoma. {_KEPT_APART}",
        ),
        ("mesenchymal-chondrosarcoma-of-the-cns", "NCIT:C3737"): (
            RELATED,
            f"It is mesenchymal chondrosarcoma. {_KEPT_APART}",
        ),
        ("mesenchymal-chondrosarcoma-of-the-cns", "UMLS:C0206637"): (
            RELATED,
            f"In Mondo it is mesenchymal chondrosarcoma. {_KEPT_APART}",
        ),
        ("mesenchymal-chondrosarcoma", "NCIT:C53493"): (CLOSE, _OTHER_REFERENCES),
        ("mesenchymal-chondrosarcoma", "UMLS:C1708980"): (CLOSE, _OTHER_REFERENCES),
        ("dermatofibrosarcoma-protuberans", "UMLS:C0392784"): (CLOSE, _OTHER_REFERENCES),
        ("epithelioid-hemangioendothelioma", "UMLS:C0206732"): (CLOSE, _OTHER_REFERENCES),
        ("myxofibrosarcoma", "UMLS:C0334454"): (CLOSE, _OTHER_REFERENCES),
        ("low-grade-central-osteosarcoma", "UMLS:C1266163"): (CLOSE, _OTHER_REFERENCES),
        ("myxoid-chondrosarcoma", "NCIT:C4303"): (CLOSE, _OTHER_REFERENCES),
        ("sarcomatoid-carcinoma-of-the-urinary-bladder", "NCIT:C39824"): (
            CLOSE,
            "The name there speaks of an invasive urothelial carcinoma.",
        ),
        ("sarcomatoid-carcinoma-of-the-urinary-bladder", "UMLS:C1512743"): (
            CLOSE,
            "Mondo's name speaks of an infiltrating urothelial carcinoma.",
        ),
        ("soft-tissue-myoepithelial-carcinoma", "NCIT:C7596"): (
            BROAD,
            "By its name it is not of soft tissue alone.",
        ),
        ("soft-tissue-myoepithelial-carcinoma", "UMLS:C0334699"): (
            BROAD,
            "In Mondo it is malignant myoepithelioma, not of soft tissue alone.",
        ),
        ("soft-tissue-tumour", "NCIT:C12471"): (RELATED, _TISSUE),
        ("soft-tissue-tumour", "UMLS:C0225317"): (RELATED, _TISSUE),
        ("bone-tumour", "NCIT:C12366"): (RELATED, _TISSUE),
        ("bone-tumour", "UMLS:C0262950"): (RELATED, _TISSUE),
    }
)
"""By the slug of the term and the id."""

_MFH = "malignant-fibrous-histiocytoma"
_BUNDLE = "undifferentiated-pleomorphic-sarcoma-or-malignant-fibrous-histiocytoma"
_SFT = "solitary-fibrous-tumour-hemangiopericytoma"
_IN_DO = "The Disease Ontology refers DOID:1907 to it, Mondo undifferentiated pleomorphic sarcoma."


MORE: Mapping[tuple[str, str], Decision] = MappingProxyType(
    {
        (_MFH, "DOID:1907"): (
            EXACT,
            "The names are the same. Mondo maps undifferentiated pleomorphic sarcoma to it, which "
            "this graph keeps apart.",
        ),
        (_MFH, "MONDO:0002142"): (
            CLOSE,
            "Mondo maps it to DOID:1907, malignant fibrous histiocytoma; by its name it is "
            "undifferentiated pleomorphic sarcoma.",
        ),
        (_MFH, "NCIT:C4247"): (CLOSE, f"{_IN_DO} Its name is the latter."),
        (_MFH, "UMLS:C0334463"): (CLOSE, f"{_IN_DO} {_BOTH_NAMES}"),
        (_MFH, "MESH:D051677"): (CLOSE, f"{_IN_DO} {_BOTH_NAMES}"),
        (_MFH, "ICDO:8830/3"): (CLOSE, _IN_DO),
        (_MFH, "ONCOTREE:MFH"): (
            BROAD,
            "The node bundles it with undifferentiated pleomorphic sarcoma.",
        ),
        (_BUNDLE, "MONDO:0002142"): (
            NARROW,
            "By its name it is undifferentiated pleomorphic sarcoma; Mondo refers it to the node "
            "MFH, without calling that exact.",
        ),
        (_BUNDLE, "NCIT:C4247"): (
            NARROW,
            "OncoTree refers MFH to it. By its name it is undifferentiated pleomorphic sarcoma "
            "alone.",
        ),
        (_BUNDLE, "UMLS:C0334463"): (CLOSE, f"OncoTree refers MFH to it. {_BOTH_NAMES}"),
        (_SFT, "MONDO:0016238"): (
            NARROW,
            "By its name it is solitary fibrous tumour alone; Mondo refers it to the node SFT, "
            "without calling that exact.",
        ),
        (_SFT, "NCIT:C7634"): (
            NARROW,
            "OncoTree refers SFT to it. By its name it is solitary fibrous tumour alone.",
        ),
        (_SFT, "UMLS:C1266119"): (
            NARROW,
            "OncoTree refers SFT to it. In Mondo it is solitary fibrous tumour alone.",
        ),
        ("hemangiopericytoma", "ONCOTREE:SFT"): (
            BROAD,
            "The node bundles it with solitary fibrous tumour.",
        ),
        ("gastrointestinal-stromal-tumour", "ICDO:8936/3"): (
            CLOSE,
            "The Disease Ontology refers DOID:9253 to it; Mondo refers MONDO:0011719 to 8936/1, of "
            "uncertain behaviour.",
        ),
        ("dermatofibrosarcoma-protuberans", "ICDO:8832/1"): (
            CLOSE,
            "The Disease Ontology refers DOID:3507 to it; Mondo refers MONDO:0011934 to 8832/3.",
        ),
        ("hemangiopericytoma", "ICDO:9150/3"): (
            CLOSE,
            "The Disease Ontology refers DOID:264 to it; Mondo refers MONDO:0005094 to 9150/1.",
        ),
        ("ewing-sarcoma", "ICDO:9364/3"): (
            RELATED,
            "The Disease Ontology refers DOID:3369 to it; Mondo refers Ewing sarcoma to 9260/3, "
            "and peripheral primitive neuroectodermal tumour to this code.",
        ),
        ("extraskeletal-myxoid-chondrosarcoma", "DOID:4549"): (
            EXACT,
            "The names are the same; it refers to NCIT:C27502, as Mondo and OncoTree do. The "
            "idmap has DOID:6496, which the Disease Ontology has merged into this one.",
        ),
    }
)
"""Mappings beyond the rows of the idmap and the references of OncoTree."""
