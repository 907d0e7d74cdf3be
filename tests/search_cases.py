"""Texts that people look for, written by hand from the records: what each means, or nothing."""

from __future__ import annotations

__all__ = ["MEANT", "NOTHING", "STARTED"]

_MEANT = """
drug/everolimus                    RAD001 | RAD-001 | rad 001 | everolimus | Everolimus
drug/amg-706                       AMG706 | AMG 706 | amg-706 | amg_706
drug/nilotinib                     AMN107 | AMN 107 | nilotinib
drug/temsirolimus                  CCI-779 | cci779
drug/trabectedin                   ET-743 | ET743 | trabectidin | trabectedine
drug/ap23573                       AP23573 | AP 23573
drug/ipi-504                       IPI504
drug/17-aag                        17AAG | 17-AAG | 17-allylamino-17-demethoxygeldanamycin
drug/dacarbazine                   DTIC | dtic | 5-[dimethyltriazeno]imidazole-4-carboxamide
drug/imatinib                      imatinib mesylate | imatinb | IMATINIB | drug:imatinib | imaitnib
drug/sunitinib                     sunitinib malate | sunitinibmalate
drug/anlotinib                     anotinib | anlotinib
drug/pazopanib                     pazopanip | pazzopanib
drug/doxorubicin                   doxorubcin | doxo-rubicin
drug/gemcitabine                   gemcitabin
drug/pegylated-liposomal-doxorubicin  liposomal pegylated doxorubicin
histology/gastrointestinal-stromal-tumour  GIST | gist | GISTs | Gastrointestinal stromal tumors
histology/gastrointestinal-stromal-tumour  gastro-intestinal stromal tumour
histology/dedifferentiated-liposarcoma  liposarcoma dedifferentiated | DDLS | DD liposarcoma
histology/dedifferentiated-liposarcoma  dedifferentiated liposarkoma | DEDIFFERENTIATED LIPOSARCOMAS
histology/gastrointestinal-stromal-tumour  gist tumor | tumour: GIST | GIST cancer | GISTs, disease
drug/imatinib                      imatinib drug | the drug imatinib | drugs imatinib
procedure/radiotherapy             radiotherapie | radiotherapy treatment
histology/ewing-sarcoma            ewings | Ewing's sarcoma | Ewing sarcoma | Ewing\u2019s sarcoma
histology/kaposi-sarcoma           Kaposi's sarcoma | kaposi | Kaposi's | k\u00e0posi s\u00e0rcoma
histology/malignant-peripheral-nerve-sheath-tumour  MPNST | mpnst
histology/solitary-fibrous-tumour-hemangiopericytoma  SFT
histology/dermatofibrosarcoma-protuberans  DFSP | dermatofibrosarcoma
histology/leiomyosarcoma           LMS | leiomyosarcomas | leiomyosarcom
histology/alveolar-soft-part-sarcoma  ASPS | soft part sarcoma, alveolar
histology/synovial-sarcoma         synovial sarcoma | sarcoma, synovial
histology/malignant-fibrous-histiocytoma  histiocytoma, malignant fibrous
histology/bone-sarcoma             sarcoma of the bone | bone sarcomas
histology/desmoid-tumour           desmoid tumor | aggressive fibromatosis | desmoid tumours
target/kit                         KIT | c-kit | CD117 | cKIT
target/pdgfra                      PDGFR\u03b1 | PDGFR alpha | pdgfr-alpha | PDGFRA | PDGFR-A
target/pdgfrb                      PDGFR\u03b2 | PDGFR beta
target/vegfr2                      VEGFR-2 | KDR | vegfr2
target/vegfr3                      FLT4
target/mtor                        mTOR | MTOR
drug-class/taxanes                 taxane | taxanes
trial/nct03651375                  NCT03651375 | nct 03651375 | nct03651375 | UN-RESARC | URESARC1
regimen/maid                       MAID
organisation/eortc                 European Organization for Research and Treatment of Cancer
adverse-event/diarrhoea            diarrhea | diarrhoea
procedure/surgery                  surgery | surgical resection
ontology/ProgressionFreeSurvival   PFS | progression free survival
ontology/Dose                      OBI:0000969 | OBI_0000969
"""

MEANT = tuple(
    (text.strip(), line.split()[0])
    for line in _MEANT.strip().splitlines()
    for text in line.split(maxsplit=1)[1].split("|")
)
"""Texts, and the end of the IRI that each means first."""

STARTED = (
    ("pazop", "drug/pazopanib"),
    ("RAD0", "drug/everolimus"),
    ("amg7", "drug/amg-706"),
    ("dedifferentiated lipo", "histology/dedifferentiated-liposarcoma"),
    ("nct036", "trial/nct03651375"),
    ("Ewing's sarc", "histology/ewing-sarcoma"),
    ("gastrointestinal strom", "histology/gastrointestinal-stromal-tumour"),
)
"""Beginnings, and the end of the IRI that each means first."""

NOTHING = (
    # Letters and small numbers that hundreds of names have.
    *('" OR 1=1', "x' OR '1'='1"),
    *("qwxzzy", "xyzzyplugh", "aspirin", "metformin", "ibuprofen", "warfarin", "heparin"),
    # Other drugs with almost the same names, and other members of a series of codes.
    *("erlotinib", "afatinib", "lapatinib", "RAD002", "RAD0011", "AMG707", "AMG 7060"),
    *("VEGFR7", "FGFR9", "PDGFRC", "NCT03651376", "NCT0365138", "MET inhibitors"),
    # Short words are not mistyped, and opposites no slips.
    *("KTI", "GITS", "DTCI", "LSM", "hypotension"),
    *("drug:aspirin", "https://w3id.org/sarcoma-kg/drug/aspirin", "imatinib broccoli", "phase IX"),
    *(" ", "!!!", "\0", "\u202e", "\U0001f48a\U0001f9ec", '"', "* OR * NEAR(", "a" * 501),
)
"""Texts that must find nothing."""
