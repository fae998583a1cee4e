"""Reading a WordPress export (WXR) and making our articles, sections, authors and pictures of it.

``wxr`` reads the file, ``blocks`` and ``classic`` turn its two ways of writing into plain HTML,
``body`` turns that into the vocabulary of our bodies, and ``importing`` saves.
"""
