"""Save a new version of the policy."""

from typing import Any

from firsthand.core.locks import deed, locked
from firsthand.core.refused import Refused
from firsthand.history.actions import record
from firsthand.people.models import Colleague
from firsthand.program.models import PolicyVersion
from firsthand.program.permissions import demand
from firsthand.program.policy import Policy, difference, newest, odd

LONGEST_REASON = 500


@deed
def save_policy(policy: Policy, *, reason: str, by: Colleague, over: int) -> PolicyVersion:
    """Put new rules in force from now on. `over` is the id of the version they were written over, 0 for none.

    Raises `Refused` when another version was saved meanwhile, when nothing differs, without a reason, and for rules that are
    out of bounds or do not go together (`policy.odd`).
    """
    demand(by)
    reason = reason.strip()
    if not reason:
        raise Refused("Say why the policy changes. The next reader wants to know.", status=400)
    for _, sentence in odd(policy):
        raise Refused(sentence, status=400)
    before = _locked_newest()
    if before and before.pk != over:
        author = before.author.name if before.author else "Somebody"
        raise Refused(f"{author} saved another version meanwhile. Yours is kept below: compare, then save once more.")
    rules: dict[str, Any] = policy.model_dump(mode="json")
    changed = difference(before.rules if before else Policy().model_dump(mode="json"), rules)
    if not changed:
        raise Refused("Nothing differs from the version in force, so none was saved.", status=400)
    version = PolicyVersion.objects.create(rules=rules, difference=changed, reason=reason[:LONGEST_REASON], author=by)
    record("policy_saved", version, by=by.actor, changed=sorted(changed))
    return version


def _locked_newest() -> PolicyVersion | None:
    """The version in force, read once nobody else is saving one: whoever saves locks the version they write over."""
    seen = newest()
    if seen:
        list(locked(PolicyVersion.objects.filter(pk=seen.pk)))
    return newest()
