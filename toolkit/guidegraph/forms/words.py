"""Words as people type or paste them: HTML and characters that cannot be seen are told."""

from __future__ import annotations

import html
import re

from guidegraph.check.likeness import hidden_sign
from guidegraph.diagnostic import Diagnostic
from guidegraph.forms import faults

_TAGS = (
    "a|abbr|article|b|blockquote|body|br|center|code|col|dd|div|dl|dt|em|figure|font|footer|form|"
    "h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|li|link|main|mark|meta|nav|object|ol|p|"
    "pre|s|script|section|small|span|strike|strong|style|sub|sup|svg|table|tbody|td|template|tfoot|"
    "th|thead|title|tr|tt|u|ul|var|video|[a-z]+:[a-z]+"
)
_TAG = re.compile(rf"</?(?:{_TAGS})(?:\s[^<>]*)?/?>|<!--", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#[0-9]+|#x[0-9a-f]+|[a-z][a-z0-9]+);", re.IGNORECASE)
_SHOWN = 4


def fault_of(text: str, keeps: str = "") -> Diagnostic | None:
    """What speaks against these words; ``keeps`` are unseen characters that may stand (line ends).

    ``<50`` and ``a < b`` are no HTML.
    """
    if sign := hidden_sign(text, keeps):
        return faults.unseen(text, sign)
    found = [*_TAG.findall(text), *(e for e in _ENTITY.findall(text) if html.unescape(e) != e)]
    if found:
        told = ", ".join(f"`{each}`" for each in dict.fromkeys(found[:_SHOWN]))
        plain = " ".join(html.unescape(_TAG.sub(" ", text)).split())
        return faults.markup(told, plain)
    return None
