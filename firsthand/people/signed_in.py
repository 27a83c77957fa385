"""The request that views get behind the sign-in middleware."""

from django.http import HttpRequest

from firsthand.people.models import Colleague


class SignedIn(HttpRequest):
    """A request of a colleague who is signed in and active."""

    user: Colleague
