"""The sarcoma-kg server: SPARQL, JSON and paths over HTTP, built on the ``kg`` library."""
