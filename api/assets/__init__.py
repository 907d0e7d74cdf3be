"""Styles and scripts of the pages: sources in ``src``, what builds them, and what was built."""
