"""Pages as a reader meets them, for tests that look for words in them."""

import re

TOKENS = re.compile(r'(?<=name="csrfmiddlewaretoken" value=")[^"]*|(?<=/l/)[\w.~:-]+')


def without_tokens(text: str) -> str:
    """A page or a mail without its random letters, in which any short word is met now and then."""
    return TOKENS.sub("", text)
