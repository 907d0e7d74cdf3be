"""What other databases state, as named graphs beside the curated ones: read, gated, kept."""
