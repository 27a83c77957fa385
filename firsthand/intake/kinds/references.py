"""References, consents, past engagements and past requests."""

from firsthand.intake.kinds.base import Column, Kind, Type, choice, date_column, facet, id_column, text
from firsthand.intake.kinds.customers import CONTACTS


def email(name: str, *aliases: str, example: str = "rae@nordbank.example") -> Column:
    return Column(name=name, type=Type.EMAIL, aliases=aliases, example=example)


def words(name: str, *aliases: str, example: str = "") -> Column:
    return Column(name=name, type=Type.LIST, aliases=aliases, example=example)


def whole(name: str, *aliases: str, example: str = "1") -> Column:
    return Column(name=name, type=Type.WHOLE, aliases=aliases, example=example)


OF_CONTACTS = (
    "contact_id", "account_id", "account", "name", "first_name", "last_name", "email", "title", "phone", "language",
    "time_zone",
)  # fmt: skip

WHO = (
    id_column("contact_id", "ContactId", "Contact ID", example="C-1001"),
    email("email", "Contact Email", "E-mail", "Email Address"),
    text("name", "Contact Name", "Contact", "Full Name", "Person", "Reference", example="Rae Moreau"),
    text("account", "Account Name", "Company", "Company Name", "Customer", example="Nordbank"),
)
WHO_KEYS = (("contact_id",), ("email",), ("account", "name"), ("name",))

REFERENCES = Kind(
    name="references",
    label="References",
    about="One row per person. Without evidence of consent a person comes in as unconfirmed.",
    columns=(
        *(CONTACTS.column(name) for name in OF_CONTACTS),
        facet("persona", "persona", "Buyer Persona", example="Technical"),
        choice("driver", "service product brand"),
        choice("motivation", "limelight peers profile influence learning"),
        words("activities", "Willing to", "Activity Types", "Willingness", example="Reference call; Case study"),
        facet("products", "product", "Product", example="GTX Pro", many=True),
        facet("topics_ok", "topic", "Topics", "Topics yes", example="Migration", many=True),
        facet("topics_no", "topic", "Topics to avoid", "Topics no", example="Pricing", many=True),
        whole("limit_count", "Max per period", "Limit", example="4"),
        choice("limit_period", "year quarter month", "Period"),
        whole("min_gap_days", "Minimum gap", "Min gap", example="30"),
        text("tier", "Reference Tier", example="Gold", longest=20),
        text("nominated_by", "Nominator", example="Ana Ruiz"),
        date_column("nominated_on", "Nomination Date"),
        choice("status", "active resting alumni retired", "Reference Status", "Program Status"),
        choice(
            "consent_status",
            "given withdrawn refused unknown",
            "Consent",
            synonyms={"yes": "given", "granted": "given", "optin": "given", "no": "refused", "optout": "withdrawn"},
        ),
        words("consent_scope", "Consent for", example="Reference call"),
        date_column("consent_on", "Consent Date", "Consented on"),
        text("consent_method", "Consent by", example="E-mail", longest=80),
        text("consent_evidence_url", "Consent Evidence", "Evidence", example="https://drive.example/consent.pdf", longest=500),
        date_column("consent_expires", "Consent Until", "Consent Expiry"),
        date_column("last_verified", "Verified On"),
        date_column("last_activity_on", "Last Used", "Last Reference Date"),
        choice("owner_approval", "always first never", "Approval"),
        text("preferred_benefit", "Preferred Reward", example="Peer meetings", longest=120),
        Column(name="no_benefit", type=Type.BOOL, aliases=("No Reward",), example="no"),
        Column(name="notes", type=Type.LONG, aliases=("Note", "Comments", "Description"), example=""),
    ),
    needs=(("contact_id", "email", "name", "last_name"),),
    keys=CONTACTS.keys,
)

