"""The language: text with the place of every value, declarations that make a schema, and the form's check."""
