"""Pages and deeds of requests and asks, for colleagues who are signed in."""

from firsthand.requests.views import asks, deeds, filing, listing, matches, queue

__all__ = ["asks", "deeds", "filing", "listing", "matches", "queue"]
