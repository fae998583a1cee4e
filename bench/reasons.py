"""Why goals were missed, as far as it is known: by the number of the goal."""

REASONS = {
    "P1": "The server's own work: an application that returns the same answer and no more "
    "reaches little more (see below where a page is kept), on a calmer day 0.56 of nginx. Of "
    "some 27 µs of the core the page cache takes 2: for which site, in which encoding, whether "
    "all that was told is heard, whether the reader has the page already. The rest is granian's, "
    "which makes Python's view of each request, hands it to a thread and back, and writes the "
    "headers. Tried without effect: its other run-time modes, HTTP/1 alone, no websockets, other "
    "numbers of threads than 8 to 32, fewer headers, a frozen heap, another switch interval. The "
    "kernel's batch policy, under which a thread that wakes takes the core from nobody, gives one "
    "thread a fifth more and 16, which change places once in ten requests anyway, nothing. "
    "On a machine shared with others one and the same run gave 29,000 to 51,000 a second within "
    "two minutes, so the ratio is good to a third.",
    "P2": "The table below accounts for each step. Drawing the comments was half of it and is an "
    "eighth now (Jinja, all in one pass; the empty form is kept by language); the publication is "
    "read once, addresses with a number are reversed once and filled in, what search engines are "
    "told of a comment is taken from its HTML by the sanitiser, and the two largest querysets are "
    "put together once. The goal is 4 ms here, less than PostgreSQL and its driver alone take for "
    "ten queries. What is left to take: SQL compiled anew for each page (a quarter), the "
    "article's own template (a sixth).",
    "P4": "A comment took 20 ms and takes half of that: 9 statements instead of 18. What is left, "
    "by shares: SQL written from querysets 28 %, the driver and waiting for it 16 %, the rows "
    "that are written 13 %, the rules' and limits' own lines 8 %, middleware and routing 6 %; "
    "Markdown and sanitiser are under 1 %. PostgreSQL, on the same core, takes 2 ms and "
    "writes to the disk once. No lock holds it up.",
    "P6": "Of a hundred requests five are no kept pages, and they cost more than all others: a "
    "comment 14 ms, the page that it makes untrue 45 to be made anew, two personal requests of an "
    "account 10. The goal allows 4 ms for the hundred. For the same reason a read waits now and "
    "then, though half of them take less than a millisecond: with one interpreter on one core, it "
    "stands behind a page that is being made.",
    "P7": "The time above the query's own goes to building it and to making objects of its rows.",
}
