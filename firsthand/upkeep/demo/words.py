"""What the demo's names and stories are made of. Invented; any likeness is chance."""

PASSWORD = "firsthand-demo"  # noqa: S105  (printed on the first screen of the demo, nothing else opens with it)
DOMAIN = "calderfinch.example"

CAST = (
    ("Mia Lindgren", "mia", "manager", "Program manager"),
    ("Sam Okafor", "sam", "member", "Account executive"),
    ("Ana Ferreira", "ana", "member", "Customer success manager"),
    ("Eli Brandt", "eli", "executive", "Executive sponsor"),
    ("Ada Novak", "ada", "admin", "Administrator"),
    ("Dario Conti", "dario", "member", "Public relations"),
)

FIRST_NAMES = (
    "Ingrid Tomás Lena Claes Marit Noor Imre Beatriz Priya Piotr Jule Luis Hana Yuki Akira Mei Wei Arjun Divya Fatima Omar Layla Yusuf Amara"
    " Kofi Zanele Thabo Chidi Ngozi Aisha Elena Marco Giulia Paolo Sofia Mateo Camila Diego Valentina Lucas Emma Hugo Chloé Louis Léa Jonas"
    " Freja Mikkel Astrid Sven Elsa Oskar Aino Eero Katarzyna Marek Zuzana Jiří Eszter László Ioana Andrei Dimitra Nikos Ayşe Emre Olga Ivan"
    " Grace Liam Niamh Rhys Fiona Callum Abigail Ethan Maya Noah Ruth Caleb Naomi Owen Tara Victor Wilma Xavier Yara Zoe"
).split()
LAST_NAMES = (
    "Solheim Reyes Hartwig Ek Øverland Haddad Lakatos Pinto Nair Zając Petersen Marañón Tanaka Sato Chen Lin Mehta Rao Mansour Khalil Aydın"
    " Mensah Dlamini Okoye Bello Rossi Bianchi Ricci Moreno Castillo Vargas Duarte Almeida Costa Dubois Laurent Moreau Girard Weber Keller"
    " Vogel Brandt Nielsen Holm Lund Berg Nyström Virtanen Korhonen Kowalska Nowak Dvořák Horváth Ionescu Popescu Papadakis Demir Ivanova"
    " Walsh Byrne Morgan Fraser Reid Clarke Bennett Foster Hayes Jensen Larsen Vance Whitlock Yates Zielinski Achterberg Brouwer de-Vries"
).split()

STEMS = (
    "Nord Ost Fenn Sund Calder Kestrel Halberd Varga Sorrel Tamar Pereira Alvor Hart Mira Sol Vela Aster Brim Corda Dun Elder Fjell Gale Haven"
    " Iris Juno Karst Lark Mossi Nimbus Orla Penn Quill Rowan Sage Thorn Umbra Vale Wick Yarrow Zephyr Alder Birch Cedar Delta Ember Flint"
    " Grove Heath Inlet Jade Knoll Lumen Mesa North Opal Pike Ridge Stone Tide Upland Vista Wren Xeno Yew Zenit Arbor Basal Crest Drift"
).split()
ENDINGS = (
    "mark vik holm berg field gate well bridge ford stad wick haven port line works point crest dale mont land brook water stone star grove rock"
).split()
SUFFIXES: dict[str, tuple[str, ...]] = {
    "Financial services": ("Bank", "Sparebank", "Kreditbank", "Capital", "Leasing"),
    "Banking": ("Bank", "Sparebank", "Kreditbank"),
    "Insurance": ("Insurance", "Forsikring", "Assurance"),
    "Healthcare": ("Health", "Kliniken", "Care"),
    "Retail": ("Retail Group", "Stores", "Market"),
    "Manufacturing": ("Werke", "Industries", "Machinery", "Têxteis"),
    "Energy": ("Energy", "Kraft", "Power", "Water"),
    "Telecommunications": ("Telecom", "Mobile", "Networks"),
    "Transport and logistics": ("Logistik", "Freight", "Shipping"),
    "Technology": ("Software", "Systems", "Labs"),
    "Public sector": ("City Council", "Agency", "Region"),
    "Education": ("University", "College", "Academy"),
    "Media and entertainment": ("Media", "Studios", "Press"),
    "Travel": ("Hotels", "Airways", "Travel"),
}
OTHER_SUFFIXES = ("Group", "Holding", "Partners", "International")

COUNTRIES: tuple[tuple[str, int], ...] = (
    ("Germany", 14), ("Norway", 6), ("Sweden", 8), ("Denmark", 6), ("Finland", 5), ("United Kingdom", 12), ("France", 9), ("Netherlands", 7),
    ("Spain", 6), ("Portugal", 4), ("Italy", 6), ("Poland", 5), ("Austria", 4), ("Switzerland", 5), ("United States", 30), ("Canada", 6),
    ("Brazil", 5), ("Mexico", 4), ("Japan", 6), ("Singapore", 3), ("India", 6), ("Australia", 5), ("South Africa", 2),
    ("United Arab Emirates", 2),
)  # fmt: skip

