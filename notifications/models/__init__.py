"""The outbox, and what an office decides about its channels."""

from notifications.models.channels import ChannelPolicy, WhatsAppChoice, WhatsAppGateway, WhatsAppTemplate
from notifications.models.message import BY_HAND, WIPED, Channel, Message, MessageQuerySet, State

__all__ = [
    "BY_HAND",
    "WIPED",
    "Channel",
    "ChannelPolicy",
    "Message",
    "MessageQuerySet",
    "State",
    "WhatsAppChoice",
    "WhatsAppGateway",
    "WhatsAppTemplate",
]
