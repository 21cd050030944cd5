"""The job seeker cards of the demonstration: something on every tab, and one report that is late."""

from ikm_portal.demo.cards import CARDS, READY, cards_of_2024
from participants import queries
from participants.models import CardReport, Registration
from tests import cast, factories
from tests.participants import cards


def test_demo_cards_fill_every_tab(db: None) -> None:
    batch = factories.batch(factories.program(cast.home_agency()))
    for _number in range(len(CARDS) + len(READY)):
        cards.person(batch)
    officer, today = cast.program_officer(), batch.program.agency.today()
    cards_of_2024(list(Registration.objects.select_related("person").order_by("pk")), officer, today)
    figures = queries.card_figures(officer, today)
    assert (figures.due.number, figures.held.number, figures.preparing.number, figures.ended.number) == (5, 7, 4, 2)
    late = CardReport.objects.open().filter(due_on__lt=today)
    assert late.filter(card__expires_on__gte=today).count() == 1
    assert late.filter(card__expires_on__lt=today).count() == 1
