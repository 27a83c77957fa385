"""Stories: what happened at one customer, with the person who tells it."""

from firsthand.intake.kinds.base import Column, Kind, Type, choice, date_column, facet, id_column, text


def long(name: str, *aliases: str, example: str = "") -> Column:
    return Column(name=name, type=Type.LONG, aliases=aliases, example=example)


STORIES = Kind(
    name="stories",
    label="Stories",
    about="One row per story. The quoted person becomes a contact of the account.",
    columns=(
        id_column("story_id", "Id", "Record ID", "Slug", example="S-1"),
        id_column("account_id", "AccountId", "Account ID", example="A-1001"),
        text("account", "Company", "Account Name", "Customer", "Company Name", example="Nordbank", needed=True),
        facet("location", "geography", "Country", "Headquarters", "Region", "Geography", example="Stockholm, Sweden"),
        facet("industry", "industry", "Sector", "Vertical", example="Financial services"),
        text("headline", "Title of the story", "Heading", "Story Headline", example="Nordbank cut fraud by half", longest=300),
        long("challenge", "Problem", "Situation", "Pain", example="Fraud checks took days."),
        long("solution", "Approach", "What we did", example="They moved the checks to GTX Pro."),
        long("impact", "Results", "Outcome", "Benefits", "Result", example="Checks take minutes."),
        long("metrics", "Numbers", "Key results", example="50 % less fraud"),
        long("quote", "Testimonial", "Quotes", example="We would not go back."),
        text("quoted_person", "Speaker", "Spokesperson", "Contact", "Quoted", example="Rae Moreau"),
        text("quoted_title", "Title", "Job Title", "Speaker Title", "Position", example="Head of payments"),
        Column(name="quoted_email", type=Type.EMAIL, aliases=("Email", "Contact Email"), example=""),
        text("url", "Link", "Address", "Web address", "Story URL", example="https://example.com/stories/nordbank", longest=500),
        facet("products", "product", "Product", example="GTX Pro", many=True),
        facet("use_cases", "use_case", "Use Case", "Topics", example="Fraud detection", many=True),
        text("language", "Lang", example="en"),
        choice(
            "visibility",
            "internal sendable public",
            "Use",
            "Status",
            synonyms={"maybesent": "sendable", "published": "public", "external": "public"},
        ),
        date_column("review_by", "Review", "Valid until", "Expires"),
    ),
    needs=(("account", "account_id"),),
    keys=(("story_id",), ("url",), ("account_id", "headline"), ("account", "headline"), ("account",)),
)
