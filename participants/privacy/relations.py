"""Each foreign key that leads to a person or to one of their entries, and what becomes of it.

A merge moves what points to the card that goes over to the card that stays; what hangs on an entry goes with its entry.
A test finds every key that has no line here.
"""

RELATIONS = {
    "participants.Registration.person": "Merge: all entries move, also ended ones; what they froze stays as it was.",
    "participants.CardPreparation.person": "Merge: the one touched last stays, the other is put aside.",
    "participants.JobSeekerCard.person": "Merge: all cards move; two in force at once refuse the merge.",
    "participants.DataRequest.person": "Merge: all requests move; the same one open twice refuses the merge.",
    "participants.PersonPair.first": "Merge: what was decided holds for the card that stays.",
    "participants.PersonPair.second": "Merge: what was decided holds for the card that stays.",
    "participants.PersonTrace.person": "Merge: goes with the card; the finder makes it anew.",
    "participants.PersonMerge.kept": "Merge: earlier merges move, so that the trail finds every former number.",
    "participants.PersonMerge.gone": "Merge: proposals about the card that goes are gone with it.",
    "participants.IncidentPerson.person": "Merge: who was concerned by an incident stays concerned.",
    "participants.RetentionItem.person": "Merge: what was proposed about the card that goes is gone with it.",
    "participants.AccessCode.registration": "Stays with its entry.",
    "participants.Attendance.registration": "Stays with its entry.",
    "participants.AttendanceMark.registration": "Stays with its entry.",
    "participants.DoorCase.registration": "Stays with its entry.",
    "participants.Complaint.registration": "Stays with its entry.",
    "participants.Completion.registration": "Stays with its entry.",
    "participants.Consent.registration": "Stays with its entry: a consent is given with an entry.",
    "participants.DataRequest.registration": "Stays with its entry.",
    "participants.DuplicateReview.first": "Stays with its entry.",
    "participants.DuplicateReview.second": "Stays with its entry.",
    "participants.EvidenceFile.registration": "Stays with its entry.",
    "participants.ImportRow.registration": "Stays with its entry, as long as the upload is kept.",
    "participants.IncidentPerson.registration": "Stays with its entry.",
    "participants.Offer.registration": "Stays with its entry.",
    "participants.Proxy.registration": "Stays with its entry.",
    "participants.RegistrationEvent.registration": "Stays with its entry.",
    "participants.Replacement.came": "Stays with its entry.",
    "participants.Replacement.gone": "Stays with its entry.",
    "participants.RetentionItem.registration": "Stays with its entry.",
    "participants.SelectionRow.registration": "Stays with its entry.",
    "participants.SheetLine.registration": "Stays with its entry.",
}
