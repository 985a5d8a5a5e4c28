"""Tests of policies: named fixtures, completion and mutation tests, Rego tests, both engines (docs: fixtures, own-policies).

`srmcheck test` runs them for users' own policies, and the project's own tests for those that ship.
"""