CONSENTS = Kind(
    name="consents",
    label="Consents",
    about="One row per consent given, narrowed or withdrawn. Rows are added to the ledger, never changed.",
    columns=(
        *WHO,
        choice(
            "status",
            "given withdrawn refused",
            "Consent",
            "Consent Status",
            synonyms={"yes": "given", "granted": "given", "optin": "given", "no": "refused", "optout": "withdrawn"},
        ),
        words("scope", "Consent Scope", "Activities", "Purpose", "Activity Types", example="Reference call"),
        date_column("given_on", "On", "Consent On", "Consent Date", "Date"),
        text("method", "Consent Method", "Channel", "Legal Basis", example="E-mail", longest=80),
        Column(name="wording", type=Type.LONG, aliases=("Text", "Statement"), example="I agree to take calls."),
        text("evidence_url", "Evidence", "Consent Evidence URL", "Document", example="https://drive.example/c.pdf", longest=500),
        date_column("until", "Expires", "Consent Expires", "Valid Until"),
    ),
    needs=(("contact_id", "email", "name"), ("status",), ("given_on",)),
    keys=tuple((*key, "status", "given_on") for key in WHO_KEYS),
)

ENGAGEMENTS = Kind(
    name="engagements",
    label="Past engagements",
    about="One row per call, visit or other engagement that was held.",
    columns=(
        id_column("engagement_id", "Id", "Activity ID", "Record ID", example="E-1"),
        *WHO,
        text("activity_type", "Activity", "Type", "Engagement Type", example="Reference call", needed=True),
        date_column("held_on", "Date", "Activity Date", "On", "Held"),
        Column(name="hours", type=Type.NUMBER, aliases=("Effort", "Reference Hours", "Duration (hours)"), example="1"),
        whole("grade", "Rating", "Actual Grade", "Score", example="4"),
        choice("sourcing", "program self backchannel", "Source", "Arranged by"),
    ),
    needs=(("contact_id", "email", "name"), ("activity_type",), ("held_on",)),
    keys=(("engagement_id",), *((*key, "activity_type", "held_on") for key in WHO_KEYS)),
)

REQUESTS = Kind(
    name="requests",
    label="Past requests",
    about="One row per ask; the request's own columns are repeated on each of its rows.",
    columns=(
        id_column("request_id", "Id", "Request ID", "Record ID", example="R-1"),
        id_column("opportunity_id", "Opportunity ID", "Deal ID", example="D-1001"),
        email("requester_email", "Requester", "Requested by", "Owner.Email", example="sam@example.com"),
        choice("requester_team", "sales pr ar marketing events", "Team"),
        text("activity_type", "Activity", "Type", "Request Type", example="Reference call", needed=True),
        date_column("submitted_on", "Created Date", "Requested on", "Submitted"),
        date_column("needed_by", "Due Date", "Due", "By"),
        text("stage_at_request", "Stage", example="Proposal"),
        facet("criteria_industry", "industry", "Industry", example="Manufacturing"),
        facet("criteria_product", "product", "Product", example="GTX Pro"),
        facet("criteria_persona", "persona", "Persona", example="Technical"),
        Column(name="question_to_answer", type=Type.LONG, aliases=("Question", "Questions", "Description"), example=""),
        text("request_status", "Status", example="fulfilled"),
        text("unfilled_reason", "Reason", "Unfulfilled reason", example="no match"),
        id_column("ask_id", "Ask ID", example="K-1"),
        id_column("contact_id", "ContactId", "Contact ID", example="C-1001"),
        email("contact_email", "Contact Email", "Email"),
        text("ask_status", "Ask state", example="held"),
        date_column("asked_on", "Asked"),
        date_column("answered_on", "Answered"),
        text("decline_reason", "Declined because", example=""),
        text("owner_approved_by", "Approved by", example="Ana Ruiz"),
        date_column("scheduled_for", "Scheduled"),
        date_column("held_on", "Held"),
        whole("duration_min", "Duration (minutes)", "Duration", example="30"),
        choice("sourcing", "program self backchannel", "Arranged by"),
        whole("expected_grade", example="4"),
        whole("actual_grade", "Grade", example="4"),
        Column(name="prospect_feedback", type=Type.LONG, example="Very useful"),
        Column(name="reference_feedback", type=Type.LONG, example=""),
        Column(name="reference_hours", type=Type.NUMBER, aliases=("Hours",), example="1"),
        date_column("thanked_on"),
        text("benefit_type", example="Thank-you note"),
        Column(name="benefit_value", type=Type.MONEY, example=""),
        date_column("outcome_told_on"),
    ),
    needs=(("request_id",), ("activity_type",), ("submitted_on",)),
    keys=(("ask_id",), ("request_id", "contact_id"), ("request_id", "contact_email"), ("request_id",)),
)
