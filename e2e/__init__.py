"""Journeys in a real browser, against `firsthand serve` as a person runs it."""
