"""Benchmarks of Sarcoma-KG: generated graphs of any size, and peers side by side in one run."""
