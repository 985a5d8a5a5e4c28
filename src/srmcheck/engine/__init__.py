"""Ways to run Rego: one protocol, three adapters."""
