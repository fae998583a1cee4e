"""The check that asks the rules which moderators wrote."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comments.models import Outcome, Reason, Rule
from comments.screening import patterns
from comments.screening.draft import Draft, Part
from comments.screening.links import links_in, site_named, sites_in
from comments.screening.verdict import Finding
from comments.screening.words import word_list

logger = logging.getLogger(__name__)
NAMED = 5  # entries of a list that a finding names
DAY = 24 * 60  # minutes
type Span = tuple[int, int]


@dataclass(frozen=True)
class Hit:
    """What a rule found: a sentence for moderators, one for the writer, places in the text."""

    why: str
    told: str
    spans: tuple[Span, ...] = ()


def check_rules(draft: Draft) -> Iterator[Finding]:
    """Ask every active rule."""
    for rule in Rule.objects.filter(is_active=True):
        yield from ask_rule(rule, draft)


def ask_rule(rule: Rule, draft: Draft) -> Iterator[Finding]:
    """Yield what one rule finds, if anything."""
    hit = FINDERS[Rule.Kind(rule.kind)](rule, draft)
    if hit is None or (rule.spares_trusted and draft.is_trusted):
        return
    yield Finding(
        outcome=Outcome(rule.outcome), rule=rule.name, why=hit.why,
        told=rule.told or hit.told, reason=Reason(rule.reason), spans=hit.spans,
    )  # fmt: skip


def _words(rule: Rule, draft: Draft) -> Hit | None:
    words = word_list(rule.entries)
    found: dict[str, None] = {}
    spans: list[Span] = []
    for part in draft.parts:
        for entry, span in words.find(part.text):
            found[entry] = None
            if part.is_body:
                spans.append(span)
    if not found:
        return None
    told = _("It holds words that are not published here without a look, or not at all.")
    return Hit(_("It says %s.") % _listed(found), told, tuple(spans))


def _patterns(rule: Rule, draft: Draft) -> Hit | None:
    found: dict[str, None] = {}
    spans: list[Span] = []
    for line in rule.entries.splitlines():
        pattern = line.strip()
        if not pattern:
            continue
        for part in draft.parts:
            for span in _places(pattern, part):
                found[pattern] = None
                if part.is_body:
                    spans.append(span)
    if not found:
        return None
    told = _("It holds something that is not published here without a look, or not at all.")
    return Hit(_("It fits the pattern %s.") % _listed(found), told, tuple(spans))


def _links(rule: Rule, draft: Draft) -> Hit | None:
    sites = _sites(rule.entries)
    links, named = 0, dict[str, None]()
    link_spans: list[Span] = []
    site_spans: list[Span] = []
    for part in draft.typed:
        found = links_in(part.text.folded)
        links += len(found)
        for site, span in sites_in(part.text.folded, sites):
            named[site] = None
            if part.is_body:
                site_spans.append(span)
        if part.is_body:
            link_spans += found
    if named:
        told = _("It names a site that is not linked to from here.")
        return Hit(_("It names %s.") % _listed(named), told, tuple(site_spans))
    if rule.number is None or links <= rule.number:
        return None
    counted = ngettext("%d link", "%d links", links) % links
    why = _("It holds %(links)s; %(number)d may be.") % {"links": counted, "number": rule.number}
    told = ngettext(
        "At most %d link is published without a look.",
        "At most %d links are published without a look.",
        rule.number,
    )
    return Hit(why, told % rule.number, tuple(link_spans))


def _flood(rule: Rule, draft: Draft) -> Hit | None:
    if rule.number is None or rule.minutes is None:
        return None
    number = draft.recent(rule.minutes)
    if number <= rule.number:
        return None
    numbers = {"number": number, "minutes": rule.minutes, "limit": rule.number}
    why = _("The writer's comment number %(number)d in %(minutes)d minutes; %(limit)d may be.")
    return Hit(why % numbers, _("You wrote very many comments in a short time."))


def _duplicates(rule: Rule, draft: Draft) -> Hit | None:
    minutes = rule.minutes or DAY
    number = draft.same(minutes)
    if number < (rule.number or 1):
        return None
    why = ngettext(
        "The same text came %(number)d time in the %(minutes)d minutes before.",
        "The same text came %(number)d times in the %(minutes)d minutes before.",
        number,
    )
    told = _("The same text was sent before, here or below another report.")
    return Hit(why % {"number": number, "minutes": minutes}, told)


def _capitals(rule: Rule, draft: Draft) -> Hit | None:
    text = draft.comment.body
    upper, lower = sum(map(str.isupper, text)), sum(map(str.islower, text))
    letters = upper + lower
    if not letters or letters < (rule.number or 1):
        return None
    share = 100 * upper // letters
    if rule.share is None or share <= rule.share:
        return None
    numbers = {"share": share, "limit": rule.share}
    why = _("%(share)d %% of its letters are capitals; %(limit)d %% may be.") % numbers
    return Hit(why, _("Much of it is in capitals, which is read as shouting."))


def _places(pattern: str, part: Part) -> set[Span]:
    """Return where a pattern fits a text as it was written, or as it is folded."""
    folded = part.text.folded
    try:
        places = {folded.span(*span) for span in patterns.find(pattern, folded.text)}
        return places | set(patterns.find(pattern, part.written))
    except patterns.BadPatternError:
        # It came past the form; better one rule fewer than nobody who can comment.
        logger.warning("A pattern of a rule cannot be used.")
        return set()


@lru_cache(maxsize=64)
def _sites(lines: str) -> frozenset[str]:
    return frozenset(filter(None, map(site_named, lines.splitlines())))


def _listed(found: dict[str, None]) -> str:
    """Return the first of what was found, as a sentence names it."""
    named = ", ".join(f"“{entry}”" for entry in list(found)[:NAMED])
    return named if len(found) <= NAMED else f"{named} …"


FINDERS: dict[str, Callable[[Rule, Draft], Hit | None]] = {
    Rule.Kind.WORDS: _words,
    Rule.Kind.PATTERNS: _patterns,
    Rule.Kind.LINKS: _links,
    Rule.Kind.FLOOD: _flood,
    Rule.Kind.DUPLICATES: _duplicates,
    Rule.Kind.CAPITALS: _capitals,
}
