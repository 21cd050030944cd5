"""What a first visitor of the office should meet: mails that came back, calls to make, people on their way in."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.actions import Guest, invite
from accounts.models import Agency, User
from accounts.roles import Role
from ikm_portal.demo.editions import PANJANG_BARU
from notifications.actions import note_call, pass_on_to_call
from notifications.delivery import fail_over
from notifications.models import Channel, Message, State
from regions.models import Region

FULL, UNKNOWN = 552, 550  # what a mail server answers: the mailbox is full, there is no such address


@override("id")
def mails_come_back(agency: Agency) -> None:
    """Two letters of yesterday found a full mailbox, one an address that does not exist, and goes on by WhatsApp."""
    sent = Message.objects.filter(agency=agency, channel=Channel.EMAIL, kind="broadcast", state=State.SENT)
    for message, code in zip(sent.order_by("pk")[:3], (FULL, FULL, UNKNOWN), strict=True):
        sentence = _("The recipient's mail server refused the address (code %(code)s).") % {"code": code}
        message.fallbacks = [Channel.MANUAL, Channel.CALL] if code == UNKNOWN else []
        Message.objects.filter(pk=message.pk).update(state=State.QUEUED, sent_at=None)
        fail_over(message, sentence, f"smtp_{code}")


@override("id")
def some_have_no_whatsapp(agency: Agency, officer: User) -> None:
    """Three numbers go to the list of calls; one of them did not answer the first time."""
    waiting = Message.objects.filter(agency=agency, channel=Channel.MANUAL, state=State.QUEUED).exclude(secret=True)
    calls = [pass_on_to_call(message=message, by=officer) for message in waiting.order_by("-pk")[:3]]
    Message.objects.filter(pk__in=[call.pk for call in calls]).update(not_before=timezone.now())
    for call in calls[:1]:
        note_call(message=call, reached=False, by=officer)


def people_are_invited(agency: Agency, administrator: User) -> None:
    """One gets a printed letter, one a link by e-mail."""
    village = Region.objects.get(pk=PANJANG_BARU)
    letter = Guest(username="sri.rahayu", full_name="Sri Contoh Rahayu", role=Role.VILLAGE_OFFICER, region=village)
    link = Guest(
        username="wahyu.nugroho",
        full_name="Wahyu Contoh Nugroho",
        role=Role.VERIFIER,
        email="wahyu.nugroho@contoh.example",
    )
    invite(by=administrator, agency=agency, guests=[letter, link])
