"""A form makes something once. What is made here is a job, the plainest row there is."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.test import RequestFactory
from django.utils import timezone

from firsthand.core.models import Job, SentForm
from firsthand.core.once import FIELD, forget_old, once
from firsthand.core.refused import Refused


@once
def make(request: HttpRequest) -> HttpResponse:
    """Make a job, then answer as `request.POST["then"]` says."""
    job = Job.objects.create(kind="made", subject_id=1)
    if request.POST.get("then") == "refuse":
        raise Refused("Not today.")
    if request.POST.get("then") == "complain":
        return HttpResponse("again, please", status=400)
    return redirect(f"/made/{job.pk}/")


@pytest.mark.both_engines
@pytest.mark.django_db
def test_sending_a_form_twice_leads_to_the_first_row(rf: RequestFactory) -> None:
    key = str(uuid4())
    first, second = (make(rf.post("/", {FIELD: key})) for _ in range(2))
    assert Job.objects.count() == 1
    assert first["Location"] == second["Location"] == f"/made/{Job.objects.get().pk}/"


@pytest.mark.django_db
def test_two_forms_make_two_rows(rf: RequestFactory) -> None:
    for _ in range(2):
        make(rf.post("/", {FIELD: str(uuid4())}))
    assert Job.objects.count() == 2


@pytest.mark.both_engines
@pytest.mark.django_db
def test_what_was_not_made_may_be_sent_again(rf: RequestFactory) -> None:
    key = str(uuid4())
    assert make(rf.post("/", {FIELD: key, "then": "complain"})).status_code == 400
    with pytest.raises(Refused):
        make(rf.post("/", {FIELD: key, "then": "refuse"}))
    assert not Job.objects.exists()
    assert make(rf.post("/", {FIELD: key})).status_code == 302
    assert Job.objects.count() == 1


@pytest.mark.parametrize("key", ["", "not a key"])
@pytest.mark.django_db
def test_a_form_without_a_key_is_done_as_it_is(rf: RequestFactory, key: str) -> None:
    for _ in range(2):
        make(rf.post("/", {FIELD: key}))
    assert (Job.objects.count(), SentForm.objects.count()) == (2, 0)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_sent_eight_times_at_one_moment_it_is_made_once(rf: RequestFactory) -> None:
    key, led_to, start = str(uuid4()), [], threading.Barrier(8)

    def send() -> None:
        start.wait()
        led_to.append(make(rf.post("/", {FIELD: key}))["Location"])
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Job.objects.count() == 1
    assert led_to == [f"/made/{Job.objects.get().pk}/"] * 8


@pytest.mark.django_db
def test_keys_are_forgotten_after_a_month(rf: RequestFactory) -> None:
    make(rf.post("/", {FIELD: str(uuid4())}))
    assert forget_old(timezone.now() + timedelta(days=29)) == 0
    assert forget_old(timezone.now() + timedelta(days=31)) == 1
