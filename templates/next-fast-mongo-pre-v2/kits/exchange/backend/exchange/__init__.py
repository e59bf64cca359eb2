"""Records from and to files: CSV and JSON."""
