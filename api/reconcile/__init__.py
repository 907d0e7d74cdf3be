"""The Reconciliation Service API, version 0.2: names of a spreadsheet to things of this graph."""
