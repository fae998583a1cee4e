"""A reader's page, and following them from there."""

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.avatars import avatar_of_account
from accounts.following import follow_reader, is_following, unfollow_reader
from accounts.models import Profile, User
from comments.profiles import empty_bio, has_page, history_of
from comments.readers import user_of
from comments.views.reading import MAX_NUMBER


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reader(request: HttpRequest, number: int) -> HttpResponse:
    """Show what a reader tells of themselves and wrote (to anyone).

    An account may follow them, a moderator take their words away. Their own page is there for them
    from the first day, for others with their first comment.
    """
    if number > MAX_NUMBER:
        raise Http404
    asker, shown = user_of(request), get_object_or_404(User, pk=number)
    if shown != asker and not has_page(shown):
        raise Http404
    address = reverse("comments:reader", args=[number])
    refusal = ""
    if request.method == "POST":
        if asker is None:
            return redirect_to_login(address)
        try:
            _change(request.POST, asker, shown)
            return HttpResponseRedirect(address)
        except ValidationError as error:
            refusal = " ".join(error.messages)
    profile = Profile.of(shown)
    context = {
        "reader": shown,
        "avatar": avatar_of_account(shown.pk),
        "profile": profile,
        "history": history_of(profile, request.GET.get("after", "")),
        "is_own": shown == asker,
        "is_followed": asker is not None and is_following(follower=asker, followed=shown),
        "may_moderate": asker is not None and asker.has_perm("comments.moderate_comment"),
        "refusal": refusal,
    }
    status = 400 if refusal else 200
    return render(request, "comments/reader_detail.html", context, status=status)


def _change(asked: QueryDict, asker: User, shown: User) -> None:
    if "follow" in asked:
        follow_reader(follower=asker, followed=shown)
    elif "unfollow" in asked:
        unfollow_reader(follower=asker, followed=shown)
    elif "empty" in asked:
        empty_bio(user=shown, by=asker)
