"""What participants keep of a person: told to them, joined when two cards are one, and erased."""