PRODUCTS = ("Atlas", "Atlas Close", "Atlas Plan", "Relay", "Beacon", "Harbor")
RIVALS = ("Corvid ERP", "Ledgerline", "Tessera", "Quarry", "Spreadsheets")
TITLES: dict[str, tuple[str, ...]] = {
    "Executive": ("CEO", "Managing director", "COO"),
    "Finance": ("CFO", "VP controlling", "Head of finance operations", "Group controller"),
    "Technical": ("CIO", "Head of integration", "IT architect", "Platform lead"),
    "User": ("Month-end close lead", "Demand planner", "Warehouse supervisor", "Procurement manager"),
}
STAGES = (
    ("Prospecting", "open"), ("Qualification", "open"), ("Proposal", "open"), ("Negotiation", "open"), ("Won", "won"), ("Lost", "lost"),
)  # fmt: skip

THEMES: tuple[dict[str, str], ...] = (
    {
        "name": "Month-end close",
        "headline": "From {rival} to {product}: the month closed in {days} days",
        "challenge": "The month-end close took {many} working days across {sites} entities, and the auditors asked for evidence by mail.",
        "solution": "They moved the ledgers to {product} country by country, kept {rival} read-only for a quarter and rebuilt the reconciliations.",
        "impact": "The close now takes {days} days, and the auditors read the trail themselves.",
        "quote": "For the first time I went home on the third working day with the books closed.",
    },
    {
        "name": "Audit trail and compliance",
        "headline": "An audit trail the regulator accepted the first time",
        "challenge": "Regulatory compliance reviews needed {many} weeks because approvals lived in mailboxes.",
        "solution": "Approvals, changes and access rights were moved into {product}, with four-eyes rules for each payment run.",
        "impact": "The last review closed without a finding, {days} weeks earlier than the one before.",
        "quote": "The examiners stopped asking for screenshots. They look it up themselves now.",
    },
    {
        "name": "Rollout in many countries",
        "headline": "{sites} countries on {product} within {many} months",
        "challenge": "Every country ran its own system, so a group view took {many} weeks.",
        "solution": "One template, a pilot in two countries and then waves of three; local taxes stayed with local teams.",
        "impact": "{sites} countries are live, and the group report is ready {days} days after the month ends.",
        "quote": "The third wave felt like routine. That is the best thing I can say of a rollout.",
    },
    {
        "name": "Warehouse and picking",
        "headline": "Picking errors down by {percent} % with {product}",
        "challenge": "Seasonal peaks doubled the orders, and the warehouse lost {many} hours a week to searching.",
        "solution": "Scanners talk to {product} directly, and slotting follows what sells this week.",
        "impact": "Picking errors fell by {percent} % and the peak needed no agency staff.",
        "quote": "Black Friday was a Friday.",
    },
    {
        "name": "Demand planning",
        "headline": "Planning {sites} plants on one forecast",
        "challenge": "Sales, plants and purchasing each kept a forecast in spreadsheets, {many} versions in all.",
        "solution": "{product} holds one forecast that sales corrects weekly and plants accept or question.",
        "impact": "Stock went down by {percent} % while delivery stayed on time.",
        "quote": "We argue about the future now, not about whose file is newer.",
    },
    {
        "name": "Integration",
        "headline": "{many} interfaces replaced by one: {product} at work",
        "challenge": "{many} point-to-point interfaces broke whenever one of them changed.",
        "solution": "{product} carries all messages with one contract per system, and replays what failed.",
        "impact": "Incidents fell by {percent} %, and a new system connects in {days} days.",
        "quote": "I have not been called at night since we switched.",
    },
    {
        "name": "Cost of operation",
        "headline": "{percent} % lower running costs after leaving {rival}",
        "challenge": "Licences and hosting for {rival} rose every year while half of it went unused.",
        "solution": "They moved to {product} in the cloud, with only the modules people had opened in the last year.",
        "impact": "Running costs fell by {percent} % in the first year.",
        "quote": "We pay for what we open. It is almost boring.",
    },
    {
        "name": "Self-service reporting",
        "headline": "Reports in minutes, not weeks, with {product}",
        "challenge": "Each report was a ticket, and the queue was {many} days long.",
        "solution": "Controllers build what they need in {product} on figures that finance has released.",
        "impact": "{percent} % of the tickets are gone, and the numbers in two meetings are the same number.",
        "quote": "People bring questions to the meeting now instead of printouts.",
    },
)

WISHES = (
    "How long until the first month-end close ran, what broke, and whether the auditors accepted the trail.",
    "A peer of our size who left {rival} and can speak about the migration weekend.",
    "Someone in {country} who runs {product} in several countries.",
    "They worry about regulatory compliance and want to hear from a bank.",
    "The warehouse lead wants to know how the seasonal peak went.",
    "The CFO asks what it really cost in the first year.",
    "How do they plan demand across plants, and who maintains the forecast?",
)

REASONS = (
    "Renewal talks until the end of the month", "Reorganization under way", "Support is working on a problem", "On parental leave",
)  # fmt: skip
