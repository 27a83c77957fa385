"""What other journeys show by their pages, done here by the deeds: requests filed, people asked, times fixed."""

import subprocess

from e2e.server import FIRSTHAND, Server

# The demo's cast, and words for what a journey needs before it begins.
CAST = """
from datetime import timedelta
from django.utils import timezone
from firsthand.deals.models import Opportunity
from firsthand.matching.rules import Kind
from firsthand.people.models import Colleague
from firsthand.program.models import ActivityType
from firsthand.references.models import Reference
from firsthand.requests import actions
from firsthand.requests.consents import is_confirmed
from firsthand.requests.permissions import bars_of, why_not_propose

sam, ana, mia = (Colleague.objects.get(name=name) for name in ("Sam Okafor", "Ana Ferreira", "Mia Lindgren"))
deals = Opportunity.objects.filter(owner=sam, outcome="open", account__isnull=False).order_by("-stage__position", "-amount")
wish = "How long did the move take, and who had to help?"

def filed(code, place):
    needed_by = timezone.now().date() + timedelta(days=9)
    what = actions.Wish(ActivityType.objects.get(code=code), needed_by, wish, opportunity=deals[place])
    return actions.file_request(what, by=sam)

def people():
    return Reference.objects.filter(status="active").exclude(contact__email="").order_by("pk")

def of_ana(reference):
    type(reference.account).objects.filter(pk=reference.account.pk).update(owner=ana)
    return Reference.objects.get(pk=reference.pk)

def sent(ask):
    if ask.status == "proposed":
        ask = actions.approve(ask, by=ana)
    return actions.send(ask, by=mia) if ask.status == "approved" else ask
"""


def told(demo: Server, script: str) -> list[str]:
    """Run a script after `CAST` in the installation, and give what its last `print` told, word by word."""
    shell = [*FIRSTHAND, "manage", "shell", "--verbosity", "0", "--command", CAST + script]
    done = subprocess.run(shell, env=demo.environment, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1].split()
