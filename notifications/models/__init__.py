"""The outbox, what an office decides about its channels, and its own words."""

from notifications.models.channels import ChannelPolicy, WhatsAppChoice, WhatsAppGateway, WhatsAppTemplate
from notifications.models.message import BY_HAND, WIPED, Channel, Message, MessageQuerySet, State
from notifications.models.text import MessageText, MessageTextQuerySet, agencies_with_texts_of

__all__ = [
    "BY_HAND",
    "WIPED",
    "Channel",
    "ChannelPolicy",
    "Message",
    "MessageQuerySet",
    "MessageText",
    "MessageTextQuerySet",
    "State",
    "WhatsAppChoice",
    "WhatsAppGateway",
    "WhatsAppTemplate",
    "agencies_with_texts_of",
]
