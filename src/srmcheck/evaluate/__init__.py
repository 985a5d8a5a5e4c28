"""From the graph and the policies to verdicts."""

from srmcheck.evaluate.outcome import Evaluation, Outcome
from srmcheck.evaluate.run import documents, run

__all__ = ["Evaluation", "Outcome", "documents", "run"]
