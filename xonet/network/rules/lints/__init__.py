"""Rules that warn: what runs, but is probably a mistake. Modules as in the folder above."""
