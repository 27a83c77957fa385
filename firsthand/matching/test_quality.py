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
