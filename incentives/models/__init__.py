from incentives.models.after import FileStep, ReceiptCheck, SampleDraw, UseLine, UsePhoto, UseReport
from incentives.models.competition import AwardTier, Category, Competition, Criterion, Edition
from incentives.models.copy import SeenCopy
from incentives.models.entry import Entry, EntryFile
from incentives.models.juror import Conflict, Juror
from incentives.models.papers import MINUTES, kinds_before_the_result, papers_of_files
from incentives.models.result import Award, Objection, Result, TieDecision
from incentives.models.sheet import Score, ScoreSheet, SheetEvent

__all__ = [
    "MINUTES",
    "Award",
    "AwardTier",
    "Category",
    "Competition",
    "Conflict",
    "Criterion",
    "Edition",
    "Entry",
    "EntryFile",
    "FileStep",
    "Juror",
    "Objection",
    "ReceiptCheck",
    "Result",
    "SampleDraw",
    "Score",
    "ScoreSheet",
    "SeenCopy",
    "SheetEvent",
    "TieDecision",
    "UseLine",
    "UsePhoto",
    "UseReport",
    "kinds_before_the_result",
    "papers_of_files",
]
