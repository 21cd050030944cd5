"""Who holds which award by a result: one slot for each, named anew when the result changes."""

from collections import defaultdict
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from budgets.models import Payment
from documents.actions import revoke_groundless
from incentives.models import Award, AwardTier, Edition, Result
from incentives.queries.awards import CERTIFICATE, tax_rule_of
from incentives.queries.facts import tier_code
from incentives.rules import EntryResult, Outcome, award_money
from kit.refusals import spoken_refusals

# Entry, tier and category: what of an award somebody keeps when the result changes around it.
Held = tuple[int, int, str]


def name_awards(*, result: Result, outcome: Outcome, by: User | None, actor_label: str = "") -> list[Award]:
    """Who keeps the same award keeps the row; whoever comes in or moves gets a new one."""
    row = result.competition
    won = _won(result.edition, outcome)
    standing = {(one.entry_id, one.tier_id, one.category): one for one in row.awards.standing()}
    leaving = row.awards.standing().filter(pk__in=[one.pk for held, one in standing.items() if held not in won])
    check_unpaid(leaving)
    end_awards(leaving, result.reason or str(_("The result changed.")), by=by, actor_label=actor_label)
    taken: dict[tuple[int, str], set[int]] = defaultdict(set)
    for (_entry, tier, category), one in standing.items():
        if (one.entry_id, tier, category) in won:
            taken[tier, category].add(one.slot)
    made = [
        Award(competition=row, result=result, entry_id=held[0], tier=tier, category=held[2], gross=gross)
        for held, (tier, gross) in won.items()
        if held not in standing
    ]
    for one in made:
        slots = taken[one.tier_id, one.category]
        one.slot = next(number for number in range(1, one.tier.slots + 1) if number not in slots)
        slots.add(one.slot)
    with spoken_refusals(Award):
        Award.objects.bulk_create(made)
    return made


def end_awards(awards: "QuerySet[Award]", reason: str, *, by: User | None, actor_label: str = "") -> None:
    """With the award its certificate ends, in the same transaction: strangers read at once that it no longer counts."""
    keys = list(awards.values_list("pk", flat=True))
    Award.objects.filter(pk__in=keys).update(ended_at=timezone.now(), ended_reason=reason[:300])
    papers = [f"award:{key}" for key in keys]
    revoke_groundless(kind=CERTIFICATE, subjects=papers, reason=reason, by=by, actor_label=actor_label)


def check_unpaid(awards: Iterable[Award]) -> None:
    """An award whose money is on its way, or paid, is nobody else's: the payment is taken back first."""
    keys = [one.payment_id for one in awards if one.payment_id]
    live = Payment.objects.standing().filter(pk__in=keys).order_by("pk").first()
    if live is not None:
        told = {"payee": live.payee_name, "state": live.get_state_display()}
        sentence = _("The award of %(payee)s is “%(state)s” in the payments. Take that back first.") % told
        raise ValidationError(sentence, code="award_in_payment")


def _won(edition: Edition, outcome: Outcome) -> dict[Held, tuple[AwardTier, int]]:
    tiers = {tier_code(tier.position): tier for tier in edition.tiers.all()}
    gross = {code: gross_of(edition, tier) for code, tier in tiers.items()}
    ordered: list[EntryResult] = sorted(outcome.winners, key=lambda one: (one.category, one.place or 0, one.entry))
    return {
        (one.entry, tiers[one.tier].pk, one.category if edition.per_category else ""): (
            tiers[one.tier],
            gross[one.tier],
        )
        for one in ordered
    }


def gross_of(edition: Edition, tier: AwardTier) -> int:
    """The amount that was promised, or what leaves it after the tax of today."""
    if edition.amount_is == Edition.AmountIs.GROSS:
        return tier.amount
    rule = tax_rule_of(edition.competition)
    if rule is None:
        raise ValidationError(_("There is no rule for the tax on awards of this day."), code="no_tax_rule")
    return award_money(tier.amount, rule.terms, is_net=True).gross
