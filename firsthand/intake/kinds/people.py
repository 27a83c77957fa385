"""Colleagues, and how they know the customer's people."""

from firsthand.intake.kinds.base import Column, Kind, Type, choice, date_column, id_column, text

COLLEAGUES = Kind(
    name="colleagues",
    label="Colleagues",
    about="One row per colleague. A name is enough; without an e-mail address they own records but cannot sign in.",
    columns=(
        id_column("colleague_id", "Id", "User ID", "OwnerId", "Owner ID", example="0055g000001aBcD"),
        text(
            "name",
            "Full Name",
            "Sales Agent",
            "Sales Rep",
            "Seller",
            "Colleague",
            "Account Owner",
            "Owner",
            "User",
            "Account Executive",
            "Employee",
            example="Sam Lindqvist",
            needed=True,
        ),
        text("first_name", "Given Name", "Firstname", example="Sam"),
        text("last_name", "Surname", "Family Name", "Lastname", example="Lindqvist"),
        Column(
            name="email",
            type=Type.EMAIL,
            aliases=("E-mail", "Email Address", "Owner.Email", "Work Email", "Username"),
            example="sam@example.com",
        ),
        text("title", "Job Title", "Position", "User Role", "Role", example="Account executive", longest=120),
        text("office", "Regional Office", "Region", "Location", example="Central", longest=120),
        text("team", "Sales Team", "Team Name", "Department", "Division", example="Nordics", longest=100),
        text("team_lead", "Manager", "Sales Manager", "Team Leader", "Lead", "Manager Name", example="Lena Berg", longest=100),
        text("time_zone", "Timezone", "TimeZoneSidKey", example="Europe/Stockholm", longest=60),
    ),
    needs=(("name", "last_name", "email"),),
    keys=(("colleague_id",), ("email",), ("name",)),
)

RELATIONSHIPS = Kind(
    name="relationships",
    label="Relationships",
    about="One row per tie between a colleague and a contact: who is best placed to ask.",
    columns=(
        Column(
            name="colleague_email",
            type=Type.EMAIL,
            aliases=("Owner.Email", "Owner Email", "User Email", "From Email"),
            example="ana@example.com",
        ),
        text("colleague", "Owner", "Contact Owner", "User", "Colleague Name", "Account Owner", example="Ana Ruiz"),
        id_column("contact_id", "ContactId", "Contact Record ID", example="C-1001"),
        Column(name="contact_email", type=Type.EMAIL, aliases=("Email", "E-mail"), example="rae@customer.example"),
        text("contact", "Contact Name", "Contact Full Name", "Person", example="Rae Moreau"),
        text("account", "Account Name", "Company", "Company Name", "Associated Company", example="Nordbank"),
        choice(
            "tie",
            "owner worked_with knows",
            "Relationship",
            "Relationship Type",
            "Type",
            "Strength",
            synonyms={"hasworkedwith": "worked_with", "accountowner": "owner", "contactowner": "owner"},
        ),
        text("role", "Role in the relationship", "Relationship Role", example="Customer success", longest=80),
        date_column("last_touch", "Last Activity Date", "Last Activity", "LastActivityDate", "Last Contacted"),
    ),
    needs=(("colleague_email", "colleague"), ("contact_id", "contact_email", "contact")),
    keys=(
        ("colleague_email", "contact_id"),
        ("colleague_email", "contact_email"),
        ("colleague", "contact_id"),
        ("colleague", "contact_email"),
        ("colleague", "contact", "account"),
        ("colleague", "contact"),
    ),
)
