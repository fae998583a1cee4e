"""Reading from streaming replicas: which database a request reads, and what is known of each.

``serving`` chooses for each request and asks another database when one fails; ``routing`` is what
Django's queries ask; ``watching`` knows which servers answer, and how far each replica is.
Why it is made so: docs/decisions/0015-reading-from-replicas.md.
"""
