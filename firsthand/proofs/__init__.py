"""Proofs over the whole house: random workflows, races over HTTP, kills. Nothing in the program imports this."""
