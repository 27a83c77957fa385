"""The deeds of the program: set it up, keep its facets and activity types, save its policy."""

from firsthand.program.actions.set_up import set_up

__all__ = ["set_up"]
