"""The sarcoma-kg library: records to graph, inference, gate, snapshot and queries."""
