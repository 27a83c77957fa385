"""`firsthand match --request N | --need FILE`: the ranked matches and why not the others, as the page shows them."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from firsthand.core.refused import Refused
from firsthand.matching.match import Result, match
from firsthand.matching.need import Need
from firsthand.matching.need_json import need_from_json
from firsthand.matching.result_json import result_json
from firsthand.people.models import Colleague
from firsthand.requests.models import ReferenceRequest
from firsthand.requests.needs import need_of


class Command(BaseCommand):
    help = "Print the ranked matches of a request or of a need in a JSON file, and why not the others."

    def add_arguments(self, parser: ArgumentParser) -> None:
        asked = parser.add_mutually_exclusive_group(required=True)
        asked.add_argument("--request", type=int, metavar="N", help="the number of a request, as in RQ-12")
        asked.add_argument("--need", metavar="FILE", help="a JSON file with a need, - for standard input")
        parser.add_argument("--as", dest="viewer", metavar="EMAIL", help="see what this colleague sees; everything without it")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            viewer = _viewer(options["viewer"])
            need = _of_request(options["request"]) if options["request"] is not None else self._of_file(options["need"], viewer)
            result = match(need, viewer)
        except Refused as refused:
            raise CommandError(refused.sentence) from None
        told = json.dumps(result_json(result), ensure_ascii=False, indent=2) if options["json"] else _in_words(result)
        self.stdout.write(told)

    def _of_file(self, name: str, viewer: Colleague | None) -> Need:
        try:
            text = self._input() if name == "-" else Path(name).read_text(encoding="utf-8-sig")
            return need_from_json(json.loads(text), viewer)
        except OSError:
            raise Refused(f"There is no file {name} that can be read.", status=400) from None
        except ValueError:
            raise Refused(f"{name} does not hold JSON in UTF-8.", status=400) from None

    def _input(self) -> str:
        return Path("/dev/stdin").read_text(encoding="utf-8")


def _viewer(email: str | None) -> Colleague | None:
    if email is None:
        return None
    found = Colleague.objects.active().filter(email=email.lower()).first()
    if found is None:
        raise Refused(f"No active colleague has the address {email}.", status=400)
    return found


def _of_request(number: int) -> Need:
    found = ReferenceRequest.objects.filter(pk=number).select_related("activity_type", "opportunity__account", "opportunity__stage").first()
    if found is None:
        raise Refused(f"There is no request RQ-{number}.", status=400)
    return need_of(found)


def _in_words(result: Result) -> str:
    lines = [f"{result.fits} fit, {result.barred} do not, {result.lacking} lack a must ({result.milliseconds:.0f} ms)", ""]
    for each in result.matches:
        unconfirmed = "" if each.is_confirmed else " (unconfirmed)"
        lines += [f"{each.rank:>3}  {each.score:>3}  {each.name}, {each.account}{unconfirmed}"]
        lines += [f"          {part.points:>3} {part.name}: {part.sentence}" for part in each.parts]
    lines += ["", *(exclusion.sentence for exclusion in result.exclusions)]
    return "\n".join(lines)
