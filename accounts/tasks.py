"""What the task worker does for accounts."""

from django.tasks import task

from accounts.models import Erasure


@task()
def erase_account(number: int) -> None:
    """Carry out an erasure that was begun. Done twice, nothing is left for the second time."""
    from accounts.personal_data.erasing import carry_out  # noqa: PLC0415 (it plans this task)

    if erasure := Erasure.objects.filter(pk=number).select_related("user").first():
        carry_out(erasure)
