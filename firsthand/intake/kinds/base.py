"""What a file type is made of: typed columns with the names other programs give them."""

import re
from dataclasses import dataclass, field
from enum import StrEnum


class Type(StrEnum):
    """How a column's cells are read."""

    TEXT = "text"
    LONG = "long text"
    ID = "id"
    EMAIL = "e-mail"
    DATE = "date"
    MONEY = "money"
    WHOLE = "whole number"
    NUMBER = "number"
    BOOL = "yes or no"
    CHOICE = "choice"
    LIST = "list"
    FACET = "facet value"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One of our columns. `aliases` are compared without case, blanks and punctuation; the first one found wins.

    `facet` names the facet whose values the column holds; with `many`, values are separated by semicolons.
    """

    name: str
    type: Type = Type.TEXT
    aliases: tuple[str, ...] = ()
    example: str = ""
    needed: bool = False
    choices: tuple[str, ...] = ()
    synonyms: dict[str, str] = field(default_factory=dict)
    facet: str = ""
    many: bool = False
    longest: int = 200

    @property
    def label(self) -> str:
        return self.name.replace("_", " ")

    @property
    def names(self) -> tuple[str, ...]:
        """Its own name first, then the aliases, as they are compared."""
        return tuple(dict.fromkeys(folded(each) for each in (self.name, *self.aliases)))


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A file type. A row counts when at least one of each group in `needs` is filled.

    `keys` say who a row is, best first: the first key whose columns are all filled identifies it.
    """

    name: str
    label: str
    about: str
    columns: tuple[Column, ...]
    needs: tuple[tuple[str, ...], ...]
    keys: tuple[tuple[str, ...], ...]
    custom_fields: bool = False

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    @property
    def natural_key(self) -> str:
        """The keys in words, such as `opportunity_id, else account + name`."""
        return ", else ".join(" + ".join(key) for key in self.keys)


def folded(header: str) -> str:
    """A header without what exports vary in: case, blanks, punctuation."""
    return re.sub(r"[^\w]|_", "", header.casefold())


def id_column(name: str, *aliases: str, example: str) -> Column:
    return Column(name=name, type=Type.ID, aliases=aliases, example=example)


def text(name: str, *aliases: str, example: str = "", needed: bool = False, longest: int = 200) -> Column:
    return Column(name=name, aliases=aliases, example=example, needed=needed, longest=longest)


def date_column(name: str, *aliases: str, example: str = "2026-02-28") -> Column:
    return Column(name=name, type=Type.DATE, aliases=aliases, example=example)


def facet(name: str, facet: str, *aliases: str, example: str = "", many: bool = False) -> Column:
    return Column(name=name, type=Type.FACET, facet=facet, aliases=aliases, example=example, many=many)


def choice(name: str, choices: str, *aliases: str, synonyms: dict[str, str] | None = None) -> Column:
    """A column of few words, given separated by blanks; the first is the example."""
    words = tuple(choices.split())
    return Column(name=name, type=Type.CHOICE, choices=words, aliases=aliases, example=words[0], synonyms=synonyms or {})


DELETED = Column(name="deleted", type=Type.BOOL, aliases=("IsDeleted",), example="no")
CURRENCY = text("currency", "CurrencyIsoCode", "Currency Code", "Deal currency", example="EUR")
