"""What moderators call spam, learnt from their own decisions; nothing leaves the site for it."""
