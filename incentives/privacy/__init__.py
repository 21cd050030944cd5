"""What competitions keep of people: pitches of participants, and jurors and objectors, who register for nothing."""

from incentives.privacy.jury import AGING, forget_jurors, forget_objections, told_of_juror, told_of_objection
from incentives.privacy.pitches import RELATIONS, built_on, erase, export, forget_entries, merge, unmerge

__all__ = [
    "AGING",
    "RELATIONS",
    "built_on",
    "erase",
    "export",
    "forget_entries",
    "forget_jurors",
    "forget_objections",
    "merge",
    "told_of_juror",
    "told_of_objection",
    "unmerge",
]
