"""Which addresses a story may lead to."""

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from firsthand.core.refused import Refused

LONGEST = 500
IS_ADDRESS = URLValidator(schemes=["https"])
WHAT_FITS = "Give a full address that begins with https://, such as https://www.example.com/story."


def read_address(text: str) -> str:
    """The address as it is kept: https only, without a user name or password. Raises `Refused` (400) with one sentence."""
    address = text.strip()
    if len(address) > LONGEST:
        raise Refused(f"An address has at most {LONGEST} signs. This one has {len(address):,}.", status=400)
    try:
        IS_ADDRESS(address)
        has_login = "@" in urlsplit(address).netloc
    except (ValidationError, ValueError) as error:
        raise Refused(WHAT_FITS, status=400) from error
    if has_login:
        raise Refused("An address must not hold a user name or password. Leave out what stands before the @.", status=400)
    return address


def opens(address: str) -> bool:
    """Whether a page may link to it: imports bring what others typed, and a link must never run a script."""
    return address.startswith(("https://", "http://"))
