import pytest

from firsthand.testing.sample_data import SAMPLE_DATA, needs_sample_data


@needs_sample_data
def test_the_match_finds_the_stories_that_a_reader_found() -> None:
    from benchmarks import match_quality as quality  # noqa: PLC0415 - outside the package, and only where there is data

    folder = SAMPLE_DATA / "stories"
    library, queries = quality.load(folder), quality.load_queries(folder)
    judged = [query for query in queries if query["relevant"]]
    assert quality.mean(library, judged, quality.wish_alone) >= 0.75
    assert quality.mean(library, judged, quality.facets_given) >= 0.85
    assert [quality.wish_alone(library, query) for query in queries if not query["relevant"]] == [[]]


@needs_sample_data
@pytest.mark.django_db
def test_the_match_over_the_tables_is_as_good() -> None:
    from benchmarks import match_quality as quality  # noqa: PLC0415 - outside the package, and only where there is data
    from benchmarks import match_stored as stored  # noqa: PLC0415 - the same

    folder = SAMPLE_DATA / "stories"
    viewer, queries = stored.fill(folder), quality.load_queries(folder)
    judged = [query for query in queries if query["relevant"]]
    for with_facets, least in ((False, 0.75), (True, 0.85)):
        found = [quality.ndcg(stored.companies(query, viewer, with_facets=with_facets), query) for query in judged]
        assert sum(found) / len(found) >= least
    assert [stored.companies(query, viewer, with_facets=True) for query in queries if not query["relevant"]] == [[]]
