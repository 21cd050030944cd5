"""Reads that join several models."""

from programs.queries.batches import FOUND_REGIONS, answer_requirements, find_batches

__all__ = ["FOUND_REGIONS", "answer_requirements", "find_batches"]
