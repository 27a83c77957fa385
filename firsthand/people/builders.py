"""The cast, for tests."""

from firsthand.people.models import Colleague, Team


def make_colleague(name: str = "Sam Seller", *, role: str = Colleague.Role.MEMBER, team: Team | None = None) -> Colleague:
    """A colleague who can sign in with the password `horse-battery-staple`, addressed by first name."""
    colleague = Colleague(name=name, email=f"{name.split(maxsplit=1)[0].lower()}@firsthand.example", role=role, team=team)
    colleague.set_password("horse-battery-staple")
    colleague.save()
    return colleague


def mia() -> Colleague:
    """The program manager."""
    return make_colleague("Mia Manager", role=Colleague.Role.MANAGER)


def sam() -> Colleague:
    """The seller."""
    return make_colleague("Sam Seller")


def ana() -> Colleague:
    """The account owner."""
    return make_colleague("Ana Owner")


def eli() -> Colleague:
    """The executive sponsor."""
    return make_colleague("Eli Executive", role=Colleague.Role.EXECUTIVE)


def eve() -> Colleague:
    """The outsider: signed in, but with nothing to do with it."""
    return make_colleague("Eve Outsider")


def adam() -> Colleague:
    """The administrator."""
    return make_colleague("Adam Admin", role=Colleague.Role.ADMIN)


def make_name(name: str = "Nora Name") -> Colleague:
    """A colleague who is a name alone, as imports bring them."""
    return Colleague.objects.create(name=name)


def make_team(name: str = "Nordics", *, lead: Colleague | None = None) -> Team:
    """A team."""
    return Team.objects.create(name=name, lead=lead)
