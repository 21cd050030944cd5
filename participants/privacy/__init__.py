"""What participants keep of a person: told to them, joined when two cards are one, and erased."""

from participants.privacy.anonymising import anonymise
from participants.privacy.merging import built_on, merge, unmerge
from participants.privacy.relations import RELATIONS

__all__ = ["RELATIONS", "anonymise", "built_on", "merge", "unmerge"]
