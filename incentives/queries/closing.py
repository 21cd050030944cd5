"""What keeps the file of a competition open."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budgets.models import Payment
from incentives.models import Competition
from incentives.queries.after import AfterBoard
from incentives.queries.awards import AwardBoard
from incentives.queries.progress import Obstacle, result_in_force


def open_points(after: AfterBoard) -> list[Obstacle]:
    """Sentences in the order in which they are put right; none where the file can be closed."""
    competition = after.competition
    if competition.state != Competition.State.DECLARED or competition.locked_at is None:
        return [Obstacle("not_locked", _("There is no locked result."))]
    return [*_decision(competition), *_money(competition), *_answers(after)]


def _decision(competition: Competition) -> list[Obstacle]:
    board = AwardBoard(competition, result_in_force(competition))
    found = []
    if not board.is_period_over:
        found.append(Obstacle("objections_run", _("The time for objections is not over.")))
    if board.open_objections:
        text = ngettext(
            "%(count)d objection waits for an answer.",
            "%(count)d objections wait for an answer.",
            board.open_objections,
        )
        found.append(Obstacle("objections_open", text % {"count": board.open_objections}))
    return found


def _money(competition: Competition) -> list[Obstacle]:
    unpaid = competition.awards.standing().exclude(payment__state=Payment.State.PAID).count()
    if not unpaid:
        return []
    text = ngettext("%(count)d award is not paid.", "%(count)d awards are not paid.", unpaid)
    return [Obstacle("awards_unpaid", text % {"count": unpaid})]


def _answers(board: AfterBoard) -> list[Obstacle]:
    found = []
    if board.rows and not board.is_drawn:
        found.append(Obstacle("sample_missing", _("Nobody was chosen yet to be asked whether the money came.")))
    if board.unanswered:
        text = ngettext(
            "%(count)d winner who was asked has not answered.",
            "%(count)d winners who were asked have not answered.",
            board.unanswered,
        )
        found.append(Obstacle("receipts_unanswered", text % {"count": board.unanswered}))
    if board.to_settle:
        text = ngettext(
            "%(count)d answer that not all of it came is not settled.",
            "%(count)d answers that not all of it came are not settled.",
            board.to_settle,
        )
        found.append(Obstacle("receipts_unsettled", text % {"count": board.to_settle}))
    return found
