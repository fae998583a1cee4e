"""Lists of words: in which disguises a word is found, and what is left alone."""

import pytest

from comments.screening.folding import digest, fold
from comments.screening.words import Text, WordList

LIST = WordList(
    "spam\nass\nball\nbail\nbuy now\nviagra*\nonline casino*\n赌博\nрот\nCafé\n1488\nпіп"
)

FOUND = [
    ("This is SPAM.", "SPAM"),
    ("sp@m", "sp@m"),
    ("Look: $pam!", "$pam"),
    ("5p4m", "5p4m"),
    ("ѕраm", "ѕраm"),  # Cyrillic but for the last
    ("This is ѕрам for you all", "ѕрам"),  # Cyrillic all through, in a text that is not
    ("s.p.a.m", "s.p.a.m"),
    ("s p a m", "s p a m"),
    ("s - p - a - m", "s - p - a - m"),
    ("s\np\na\nm", "s\np\na\nm"),
    ("buy s p a m x", "s p a m"),
    ("spaaaaam", "spaaaaam"),
    ("sp\u200bam", "sp\u200bam"),
    ("sp\u00adam", "sp\u00adam"),
    ("\u202esp\u2066am", "sp\u2066am"),
    ("sp**am**", "sp**am"),
    ("sp_am", "sp_am"),
    ("ｓｐａｍ", "ｓｐａｍ"),
    ("𝓈𝓅𝒶𝓂", "𝓈𝓅𝒶𝓂"),
    ("🅢🅟🅐🅜", "🅢🅟🅐🅜"),
    ("🇸🇵🇦🇲", "🇸🇵🇦🇲"),
    ("ṡp̃ąm", "ṡp̃ąm"),
    ("spam-mail", "spam"),
    ("buy  n0w", "buy  n0w"),
    ("Buy, NOW!", "Buy, NOW"),
    ("viagras", "viagras"),
    ("v1agra", "v1agra"),
    ("v i a g r a", "v i a g r a"),
    ("Online CASINOS here", "Online CASINOS"),
    ("我们赌博吧", "赌博"),
    ("Мы видим рот и нос.", "рот"),
    ("Мы видим poт и нос.", "poт"),  # Latin but for the last
    ("cafe", "cafe"),
    ("CAFÉ", "CAFÉ"),
    ("1488", "1488"),
    ("ba1l", "ba1l"),
]
LEFT_ALONE = [
    "spams", "pass the grass", "the rapist was s", "455", "Mr A.S. Smith", "l488", "buy it now",
    "buy", "sp.....am", "spaam", "Спорт и отдых", "Я пiшу", "", "...", "online chess", "заросли",
]  # fmt: skip


@pytest.mark.parametrize(("text", "place"), FOUND)
def test_word_is_found_in_disguise_and_in_its_place(text: str, place: str) -> None:
    found = LIST.find(Text(text))
    assert [text[begin:end] for _entry, (begin, end) in found][:1] == [place]


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_what_is_no_word_of_the_list_is_left_alone(text: str) -> None:
    assert LIST.find(Text(text)) == []


def test_word_is_named_as_it_is_listed() -> None:
    assert [entry for entry, _span in LIST.find(Text("caf3 or ba1l?"))] == ["Café", "bail", "ball"]


def test_word_cut_in_two_is_found_where_it_is_listed_so() -> None:
    """Words side by side spell others all the time; who cuts one in two is met by a phrase."""
    words = WordList("penis\ntherapist\nviagra\nvia gra\npassit")
    for text in ("The pen is mightier.", "the rapist", "Pass it on."):
        assert words.find(Text(text)) == []
    assert [entry for entry, _span in words.find(Text("Cheap v1a gra!"))] == ["via gra"]


def test_word_of_another_language_is_no_disguise() -> None:
    words = WordList("pot\ncop")
    assert words.find(Text("Он открыл рот, и сор высыпался.")) == []
    assert words.find(Text("He smokes рот every day.")) != []


def test_every_comment_that_could_be_sent_is_read_quickly_enough_to_be_read_at_all() -> None:
    """Whatever is typed is looked at once: no text makes the number of candidates explode."""
    words = WordList("\n".join(f"word{'x' * n}" for n in range(40)))
    for unit in ("a ", "a.", "a$", "@", "a\u200b", "🅢 ", "é", "||a||", "1!|"):
        text = Text((unit * 10_000)[:10_000])
        assert words.find(text) == []
        assert sum(len(token.places) for token in text.tokens) < 8 * 10_000


@pytest.mark.parametrize(
    "text", ["Plain.", "ÉCOLE ﬁn ﷺ", "s̶p", "İstanbul", "ẞ ß", "한국어", "हिन्दी"]
)
def test_folding_is_steady_and_knows_every_place(text: str) -> None:
    folded = fold(text)
    assert fold(folded.text).text == folded.text
    assert len(folded.text) == len(folded.kinds) == len(folded.origins)
    assert list(folded.origins) == sorted(folded.origins)


def test_digest_is_shared_by_texts_of_the_same_letters() -> None:
    text = "Buy the best watches of the world here!"
    assert digest(text) == digest("buy THE best\n\nwatches of the wörld - here")
    assert digest(text) != digest(text + " now")
    assert digest("Thank you") is None
    assert -(2**63) <= digest(text) < 2**63  # type: ignore[operator]
