"""The default industry tree, close to what CRM systems and standard classifications call things."""

INDUSTRIES = """
Financial services: finance, financial, financials, financial institution, financial service, finserv, BFSI, financing
  Banking: bank, banks, retail bank, retail banking, commercial bank, private bank, savings bank, credit union, lender, lending,
      mortgage bank
  Asset management: asset manager, wealth management, wealth manager, investment management, investment firm, investment manager,
      hedge fund, private equity, venture capital, fund manager, pension fund
  Capital markets: investment bank, investment banking, stock exchange, brokerage, broker, trading firm, securities
  Fintech: financial technology, neobank, challenger bank, cryptocurrency, crypto
  Payments: payment, payment provider, payment service provider, payment processing, card network
  Consumer finance: consumer credit, credit card, small business finance, business credit, leasing, clean energy financing,
      project finance
  Insurance: insurer, insurers, insurance company, reinsurance, life insurance, health insurer, insurtech, underwriter
Public sector: government, govt, gov, public administration, public service, public body, state agency, government agency,
    public authority, regulatory, regulator, regulators
  Federal government: federal, federal agency, central government, national government, ministry
  Local government: municipality, city government, city administration, city council, municipal, council, state government, county,
      smart city
  Defense: defence, military, armed forces, army, navy, homeland security
  Public safety: police, fire service, emergency services, law enforcement
  International organization: intergovernmental, NGO, United Nations
Healthcare: health care, health, medical, health services, healthtech, health tech, digital health, medtech, telemedicine, patient care
  Hospitals and clinics: hospital, hospitals, clinic, clinics, health system, care provider, healthcare provider
  Pharmaceuticals: pharma, pharmaceutical, drug maker, life sciences, life science, drug discovery
  Biotechnology: biotech, genomics
  Medical devices: medical device, medical equipment, diagnostics
Technology: tech, tech company, technology company, information technology, IT company, internet, internet company,
    internet technology, online services, computer, high tech, hightech
  Software: software company, software vendor, enterprise software, SaaS, software as a service, SaaS company,
      independent software vendor, ISV, software publisher, application software, database vendor, website-building platform,
          website builder
  Cloud and hosting: cloud provider, cloud computing, cloud hosting, hosting, hosting provider, web hosting, cloud native, IaaS, PaaS,
      data center operator, managed service provider, MSP
  IT services: IT consulting, systems integrator, system integrator, IT outsourcing, information technology and services
  Cybersecurity: security vendor, cyber security, cybersecurity company, computer and network security
  Hardware: computer hardware, semiconductor, semiconductors, chip maker, chipmaker, electronics maker
  Internet of things: IoT, internet of things platform, smart home, connected devices, IoT platform
  Artificial intelligence: AI, AI company, machine learning company
Telecommunications: telecom, telecoms, telco, telcos, telecommunication, telecom operator, communications provider, carrier,
    mobile operator, mobile carrier, mobile network operator, wireless carrier
  Telecommunications equipment: telecom equipment, network equipment, telecom vendor, networking equipment, 5G equipment
  Internet service provider: ISP, broadband provider, broadband, cable operator
Retail: retailer, retailers, retail chain, retail company, shop, shops, store chain, shopping, omnichannel retailer, consumer retail
  Fashion: fashion brand, fashion retailer, online fashion, apparel, clothing, clothes, footwear, sportswear, luxury goods,
      department store, textiles
  Grocery: grocer, grocery retail, supermarket, supermarkets, food retail, food retailer, online grocery
  E-commerce: ecommerce, online retail, online retailer, online shop, online store, web shop, webshop, marketplace,
      online marketplace, internet retail, consignment store
  Home improvement: DIY retailer, furniture retailer, furniture
Consumer goods: CPG, FMCG, consumer packaged goods, consumer products, fast-moving consumer goods, household goods, cosmetics
  Food and beverage: food, beverage, beverages, food producer, brewery, restaurant supplier
Manufacturing: manufacturer, manufacturers, industrial, industrials, industrial goods, factory, factories, production plant, OEM
  Automotive: car maker, carmaker, car manufacturer, car parts, car parts supplier, automaker, automobile, auto parts,
      automotive supplier, vehicle manufacturer,
      car company, automotive company, automotive parts, connected car, connected vehicle, connected vehicles
  Consumer electronics: electronics, audio equipment, home appliances, white goods
  Machinery: machine builder, mechanical engineering, industrial equipment, industrial machinery
  Robotics: robots, robot, industrial automation
  Chemicals: chemical, chemical company, chemistry
  Aerospace: aviation manufacturer, aircraft manufacturer, space industry, aerospace and defense
  Building materials: cement, glass, steel, metals
  Electrical and electronic manufacturing: electrical equipment, electronics manufacturing
Energy and utilities: energy, energy company, power company
  Oil and gas: oil, petroleum, petrochemical, petrochemicals, oil company, gas company, oil producer, oil & energy
  Utilities: utility, utility company, electricity, electric utility, power utility, energy utility, power grid, grid operator,
      water utility, gas utility
  Renewable energy: renewables, clean energy, solar, wind power, wind farm, cleantech, green energy, solar power
  Nuclear: nuclear power
Mining: mining company, mine, miner, mining and metals, metals and mining, minerals
Education: education company, educational, education sector, e-learning, elearning, education provider
  Higher education: university, universities, college, business school
  Schools: school, K-12, primary school, secondary school
  Education technology: edtech, ed tech, educational software, education software, learning platform, classroom technology
  Education publishing: educational publisher, textbook publisher
Media and entertainment: media, entertainment, media company, entertainment company, digital media
  News and publishing: news media, newspaper, newspapers, publisher, publishing, news, magazine, news organization, journalism
  Broadcasting and streaming: broadcaster, TV, television, streaming, streaming service, streaming television, video streaming,
      video on demand, music streaming, radio, pay TV
  Gaming: games, video games, game studio, gaming company, online games, esports
  Social media: social network, social networking, social media platform, social media app, social app, photo sharing, photo app,
      photo mobile app,
      web and mobile app, consumer app, mobile app
  Music and film: music, film, movie studio, music label
Marketing and advertising: marketing, advertising, martech, marketing technology, digital marketing, digital marketing tool,
    marketing agency, social media software, social media technology, social media marketing, social media management
  Advertising technology: adtech, ad tech, ad network
Travel: travel industry, travel company, travel and tourism, tourism, travel and hospitality, travel & leisure, leisure, travel assistance
  Airlines: airline, airlines/aviation, aviation, air carrier, airport
  Hotels and hospitality: hotel, hotels, hospitality, hotel chain, restaurant, restaurants, accommodation, lodging
  Travel technology: online travel, online travel agency, travel booking, booking platform, travel platform
  Ride sharing: ridesharing, ride hailing, ridesharing company, carpooling, car sharing, mobility, mobility company
  Sports and recreation: sports, golf, golf industry, fitness, recreation
Transport and logistics: transportation, transport, logistics, logistics and supply chain, supply chain, freight, trucking, courier,
    parcel delivery, postal service, shipping, shipping company, warehousing, third-party logistics, 3PL, delivery company
  Rail: railway, railways, railroad, train operator
  Maritime: ports, container shipping, shipping line
  Public transport: transit, public transit
Research: research institute, research institution, research organization, research lab, science, scientific, scientific research,
    laboratory, R&D
  Physics research: particle physics, particle physics research
  Artificial intelligence research: AI research, AI lab, AI research lab
Professional services: consulting, consultancy, management consulting, consultants, business services
  Legal services: law firm, law firms, legal
  Accounting and audit: accounting, accountants, audit firm, tax advisor
  Staffing and recruiting: staffing, recruitment agency, human resources services
  Engineering services: civil engineering, engineering firm
Real estate: property, property management, real estate company, proptech, housing, property developer
Construction: construction company, builder, building company, contractor
Agriculture: farming, farm, farms, agribusiness, agritech, agtech, forestry, fishing, fishery
Nonprofit: non-profit, not-for-profit, charity, charities, foundation, nonprofit organization, association
"""
