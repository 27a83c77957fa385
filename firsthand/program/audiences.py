"""Who hears a reference: from the few of one deal to everybody."""

# What the press hears everybody reads; yet who speaks to the one may not to the other, so neither is the wider of the two.
CIRCLES = {"prospects": 0, "analysts": 1, "press": 2, "public": 2}


def widest(*audiences: str) -> tuple[str, ...]:
    """The widest of these circles, which takes in whoever is in the others; the press and the public together where both are meant.

    What is empty says nothing. A social post for a deal is heard by the public, a reference call for the press by the press.
    """
    said = dict.fromkeys(each for each in audiences if each)
    most = max((CIRCLES[each] for each in said), default=0)
    return tuple(each for each in said if CIRCLES[each] == most)
