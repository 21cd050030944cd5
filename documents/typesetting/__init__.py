"""Sets papers in type, in processes of their own: they hold no secret, open no file and no line, can be stopped."""

from documents.typesetting.pool import ENGINE, LayoutFault, Order, TooSlowError, Typesetter
from documents.typesetting.source import assembled, digest, product_layout

__all__ = [
    "ENGINE",
    "LayoutFault",
    "Order",
    "TooSlowError",
    "Typesetter",
    "assembled",
    "digest",
    "product_layout",
]
