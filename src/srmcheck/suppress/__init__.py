"""Suppressions: ignores that stand in a template, and the baseline (docs: suppressions). Pure: files are read elsewhere."""
