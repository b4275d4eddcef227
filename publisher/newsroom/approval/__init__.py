"""Who agrees to a post, to what exactly, and what needs two."""
