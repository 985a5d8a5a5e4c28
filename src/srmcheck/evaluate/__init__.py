"""From the graph and the policies to verdicts."""

from srmcheck.evaluate.outcome import Evaluation, Outcome

__all__ = ["Evaluation", "Outcome"]
