"""Strings that lead elsewhere where a form or page believes them: known ways round checks of `next`."""

from __future__ import annotations

ADDRESSES = [
    "//evil.example", "///evil.example", "////evil.example", "/\\evil.example", "\\\\evil.example", "\\/evil.example",
    "/\\/evil.example", "https://evil.example", "http://evil.example", "HTTPS://evil.example", "https:evil.example",
    "https:/evil.example", "http:evil.example", "https:///evil.example", "javascript:alert(1)", "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "ftp://evil.example",
    "/\t/evil.example", "/\n/evil.example", "/\r/evil.example", "\t//evil.example", "\n//evil.example",
    " //evil.example",     "/\x00/evil.example", "\x00//evil.example", "/\u2028/evil.example", "\u3000//evil.example",
    "evil.example", "@evil.example",
    "//evil.example@testserver", "http://testserver@evil.example", "http://testserver.evil.example", "//testserver",
    "http:\\\\evil.example", "//evil.example:80\\@testserver", "/%0d%0aLocation:\r\n//evil.example", "?//evil.example",
    "https:\\evil.example", "/\x0b/evil.example", "/\x7f/evil.example", "//[::1]", "///\\evil.example",
    "//evil。example", "/\u200b/evil.example", "//\u202eelpmaxe.live", "\ufeff//evil.example",
]  # fmt: skip
