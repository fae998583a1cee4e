"""Why goals were missed, as far as it is known: by the number of the goal."""

REASONS = {
    "P1": "A kept page takes some 25 µs of the core, nginx's file 11. A part of ours is "
    "granian's, which makes Python's view of each request and hands it to a thread and "
    "back; the rest is the cache's: for which site, in which encoding, whether the listener "
    "hears, whether the reader has the page already. More threads only pass the interpreter "
    "around.",
    "P2": "The table below accounts for each step. Drawing the comments was half of it and is a "
    "tenth now (Jinja, all in one pass; the empty form is kept by language). The goal is 5 "
    "ms here, less than PostgreSQL and its driver alone take for ten queries. What is left "
    "to take: SQL built anew from querysets for each page (a fifth), the article's own "
    "template (a fifth).",
    "P4": "A comment takes a good 20 ms of one core, nearly all of it Python's. No lock holds it "
    "up, and the news for the page caches, which wait for each other at commit, would allow "
    "for some 500 a second (decision 0014). It was not profiled step by step.",
    "P5": "Four workers that make pages for readers, and PostgreSQL, share two cores. The thread "
    "that hears of changes waits for the interpreter behind a page that is being made. The "
    "longest time is within its goal.",
}
