"""What a comment is weighed by, in many scripts and many disguises."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.spam.words import MAX_LENGTH, MAX_WORDS, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Der Übergang, der ÜBERGANG", ["der", "ubergang"]),
        ("Доброе утро, Ёжик", ["доброе", "утро", "ежик"]),
        ("हिन्दी में लिखा।", ["हिन्दी", "में", "लिखा"]),
        ("مَرْحَبًا بكم", ["مرحبا", "بكم"]),
        ("今日新闻", ["今日", "日新", "新闻"]),
        ("don\u2019t don't", ["don't"]),
        ("sooooo good", ["soo", "good"]),
        ("call 5551234 or 42", ["call", "digits:7", "or", "42"]),
        ("Win \N{MONEY BAG}", ["win", "\N{MONEY BAG}"]),
        ("", []),
    ],
)
def test_words_are_the_same_however_they_are_cased_or_accented(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("disguised", "sign"),
    [
        ("cas\u0456n\N{CYRILLIC SMALL LETTER O}", "sign:lookalikes"),
        ("c4s1no", "sign:disguised"),
        ("c@sino", "sign:disguised"),
        ("c a s i n o", "sign:spaced"),
        ("c.a.s.i.n.o", "sign:spaced"),
        ("c*A*s*I*n*O", "sign:spaced"),
        ("ca\N{ZERO WIDTH SPACE}si\N{SOFT HYPHEN}no", "sign:hidden"),
        ("\N{FULLWIDTH LATIN SMALL LETTER C}asino", None),
        ("\N{MATHEMATICAL BOLD SMALL C}asino", None),
        ("caaaasino", None),
    ],
)
def test_disguise_is_seen_through_and_told(disguised: str, sign: str | None) -> None:
    words = words_of(f"Best {disguised} here")
    expected = "caasino" if "aaaa" in disguised else "casino"
    assert [word for word in words if not word.startswith("sign:")] == ["best", expected, "here"]
    assert [word for word in words if word.startswith("sign:")] == ([sign] if sign else [])


@pytest.mark.parametrize(
    "link",
    [
        "https://www.pills.example/buy-cheap?x=1",
        "http://pills.example:8080/buy/cheap",
        "hxxp://pills.example/buy_cheap",
        "pills[.]example/buy-cheap",
        "pills (dot) example/buy-cheap",
        "[look](https://pills.example/buy-cheap)",
        "HTTPS://PILLS.EXAMPLE/BUY-CHEAP",
        "https://somebody:secret@pills.example/buy/cheap",
    ],
)
def test_link_counts_by_where_it_leads(link: str) -> None:
    words = words_of(f"Go to {link}")
    assert {"link:pills.example", "link:.example", "path:buy", "path:cheap", "sign:link"} <= {
        *words
    }
    assert "pills" not in words


def test_signs() -> None:
    words = words_of(
        "EARN MONEY NOW!! $500 a day, +44 20 7946 0000, "
        "a.example b.example/1 https://c.example me@mail.example"
    )
    assert {"sign:shouting", "sign:exclaiming", "sign:money", "sign:phone", "sign:links"} <= {
        *words
    }
    assert "mail:mail.example" in words
    assert not {"sign:shouting", "sign:links", "sign:money"} & {*words_of("NATO and the EU met.")}


def test_name_counts_apart_from_the_text() -> None:
    assert words_of("Shoes", "Cheap Shoes") == ["name:cheap", "name:shoes", "shoes"]


@given(st.text(max_size=600))
def test_words_are_bounded_and_always_the_same(text: str) -> None:
    words = words_of(text, text[:80])
    assert words == words_of(text, text[:80])
    assert len(words) == len(set(words)) <= MAX_WORDS
    assert all(
        0 < len(word) <= MAX_LENGTH + 5 or word.startswith(("link:", "mail:")) for word in words
    )


def test_long_text_is_cut_off_after_so_many_words() -> None:
    text = " ".join(f"{a}{b}{c}" for a in "abcde" for b in string.ascii_lowercase for c in "xyz")
    assert len(words_of(text)) == MAX_WORDS
