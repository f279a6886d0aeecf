"""Rules that warn: what runs, and is probably not meant. Rooms as in the folder above."""
