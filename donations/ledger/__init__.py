"""The ledger: what is told of gifts, and what counts.

``recording`` takes what a provider or a file says; ``by_hand`` what the staff enters;
``settlement`` says, from all that was told of a gift, what of it counts; ``posting`` enters the
difference to what counts already; ``rates`` fixes what foreign money is worth.
"""
