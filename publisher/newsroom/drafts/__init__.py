"""From a document to posts: which channels, which words, which pictures."""
