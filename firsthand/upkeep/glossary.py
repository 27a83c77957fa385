"""The words of the program, one per idea, in code and on the screen alike. `docs/glossary.md` is printed from this list.

`python -m firsthand.upkeep.glossary > docs/glossary.md`; a test fails when it is stale, and when a model has no word.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Word:
    """A word, what it means in one or two sentences, and the model that keeps it, if one does (`app.Model`)."""

    name: str
    meaning: str
    model: str = ""


@dataclass(frozen=True)
class Chapter:
    title: str
    words: tuple[Word, ...]


CHAPTERS = (
    Chapter(
        "Our own company",
        (
            Word("Colleague", "Anyone of our own company: a name first, an e-mail address once they sign in.", "people.Colleague"),
            Word(
                "Role",
                "Member, program manager, executive sponsor or administrator. Owning an account is a fact of the account, not a role.",
            ),
            Word("Team", "Colleagues under one lead, who sees what they ask for.", "people.Team"),
            Word("Deputy", "Who answers for a colleague while they do not."),
            Word("Invitation", "A mail with a signed link by which a colleague chooses a password.", "people.Invitation"),
            Word("Saved filter", "A list’s search and filters under a name, one’s own or shared.", "people.SavedFilter"),
        ),
    ),
    Chapter(
        "The program",
        (
            Word("Facet", "A dimension of the program, such as industry or geography: a list, a tree or ordered bands.", "program.Facet"),
            Word(
                "Facet value",
                "One value of a facet. Accounts, references, stories and requests share the same values.",
                "program.FacetValue",
            ),
            Word("Alias", "Another spelling that means a facet value, so that imports and typed wishes find it.", "program.FacetAlias"),
            Word("Activity type", "A way a customer’s story is shared, such as a reference call or a quote.", "program.ActivityType"),
            Word("Live activity", "An activity type that puts a person in front of a buyer, and is kept for serious deals."),
            Word("Policy", "The program’s rules as one record in versions; the newest judges every move.", "program.PolicyVersion"),
        ),
    ),
    Chapter(
        "Customers",
        (
            Word("Account", "A company, as customer, prospect or partner, possibly all at once.", "customers.Account"),
            Word("Family", "All accounts under one top parent."),
            Word("Person", "A human being. Unsubscribing and personal limits hold for all their contacts.", "customers.Person"),
            Word("Contact", "A person’s job at an account, from and to.", "customers.Contact"),
            Word("Relationship", "A colleague’s tie to a contact. It says who is best placed to ask.", "customers.Relationship"),
            Word("Signal", "A dated fact about satisfaction or risk: a score, an escalation, a renewal.", "customers.Signal"),
            Word("Touch", "Somebody was or will be approached, by which door, about what.", "customers.Touch"),
        ),
    ),
    Chapter(
        "Deals",
        (
            Word("Opportunity", "A deal, from the CRM or typed and joined later.", "deals.Opportunity"),
            Word("Stage", "A step of the sales process, in order; the last ones are won and lost.", "deals.Stage"),
            Word("Told apart", "Somebody said that a typed deal and one of the CRM are two; it is not asked again.", "deals.ToldApart"),
            Word("Stage change", "A deal entered a stage, and when.", "deals.StageChange"),
        ),
    ),
    Chapter(
        "References",
        (
            Word("Reference", "An enrolled contact: somebody who agreed to tell their story.", "references.Reference"),
            Word(
                "Reference account",
                "The customer’s own standing; its limit and holds bind all its people together.",
                "references.ReferenceAccount",
            ),
            Word("Disclosure", "How far a customer’s name may go: public, named one-to-one, anonymous, internal or hidden."),
            Word(
                "Willingness", "What a reference says to one activity type (yes, ask first, no), and before whom.", "references.Willingness"
            ),
            Word("Topic", "Something a reference likes to speak about, or refuses to.", "references.ReferenceTopic"),
            Word("No-go company", "A company a reference will not speak to.", "references.NoGo"),
            Word(
                "Consent", "May we approach you, for what: a ledger that only grows, whose newest valid entry holds.", "references.Consent"
            ),
            Word("Unconfirmed", "A reference without evidence of consent, or past its check date; the owner asks in person first."),
            Word("Limit", "At most so many engagements per month, quarter or year."),
            Word("Gap", "The least number of days between asks and engagements."),
            Word("Hold", "Not askable from, until, and why.", "references.Hold"),
            Word("Obligation", "References a contract says the customer owes. It lifts no limit and no no.", "references.Obligation"),
            Word("Engagement", "One slot of a reference: reserved, held, missed or released. It counts once.", "references.Engagement"),
        ),
    ),
    Chapter(
        "Stories",
        (
            Word("Story", "What happened at one customer, told by one or more people.", "stories.Story"),
            Word("Metric", "A figure the story claims, in the customer’s words.", "stories.Metric"),
            Word("Teller", "A person of the story, with the words they are quoted with.", "stories.StoryPerson"),
            Word("Asset", "A form of a story that exists already, and how far it may go.", "stories.Asset"),
        ),
    ),
    Chapter(
        "Requests",
        (
            Word("Reference request", "A colleague’s wish for n references of one activity type by a date.", "requests.ReferenceRequest"),
            Word("Criterion", "A facet value the reference must or should have, or is better without.", "requests.Criterion"),
            Word("Match", "A candidate with a score and its reasons."),
            Word("Exclusion", "A candidate with the rule that bars them."),
            Word("Absolute bar", "A rule nobody lifts, such as a withdrawn consent."),
            Word("Program bar", "A rule of the program, which a manager may lift for one ask, with a reason."),
            Word("Exception", "A program bar lifted once, by whom and why.", "requests.BarException"),
            Word("Ask", "Our approach to one reference for one request.", "requests.Ask"),
            Word("Offered time", "A time the reference offered for a call.", "requests.OfferedTime"),
            Word("Occasion", "Engagements that happen together: time, place, link.", "requests.Occasion"),
            Word("Panel", "Several references of one request who speak at one fixed time, each with a slot of their own."),
            Word("Attendee", "A person on the other side of an occasion.", "requests.Attendee"),
            Word("Attendance", "An attendee takes part in the call of one ask, and hears of no other.", "requests.Attendance"),
            Word("Use", "Credits one engagement to one request, and through it to a deal.", "requests.Use"),
            Word("Debrief", "Graded feedback after an engagement, one tap and optional detail.", "requests.Debrief"),
            Word(
                "Arranged outside",
                "A reference that the program did not arrange, logged by whoever knows of it: it counts, and it is credited.",
                "requests.ArrangedOutside",
            ),
            Word("Outcome", "What one side said about whether it happened.", "requests.Outcome"),
            Word("Personal note", "What a colleague wrote to a reference afterwards: thanks, or what came of it.", "requests.PersonalNote"),
            Word("Note", "What a colleague wrote to the others on a request.", "requests.Note"),
        ),
    ),
    Chapter(
        "What happened",
        (
            Word("Event", "One thing that happened: who did what to which record.", "history.Event"),
            Word("Change", "Row changes that can be taken back together, such as an import.", "history.Change"),
            Word("Message", "Something that has to reach a person: a row first, sent by the worker.", "history.Message"),
            Word("Signed link", "An address that does one thing for one person until it ends.", "core.Link"),
            Word("Job", "Long work, done in steps in the background.", "core.Job"),
            Word("Import", "One uploaded file on its way in.", "intake.Import"),
            Word("Saved mapping", "How the columns of a kind of file map to ours, under a name.", "intake.SavedMapping"),
            Word("Refused row", "A row that was not imported: its line, its cells, and why.", "intake.RefusedRow"),
        ),
    ),
)

# Models that only tie two of the words above together, or serve the machine.
WITHOUT_A_WORD = frozenset(
    {
        "core.SearchEntry",
        "core.SentForm",
        "customers.AccountValue",
        "deals.Follower",
        "deals.OpportunityValue",
        "history.ChangeRow",
        "history.Words",
        "intake.SeenRow",
        "people.Opening",
        "references.ConsentScope",
        "references.ReferenceValue",
        "stories.StoryTerm",
        "stories.StoryValue",
    }
)


def as_markdown() -> str:
    """The glossary as the manual prints it."""
    lines = [
        "# Glossary",
        "",
        "<!-- Printed by `python -m firsthand.upkeep.glossary > docs/glossary.md`; a test fails when it is stale. -->",
        "",
    ]
    for chapter in CHAPTERS:
        lines += [f"## {chapter.title}", "", *(f"- **{word.name}**: {word.meaning}" for word in chapter.words), ""]
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    print(as_markdown(), end="")  # noqa: T201  (it is printed into a file)
