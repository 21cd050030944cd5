"""Reads that join several models."""

from programs.queries.batches import FOUND_REGIONS, answer_requirements, find_batches
from programs.queries.requests import decided_topics

__all__ = ["FOUND_REGIONS", "answer_requirements", "decided_topics", "find_batches"]
