"""Who answers for a customer: the owner, and in whose hands it goes when the owner is silent or cannot."""

from firsthand.customers.models import Account
from firsthand.people.models import Colleague
from firsthand.program.policy import in_force
from firsthand.references.models import OwnerApproval, Reference
from firsthand.requests.consents import is_confirmed
from firsthand.requests.models import Ask, ReferenceRequest


def chain(reference: Reference, reference_request: ReferenceRequest) -> list[Colleague]:
    """Owner, deputy, lead: those of them who can be reached and did not file the request. After the last, any manager decides."""
    owner = reference.account.owner
    if owner is None:
        return []
    lead = owner.team.lead if owner.team else None
    people = [each for each in (owner, owner.deputy, lead) if each and can_be_reached(each)]
    return [each for each in dict.fromkeys(people) if each.pk != reference_request.requester_id]


def can_be_reached(colleague: Colleague) -> bool:
    """Active, and with an address: somebody imported by name alone could neither read the question nor answer it."""
    return colleague.is_active and bool(colleague.email)


def who_hears(account: Account, *stand_ins: Colleague | None) -> Colleague | None:
    """Whom we tell what is done with a customer's people: the first who can be reached of the owner, the deputy and whoever stands in.

    None stands for the managers.
    """
    owner = account.owner
    people = (owner, owner.deputy if owner else None, *stand_ins)
    return next((each for each in people if each is not None and can_be_reached(each)), None)


def next_in_chain(ask: Ask) -> Colleague | None:
    """Whom the approval goes to after the present approver, who is silent or does not answer for the customer any more.

    None stands for the managers.
    """
    people = chain(ask.reference, ask.reference_request)
    after = people.index(ask.approver) + 1 if ask.approver in people else 0
    return next(iter(people[after:]), None)


def asker_in_person(ask: Ask, by: Colleague) -> Colleague | None:
    """Who asks in person once it is approved: whoever approved it, else the owner, the deputy or the lead, else the manager `by`.

    Whoever asked for it is none of them, but as a manager: what they record is a consent. None where nobody is left.
    """
    approver = ask.approver if ask.approver_id != ask.reference_request.requester_id else None
    people = (approver, *chain(ask.reference, ask.reference_request), by if by.runs_program else None)
    return next((each for each in people if each is not None and can_be_reached(each)), None)


def answers_for_owner(colleague: Colleague, ask: Ask) -> bool:
    """Whether their answer counts as the owner's: whoever it waits for, the owner and the deputy; managers where it waits for them.

    Nobody answers for what they ask for themselves, but a manager where it waits for the managers.
    """
    if colleague.pk == ask.approver_id and colleague.pk != ask.reference_request.requester_id:
        return True
    if ask.approver_id is None and colleague.runs_program:
        return True
    people = chain(ask.reference, ask.reference_request)
    owner = ask.reference.account.owner
    return owner is not None and colleague in people and colleague.pk in {owner.pk, owner.deputy_id}


def is_on_owner_side(colleague: Colleague, ask: Ask) -> bool:
    """The owner, the deputy, or whoever the approval went to, whether or not they filed the request."""
    owner = ask.reference.account.owner
    return colleague.pk == ask.approver_id or (owner is not None and colleague.pk in {owner.pk, owner.deputy_id})


def owner_is_asked(reference: Reference, reference_request: ReferenceRequest) -> bool:
    """Whether the owner has to answer before the reference is asked. An unconfirmed person always goes to the owner first."""
    rule = reference.owner_approval or in_force().for_activity(reference_request.activity_type.code).owner_approval
    if rule == OwnerApproval.ALWAYS or not is_confirmed(reference):
        return True
    if rule == OwnerApproval.NEVER:
        return False
    return not Ask.objects.filter(reference=reference, sent_at__isnull=False).exists()
