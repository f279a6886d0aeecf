"""Networks of public projects as network files, and what the language leaves out of them."""
