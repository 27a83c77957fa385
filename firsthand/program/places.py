"""What the country library lacks or has outdated: names in use, demonyms in English, larger cities, codes of US states."""

RENAMED = {
    "Antilles néerlandaises": "Netherlands Antilles",
    "Cape Verde": "Cabo Verde",
    "Czech Republic": "Czechia",
    "Democratic Republic of the Congo": "DR Congo",
    "Federated States of Micronesia": "Micronesia",
    "Holy See (Vatican City State)": "Vatican City",
    "Republic of Macedonia": "North Macedonia",
    "Republic of the Congo": "Congo",
    "Swaziland": "Eswatini",
    "The Bahamas": "Bahamas",
    "The Gambia": "Gambia",
    "Virgin Islands, British": "British Virgin Islands",
    "Virgin Islands, U.S.": "US Virgin Islands",
}

# Listed twice, no longer existing, uninhabited, or part of a country listed itself.
SKIPPED = {
    "Antarctica",
    "Antilles néerlandaises",
    "Bouvet Island",
    "British Indian Ocean Territory",
    "Burma",
    "French Southern and Antarctic Lands",
    "Heard Island and McDonald Islands",
    "Palestine, State of",
    "Scotland",
    "Serbia and Montenegro",
    "South Georgia",
    "United States Minor Outlying Islands",
    "Vatican City State",
    "Wales",
}

COUNTRY_ALIASES = {
    "AE": "Emirates",
    "CN": "Mainland China, PRC",
    "CZ": "Czech Republic",
    "GB": "Britain, England, Scotland, Wales, Northern Ireland, U.K., UK",
    "KR": "Korea",
    "MM": "Burma",
    "NL": "Holland, The Netherlands",
    "RU": "Russian Federation",
    "SA": "KSA",
    "TR": "Türkiye",
    "US": "U.S., USA, U.S.A., America, United States of America, the States",
}

DEMONYMS = {
    "AR": "Argentinian, Argentine, Argentinean",
    "CZ": "Czech",
    "DK": "Danish, Dane, Danes",
    "ES": "Spanish, Spaniard",
    "FI": "Finnish, Finn",
    "GB": "British, Scottish, Welsh, Briton",
    "GE": "Georgian",
    "IS": "Icelandic, Icelander",
    "KG": "Kyrgyz",
    "KR": "South Korean, Korean",
    "KZ": "Kazakh, Kazakhstani",
    "LU": "Luxembourgish, Luxembourger",
    "NZ": "New Zealander, Kiwi",
    "PH": "Filipino, Philippine",
    "PL": "Polish, Pole",
    "RS": "Serbian, Serb",
    "SA": "Saudi, Saudi Arabian",
    "SE": "Swedish, Swede",
    "SI": "Slovenian, Slovene",
    "TJ": "Tajik",
    "TR": "Turkish",
    "US": "American, US-based",
    "UZ": "Uzbek",
}

CITIES = {
    "AE": "Dubai",
    "AT": "Graz, Linz, Salzburg",
    "AU": "Sydney, Melbourne, Brisbane, Perth, Adelaide",
    "BE": "Antwerp, Ghent, Leuven",
    "BR": "São Paulo, Rio de Janeiro, Belo Horizonte",
    "CA": "Toronto, Vancouver, Montréal, Calgary, Québec, Ontario, British Columbia, Alberta",
    "CH": "Zurich, Zürich, Geneva, Basel, Lausanne",
    "CN": "Shanghai, Shenzhen, Hangzhou, Guangzhou, Chengdu, Wuhan, Nanjing",
    "DE": "Munich, München, Hamburg, Frankfurt, Cologne, Köln, Stuttgart, Düsseldorf, Leipzig, Bavaria",
    "DK": "Aarhus, Odense",
    "ES": "Barcelona, Valencia, Seville, Bilbao",
    "FI": "Espoo, Tampere",
    "FR": "Lyon, Marseille, Toulouse, Bordeaux, Lille",
    "GB": "Manchester, Birmingham, Edinburgh, Glasgow, Leeds, Bristol, Belfast, Cardiff",
    "IE": "Galway",
    "IL": "Tel Aviv, Haifa",
    "IN": "Mumbai, Bangalore, Bengaluru, Chennai, Hyderabad, Pune, Kolkata, Delhi",
    "IT": "Milan, Turin, Bologna, Naples, Florence",
    "JP": "Osaka, Kyoto, Nagoya, Yokohama",
    "KR": "Busan",
    "LU": "Luxembourg City",
    "MX": "Guadalajara, Monterrey",
    "NG": "Lagos",
    "NL": "Rotterdam, The Hague, Utrecht, Eindhoven, Delft",
    "NO": "Bergen, Trondheim",
    "NZ": "Auckland",
    "PL": "Kraków, Gdańsk, Wrocław, Poznań",
    "PT": "Porto",
    "SA": "Jeddah",
    "SE": "Gothenburg, Göteborg, Malmö",
    "TR": "Istanbul, Izmir",
    "US": (
        "New York City, NYC, San Francisco, Bay Area, Silicon Valley, Los Angeles, San Diego, San Jose, Seattle, Chicago, Boston, Austin, "
        "Dallas, Houston, Denver, Atlanta, Miami, Philadelphia, Phoenix, Detroit, Minneapolis, Salt Lake City, Las Vegas, Oakland, "
        "Washington DC, Washington D.C., West Coast, East Coast, Midwest"
    ),
    "ZA": "Johannesburg, Cape Town, Durban",
}

STATE_CODES = (
    "AL, AK, AZ, AR, CA, CO, CT, DE, FL, GA, HI, ID, IL, IN, IA, KS, KY, LA, ME, MD, MA, MI, MN, MS, MO, MT, NE, NV, NH, NJ, NM, NY, NC, "
    "ND, OH, OK, OR, PA, RI, SC, SD, TN, TX, UT, VT, VA, WA, WV, WI, WY, DC, Calif., Mass., Conn., Tex., Penn., Wash., Ill., Fla., Mich., "
    "Minn., Colo."
)
