"""The language: text with the position of every value, declarations that yield a schema, and the check against it."""
