from notifications.models.message import WIPED, Channel, Message, MessageQuerySet, State

__all__ = ["WIPED", "Channel", "Message", "MessageQuerySet", "State"]
