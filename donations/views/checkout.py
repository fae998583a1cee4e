"""Giving by card: a form that leads to Stripe's own page, and thanks for those who come back."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.csp import CSP
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csp import csp_override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from donations.checkout import CheckoutError, start_checkout, takes_cards
from donations.forms import CardForm
from donations.models import Campaign


def card_form(data: object = None) -> CardForm | None:
    """Return the form in the drive's currency, None while cards are not taken."""
    if not takes_cards():
        return None
    drive = Campaign.objects.running().first() or Campaign.objects.first()
    return CardForm(data, currency=drive.currency if drive else "USD")


def leads_to_checkout(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let the forms of a page lead on to Stripe's: browsers hold a redirect to the policy too."""
    policy = settings.SECURE_CSP | {"form-action": [CSP.SELF, settings.STRIPE_CHECKOUT_ORIGIN]}
    return csp_override(policy)(lambda _request: response)(request)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def card(request: HttpRequest) -> HttpResponse:
    """Lead to Stripe's page for a gift by card. Public; not there without Stripe's key."""
    form = card_form(request.POST if request.method == "POST" else None)
    if form is None:
        raise Http404
    status, broken = 200, ""
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                return HttpResponseRedirect(
                    start_checkout(
                        amount_minor=form.cleaned_data["amount_minor"], currency=form.currency,
                        is_monthly=form.cleaned_data["interval"] == "month",
                        language=(get_language() or "")[:2],
                    )
                )  # fmt: skip
            except ValidationError as error:
                form.add_error("own", error)
            except CheckoutError:
                status = 503
                broken = _("The card page cannot be opened at the moment. Nothing was charged.")
    context = {"card": form, "broken": broken}
    return leads_to_checkout(
        request, render(request, "donations/card.html", context, status=status)
    )


@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """Thank those who come back from paying. Public, and the same for everyone."""
    return render(request, "donations/thanks.html")
