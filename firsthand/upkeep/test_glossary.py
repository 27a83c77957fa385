"""Every model has a word, every word its model, and the manual prints them all."""

from pathlib import Path

from django.apps import apps

from firsthand.upkeep import glossary

MANUAL = Path(__file__).resolve().parent.parent.parent / "docs" / "glossary.md"


def our_models() -> set[str]:
    return {
        f"{model._meta.app_label}.{model.__name__}"
        for model in apps.get_models()
        if model.__module__.startswith("firsthand.") and not model._meta.proxy
    }


def test_every_model_has_one_word_or_is_said_to_have_none() -> None:
    named = [word.model for chapter in glossary.CHAPTERS for word in chapter.words if word.model]
    assert sorted([*named, *glossary.WITHOUT_A_WORD]) == sorted(our_models())


def test_no_word_stands_twice() -> None:
    names = [word.name for chapter in glossary.CHAPTERS for word in chapter.words]
    assert len(names) == len(set(names))


def test_the_manual_holds_the_glossary() -> None:
    assert MANUAL.read_text() == glossary.as_markdown(), "Run: python -m firsthand.upkeep.glossary > docs/glossary.md"
