"""Examples for the policies' pages, cut out of the fixtures: for each language a resource that fails and one that passes.

A cut example holds the resource, what it refers to, and the helpers that refer to it. It is taken only if the policy gives
it the verdict that its name promises, for the reason that it has in the whole fixture (docs/fixtures.md).
"""

from tools.examples.choose import Example, examples_of

__all__ = ["Example", "examples_of"]
