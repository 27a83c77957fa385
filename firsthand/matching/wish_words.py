"""Words with a part to play in a wish: cues, negations, and those that must not be taken for what they look like."""

from firsthand.core.words_key import listed

# Nouns that turn the word before them into a kind of company: "software vendor", "media group".
COMPANY = listed("""
    account, accounts, agency, association, bank, brand, brands, business, businesses, chain, chains, client, clients, companies,
    company, corporation, customer, customers, enterprise, enterprises, firm, firms, giant, group, industry, institute, institution, lab,
    maker, makers, manufacturer, operator, operators, organisation, organisations, organization, organizations, platform, player,
    provider, providers, reference, references, retailer, retailers, sector, seller, site, space, startup, startups, store, stores, team,
    teams, vendor, vendors, vertical, world
""")
# Aliases of industries that are as often what a story is about: they need a cue.
THEMES = listed("""
    accounting, ad network, advertising, ai, application software, army, artificial intelligence, association, beverage,
    booking platform, broker, builder, business service, card network, carrier, chemistry, classroom technology, clean energy, cleantech,
    cloud computing, cloud hosting, cloud native, college, computer, connected car, connected device, connected devices,
    connected vehicle, construction, consulting, consumer app, container shipping, contractor, council, county, crypto, cyber security,
    cybersecurity, diagnostics, digital marketing, digital media, drug discovery, e learning, educational, electricity, electronics,
    energy, entertainment, factories, factory, farm, farms, federal, finance, financial, financing, fishing, fitness, food, foundation,
    furniture, game, games, gaming, genomics, glass, golf, government, green energy, hardware, health, health system, high tech, hosting,
    housing, human resources services, iaas, industrial, industrial automation, industrials, information technology, internet,
    internet of things, iot, it, journalism, laboratory, learning platform, leasing, legal, leisure, lending, logistics, machinery,
    magazine, marketing, marketplace, media, medical, metals, mine, miner, minerals, mining, mobile app, mobility, music, navy, news,
    nuclear, oem, oil, online game, online service, paas, patient care, payment, payment processing, payments, photo sharing, police,
    port, ports, production plant, project finance, property, public service, publishing, r and d, radio, rail, railway, recreation,
    regulator, regulatory, research, robot, robotics, saas, school, schools, science, scientific, securities, security, shipping, shop,
    shopping, shops, smart city, smart home, social media, social network, social networking, software, software as a service, solar,
    sports, steel, streaming, supply chain, tech, technology, telecommunication, television, trading firm, transit, transport,
    transportation, tv, university press, utilities, utility, utility company, venture capital, video game, video on demand,
    video streaming, warehousing, web and mobile app
""")
# Places spelt like common words: only with a capital.
CAPITALIZED = listed("""
    austin, chad, cologne, dane, finn, florence, georgia, guinea, jersey, jordan, kingston, kiwi, male, mali, nice, perth, phoenix, pole,
    polish, swede, turkey
""")
# Codes of places that people type in a sentence.
SHORT_PLACES = listed("""
    anz, apac, apj, cee, eea, emea, eu, gcc, ksa, mena, nyc, prc, uae, uk, us, usa
""")
# What turns the value after it into one to avoid.
NEGATION = listed("""
    avoid, avoiding, but, except, exclude, excluding, never, no, non, nor, not, outside, without
""")
# What may stand between the two.
FILLER = listed("""
    a, an, any, at, based, for, from, in, located, of, the, to, with
""")
# Verbs with somebody to speak to.
ASKING = listed("""
    ask, call, chat, connect, conversation, discuss, hear, intro, introduce, meet, speak, speaking, talk, talking
""")
# Titles that name a person even where nobody is asked for.
ALONE_A_PERSONA = listed("""
    board level, board member, c level, c suite, ceo, cfo, chro, cio, ciso, cmo, compliance officer, coo, cro, cto,
    data protection officer, director of engineering, director of infrastructure, dpo, engineering manager, executive, executive sponsor,
    finance director, general counsel, it director, managing director, procurement manager, vp engineering, vp finance, vp marketing,
    vp of engineering, vp of finance, vp of marketing, vp of sales, vp sales
""")
# Right as they stand, though one letter from a place or an industry.
ORDINARY = listed("""
    angora, backing, clarity, ethiopic, exports, factor, factors, finish, forming, framing, fright, germane, grenade, insure, insured,
    island, islands, italic, italics, javanese, leader, liberal, linder, logging, manning, patents, retailed, retain, surname, syriac,
    tracking
""")
