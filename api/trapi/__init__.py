"""The Translator Reasoner API: the claims of the documents as a graph of the Biolink model."""
