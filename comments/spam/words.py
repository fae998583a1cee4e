"""What a comment is weighed by: its words, where its links lead, and how it hides what it says.

Pure: text in, words out. The same comment always gives the same words, whatever its language.
"""

import itertools
import re
import unicodedata
from collections.abc import Generator, Iterator

MAX_WORDS = 300  # of one comment; what comes later is not weighed
MAX_LENGTH = 40  # characters of a word
MAX_HOST = 253
MANY_LINKS = 3
MIN_SHOUT = 12  # letters that must be there before capitals mean anything
SHOUT = 0.6  # the share of capitals

# Whatever says where it leads, an address of mail, or a host alone.
PLACE = re.compile(
    r"(?P<link>(?:(?:https?|hxxps?)://|\bwww\.)[^\s<>\"')\]]+)"
    r"|[\w.+-]{1,64}@(?P<mail>(?:[\w-]{1,63}\.){1,5}[\w-]{2,63})"
    r"|(?<![\w@.])(?P<host>(?-i:(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,12})"
    r"(?:/[^\s<>\"')\]]*)?)(?![\w@.])",
    re.IGNORECASE,
)
# ``shop[.]example``, ``shop (dot) example``.
HIDDEN_DOT = re.compile(r"\s?[\[({]\s?(?:\.|dot)\s?[\])}]\s?", re.IGNORECASE)
PHONE = re.compile(r"(?<![\w.])\+?\d[\d ()./-]{7,20}\d(?!\w)")
MONEY = re.compile(r"[$€£¥₽₹₿]\s?\d|\d\s?[$€£¥₽₹₿]")
# ``f r e e``, ``v.i.a.g.r.a``, ``c*a*s*h``: single letters, at least four, the same sign between.
SPACED = re.compile(r"(?<!\w)[^\W\d_](?:([ .*_-])[^\W\d_])(?:\1[^\W\d_]){2,}(?!\w)")
# Vowels and other marks that scripts write above, below and beside their letters.
MARKS = (
    "\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u0900-\u0963\u0980-\u0dff"
    "\u0e00-\u109f\u1780-\u17d3"
)
WORD = re.compile(rf"[^\W_](?:[^\W_]|[{MARKS}]|['\u2019!@$](?=[^\W_]))*")
# Those of Latin, Greek and Cyrillic letters, and those that Hebrew and Arabic may leave out.
ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]")
REPEATED = re.compile(r"(\w)\1{2,}")
# Written without spaces between words: Thai, Lao, Burmese, Khmer, kana, Chinese characters.
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]+"
)
LATIN = re.compile("[a-z]")
LOOKS_LIKE_LATIN = re.compile("[\u0370-\u03ff\u0400-\u052f]")
LOOKALIKES = str.maketrans(
    "авекмнорстухіјѕһԁԛԝαβεηικνορτυχ",
    "abekmhopctyxijshdqwabenikvoptux",
)
DISGUISED = re.compile(r"[^\W\d_][0134578@$!]+[^\W\d_]")
DIGITS_AS_LETTERS = str.maketrans("0134578@$!", "oieastbasi")
# They draw nothing, and honest texts in some scripts, and emoji, need them.
HONEST_CONTROLS = "\u200c\u200d\u200e\u200f"


def words_of(text: str, name: str = "") -> list[str]:
    """Return the different words of a comment, at most ``MAX_WORDS``, in the order they appear.

    name: what a guest calls themselves. Beside plain words there are ``link:`` and a host,
    ``path:`` and a word of an address, ``mail:`` and a domain, ``name:`` and a word, ``digits:``
    and how many, and ``sign:`` and what is odd about the text.
    """
    return list(itertools.islice(dict.fromkeys(_all_words(text, name)), MAX_WORDS))


def _all_words(text: str, name: str) -> Iterator[str]:
    yield from (f"name:{word}" for word in _plain_words(unicodedata.normalize("NFKC", name)))
    told = unicodedata.normalize("NFKC", text)
    visible = "".join(c for c in told if unicodedata.category(c) != "Cf")
    if sum(c not in HONEST_CONTROLS for c in told) - len(visible) > 1:
        yield "sign:hidden"
    rest = yield from _places(HIDDEN_DOT.sub(".", visible))
    yield from _signs(rest)
    rest, spaced = SPACED.subn(lambda match: re.sub(r"[\W_]", "", match[0]), rest)
    if spaced:
        yield "sign:spaced"
    yield from _plain_words(rest)


def _places(text: str) -> Generator[str, None, str]:
    """Yield where the text leads; return what else it says."""
    links = 0
    for place in PLACE.finditer(text):
        if place["mail"]:
            yield f"mail:{place['mail'].casefold()}"
            continue
        links += 1
        address = re.sub(r"^\w+://", "", place[0].casefold())
        host, _slash, path = address.partition("/")
        host = host.rpartition("@")[2].partition(":")[0].removeprefix("www.")[:MAX_HOST]
        labels = host.split(".")
        yield f"link:{host}"
        yield f"link:{'.'.join(labels[-2:])}"
        yield f"link:.{labels[-1]}"
        yield from (f"path:{word[:MAX_LENGTH]}" for word in WORD.findall(path))
    if links:
        yield "sign:links" if links >= MANY_LINKS else "sign:link"
    return PLACE.sub(" ", text)


def _signs(text: str) -> Iterator[str]:
    letters = [c for c in text if c.isalpha()]
    if len(letters) >= MIN_SHOUT and sum(c.isupper() for c in letters) > len(letters) * SHOUT:
        yield "sign:shouting"
    if PHONE.search(text):
        yield "sign:phone"
    if MONEY.search(text):
        yield "sign:money"
    if "!!" in text:
        yield "sign:exclaiming"


def _plain_words(text: str) -> Iterator[str]:
    for word in WORD.findall(text):
        yield from _spelled(word)
    yield from (c for c in text if unicodedata.category(c) == "So")  # emoji and the like


def _spelled(raw: str) -> Iterator[str]:
    """Yield a word as it would be written if nothing were hidden, and a sign where it is."""
    word = ACCENTS.sub("", unicodedata.normalize("NFD", raw.casefold()))
    word = unicodedata.normalize("NFC", word).replace("\u2019", "'")
    if LATIN.search(word) and LOOKS_LIKE_LATIN.search(word):
        word = word.translate(LOOKALIKES)
        yield "sign:lookalikes"
    if DISGUISED.search(word):
        word = word.translate(DIGITS_AS_LETTERS)
        yield "sign:disguised"
    if word.isdecimal() and len(word) > 3:
        yield f"digits:{min(len(word), 20)}"
    elif UNSPACED.fullmatch(word):
        yield from (word[i : i + 2] for i in range(max(1, len(word) - 1)))
    elif word:
        yield REPEATED.sub(r"\1\1", word)[:MAX_LENGTH]
