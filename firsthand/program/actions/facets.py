"""Keep the facets: add one, rename it, retire it and bring it back."""

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify

from firsthand.core.locks import deed, guarded_update, locked
from firsthand.core.refused import Refused
from firsthand.core.words_key import key
from firsthand.history.actions import record
from firsthand.people.models import Colleague
from firsthand.program.models import Facet
from firsthand.program.permissions import demand


@deed
def add_facet(name: str, *, kind: str, by: Colleague) -> Facet:
    """Add a dimension of the program's own. Raises `Refused` when another is called the same."""
    demand(by)
    code = slugify(key(name))[:40].replace("-", "_")
    if not code:
        raise Refused("A facet's name needs a letter or a digit.", status=400)
    _refuse_twin(name)
    last = Facet.objects.aggregate(last=Max("position"))["last"]
    try:
        with transaction.atomic():
            facet = Facet.objects.create(code=code, name=name, kind=kind, position=0 if last is None else last + 1)
    except IntegrityError:
        raise Refused(f"There is a facet with the short name {code} already.") from None
    record("facet_added", facet, by=by.actor)
    return facet


@deed
def rename_facet(facet: Facet, name: str, *, by: Colleague) -> None:
    """Call a facet something else; its short name, which imports and files use, stays."""
    demand(by)
    facet = locked(Facet.objects.filter(pk=facet.pk)).get()
    _refuse_twin(name, besides=facet)
    guarded_update(facet, before={}, after={"name": name})
    record("facet_renamed", facet, by=by.actor, before=facet.name, after=name)


@deed
def retire_facet(facet: Facet, *, by: Colleague) -> None:
    """Offer a facet no more. What has its values keeps them."""
    demand(by)
    if guarded_update(facet, before={"retired_at": None}, after={"retired_at": timezone.now()}):
        record("facet_retired", facet, by=by.actor)


@deed
def bring_back_facet(facet: Facet, *, by: Colleague) -> None:
    """Offer a retired facet again."""
    demand(by)
    if guarded_update(facet, before={"retired_at__isnull": False}, after={"retired_at": None}):
        record("facet_brought_back", facet, by=by.actor)


def _refuse_twin(name: str, *, besides: Facet | None = None) -> None:
    others = Facet.objects.exclude(pk=besides.pk) if besides else Facet.objects.all()
    twin = next((facet for facet in others if key(facet.name) == key(name)), None)
    if twin:
        raise Refused(f"There is a facet called {twin.name} already{', retired' if twin.retired_at else ''}.")
