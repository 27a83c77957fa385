"""The vocabulary a new program starts with: plain data, which the seeding deed writes and a manager may then edit.

Values are written as outlines: two spaces of indent per level, `Name: alias, alias`. Aliases are compared through
`core.words_key.key`, so case, accents and punctuation are written once, as they look best.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from babel import Locale

from firsthand.core.words_key import key
from firsthand.program.geography import geography
from firsthand.program.industries import INDUSTRIES
from firsthand.program.value_seed import ValueSeed, outline

Kind = Literal["flat", "tree", "band"]


@dataclass(frozen=True)
class FacetSeed:
    """A facet and its values at the top level; deeper ones are their children."""

    code: str
    name: str
    kind: Kind
    values: list[ValueSeed] = field(default_factory=list)

    def walk(self) -> Iterator[tuple[ValueSeed, ValueSeed | None]]:
        """Every value with its parent, parents first."""
        stack: list[tuple[ValueSeed, ValueSeed | None]] = [(value, None) for value in reversed(self.values)]
        while stack:
            value, parent = stack.pop()
            yield value, parent
            stack.extend((child, value) for child in reversed(value.children))


def facets() -> list[FacetSeed]:
    """The default facets. Products and rivals are empty: they are the company's own."""
    return [
        FacetSeed("industry", "Industry", "tree", outline(INDUSTRIES)),
        FacetSeed("geography", "Geography", "tree", geography()),
        FacetSeed("company_size", "Company size", "band", company_sizes()),
        FacetSeed("persona", "Persona", "tree", outline(PERSONAS)),
        FacetSeed("language", "Language", "flat", languages()),
        FacetSeed("use_case", "Use case", "flat", outline(USE_CASES)),
        FacetSeed("topic", "Topic", "flat", outline(TOPICS)),
        FacetSeed("product", "Product", "flat"),
        FacetSeed("rival", "Rival replaced", "flat"),
    ]


def company_sizes() -> list[ValueSeed]:
    """Bands of employees; `low` and `high` are inclusive, the last band is open."""
    return [
        ValueSeed(f"{low:,}-{high:,} employees" if high else f"{low:,} or more employees", aliases(names), low=low, high=high)
        for low, high, names in SIZES
    ]


def languages() -> list[ValueSeed]:
    """The languages business is done in, named in English, with their own names and ISO codes as aliases."""
    english = Locale("en").languages
    return [ValueSeed(english[code], own_names(code)) for code in LANGUAGE_CODES.split()]


def own_names(code: str) -> list[str]:
    """A language's name in itself and its ISO 639 code."""
    own = Locale.parse(code).get_display_name(code)
    english = Locale("en").languages[code]
    return [*([own] if own and key(own) and key(own) != key(english) else []), code, *aliases(OTHER_LANGUAGE_NAMES.get(code, ""))]


def aliases(text: str) -> list[str]:
    """Split a comma-separated list."""
    return [alias.strip() for alias in text.split(",") if alias.strip()]


SIZES = [
    (1, 50, "startup, start-up, micro business, very small company, tiny company"),
    (51, 250, "small business, small company, SMB, SME, small and medium"),
    (251, 1000, "midsize, mid-size, medium-sized, midmarket, mid-market, Mittelstand"),
    (1001, 5000, "large company, upper midmarket"),
    (5001, 10000, "large enterprise, big company, large corporation"),
    (10001, None, "very large enterprise, Fortune 500, Fortune 100, Global 2000, multinational"),
]
OTHER_LANGUAGE_NAMES = {"bn": "Bengali", "es": "Castilian", "fa": "Farsi", "fil": "Tagalog", "nb": "Norwegian", "zh": "Mandarin"}
LANGUAGE_CODES = (
    "ar az bg bn bs ca cs cy da de el en es et eu fa fi fil fr ga gl gu he hi hr hu hy id is it ja ka kk kn ko lt lv mk ml mn mr ms "
    "nb nl pa pl pt ro ru sk sl sq sr sv sw ta te th tr uk ur uz vi zh"
)

PERSONAS = """
Executive: executives, exec, executive sponsor, C-level, C-suite, board member, board level, chief executive, CEO, managing director,
    president, founder, co-founder, general manager, chief operating officer, COO, owner, vice president, VP, SVP, EVP
  Technology executive: CIO, CTO, CISO, chief information officer, chief technology officer, chief information security officer,
      chief digital officer, chief data officer, VP engineering, VP of engineering, head of IT, IT director, director of engineering,
      director of infrastructure, head of engineering
  Marketing executive: CMO, chief marketing officer, head of marketing, VP marketing, VP of marketing
  Sales executive: chief revenue officer, CRO, head of sales, VP sales, VP of sales, sales director
  People executive: CHRO, chief people officer, head of HR, HR director, chief human resources officer
Finance: CFO, chief financial officer, finance director, controller, head of finance, VP finance, VP of finance, treasurer,
    finance lead, finance manager
Technical: engineer, engineers, developer, developers, architect, software engineer, infrastructure engineer,
    site reliability engineer, SRE, DevOps, systems engineer, platform engineer, technologist, tech lead, technical lead, administrator,
    sysadmin, IT manager, engineering manager, platform lead, data scientist, security engineer
Operations: operations manager, head of operations, operations director, supply chain manager, plant manager, service manager
Procurement: buyer, purchasing, purchasing manager, head of procurement, procurement manager, sourcing manager
Legal and compliance: general counsel, legal counsel, compliance officer, data protection officer, DPO, risk officer, chief risk officer
User: end user, end users, business user, power user, practitioner, analyst, product manager, product owner, project manager
"""

USE_CASES = """
Cost reduction: cost saving, cost savings, lower cost, cut costs
Cloud migration: move to the cloud, lift and shift
Modernization: legacy modernization, application modernization, modernisation
Automation: process automation, workflow automation
Analytics and reporting: business intelligence, BI, data warehouse
Machine learning: artificial intelligence, deep learning, AI, ML, model training
Security: cybersecurity, information security
Compliance: regulatory compliance, audit readiness
Scaling: scalability, peak load, traffic peaks
Reliability: uptime, high availability, resilience
Faster delivery: time to market, release speed, continuous delivery
Observability: monitoring, tracing
Customer experience: CX, customer service
Collaboration: teamwork, remote work
Data integration: system integration, ETL
Internet of things: IoT, connected devices, edge computing
"""

TOPICS = """
Return on investment: ROI, business case, payback
Implementation: onboarding, roll-out, rollout
Migration: data migration, switching
Integration: integrations, APIs
Support: customer support, service quality
Change management: adoption, training
Security review: security questionnaire, penetration test
Procurement and contract: pricing, negotiation, licensing
Roadmap: product direction, future plans
Working with the vendor: partnership, account team
"""
