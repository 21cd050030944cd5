"""The official papers of programmes and their batches."""

from programs.papers.batches import INSTRUCTOR_DECREE, SCHEDULE_PAPER
from programs.papers.money import HONORARIUM_LIST
from programs.papers.programs import ANNOUNCEMENT_PAPER, COMMITTEE_DECREE

PAPERS = (COMMITTEE_DECREE, ANNOUNCEMENT_PAPER, INSTRUCTOR_DECREE, SCHEDULE_PAPER, HONORARIUM_LIST)
