"""Writes lexicon/places/{cities,admin1,countries}.tsv and wary.toml from files derived from GeoNames (CC BY 4.0).

    python3 training/gazetteer.py FOLDER [--words FILE] [--names FILE ...]

FOLDER holds cities500.tsv.gz, admin1.tsv, countries.tsv (GeoNames) and centroids.tsv (two columns: ISO alpha-2 code,
"49 00 N, 32 00 E"). English names, further spellings and places that the source lacks stand beside this file in
gazetteer/. --words and --names list ordinary words and personal names, most frequent first, one a line: places called
like one of them go to wary.toml and need more evidence in a text.
"""

import argparse, collections, difflib, gzip, pathlib, re, unicodedata

HERE = pathlib.Path(__file__).parent / "gazetteer"
OUT = pathlib.Path(__file__).parent.parent / "lexicon" / "places"

# Least population that a place needs; 0 keeps all. Where wars are fought every village counts; elsewhere a small town
# is more often a namesake of something else than the scene of an event.
CONFLICT = """UA MD SY IQ LB IL PS YE IR SD SS CD ET ER SO DJ ML BF NE NG TD CF CM LY AF PK MM AM AZ GE XK RS BA MZ TW
KP HT RW BI BY SA OM AE QA KW BH JO""".split()
LEAST = dict.fromkeys(CONFLICT, 0) | {
    "US": 15000, "MX": 15000, "CN": 10000, "FR": 7000, "DE": 7000, "IT": 8000, "ID": 7000, "ES": 7000,
    "RO": 2500, "IN": 10000, "GB": 8000, "BR": 20000, "CI": 5000, "AU": 8000, "PH": 4000, "TR": 1500, "PL": 3000,
    "CA": 6000, "AT": 4000, "CZ": 4000, "PE": 5000, "BE": 7000, "JP": 15000, "GR": 2500, "NL": 7000, "CH": 5000,
    "SE": 4000, "HU": 4000, "HR": 2500, "AR": 10000, "CO": 1000, "VE": 1000, "KR": 6000, "RU": 1800, "LV": 1000,
    "LT": 1000, "EE": 1000, "FI": 3000, "NO": 2500, "ZA": 6000, "EC": 4000, "TH": 3000, "VN": 5000, "KH": 1000,
    "EG": 2000, "DZ": 5000, "MA": 4000, "PT": 6000, "NZ": 5000, "MY": 6000, "HN": 4000, "PA": 4000, "CU": 3000, "HK": 20000,
}
# Border and restless regions of large countries, kept whole: (country, code of the region).
WHOLE = {("RU", c) for c in "09 10 12 17 19 22 38 41 61 68 86 27 67 42 60 23".split()} | {("IN", "12"), ("IN", "41"), ("IN", "17")}
# Scripts whose transliteration marks English writing leaves out.
PLAIN = set(CONFLICT) - {"UA", "MD", "RS", "BA", "XK", "HT", "AZ"} | {"IN", "EG", "DZ", "TN", "TJ", "UZ", "TM", "KZ", "KG", "JP", "KR", "CN", "TH", "VN", "NP", "BD", "LK", "MA", "KH", "LA"}
# Names that are something else in the news.
NEVER = set("""hamas hezbollah taliban wagner azov fatah houthi houthis islam quds nato president minister army
    republic police military parliament government ministry security general colonel captain united european
    al qaeda islamic state christian muslim jewish sunni shia english french german russian chinese american
    israeli iranian ukrainian turkish western eastern northern southern sunday monday tuesday wednesday thursday
    friday saturday january february march april may june july august september october november december""".split())

# Names that go to wary.toml whatever --words and --names hold: parts of regions' names, surnames, a king who gave his name.
WARY = {"far north", "extreme north", "barksdale", "berri", "king abdullah", "samar", "taji", "zeitoun"}

# Bare names of regions that say nothing without their kind ("Central District").
GENERIC = set("""north south east west central centre center northern southern eastern western lake lac est ouest nord
    sud unity lakes rivers delta far north extreme northwest southwest capital littoral centrale
    middle bay plateau district nord est nord ouest sud est central region""".split()) | {
    "north west", "south west", "north central", "north western", "north eastern",
    "south eastern", "south western", "centre est", "centre nord", "nord est", "nord ouest", "sud est", "sud ouest", "centre east",
    "centre north", "centre ouest", "centre sud"}

LETTERS = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ə": "e", "ǝ": "e",
                         "þ": "th", "ħ": "h", "ŋ": "n"})
ASCII = str.maketrans({"ı": "i", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ð": "d", "ß": "ss", "æ": "ae", "œ": "oe",
                       "ə": "a", "Ə": "A", "ǝ": "a", "Ǝ": "A", "þ": "th", "ħ": "h", "‘": "", "’": "", "`": "", "ʼ": "", "ʻ": "", "ʿ": "", "ʾ": "", "´": "", "'": ""})


def fold(name):
    """As src/lexicon/places.rs folds: lower case, no accents, no apostrophes, hyphens as spaces."""
    bare = "".join(c for c in unicodedata.normalize("NFD", name.lower()) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", re.sub(r"['’‘`ʼʻ´ʿʾ.]", "", bare.translate(LETTERS))).split())


def plain(name):
    return "".join(c for c in unicodedata.normalize("NFD", name.translate(ASCII)) if not unicodedata.combining(c)).strip()


def table(path):
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        head = next(lines).rstrip("\n").split("\t")
        for line in lines:
            yield dict(zip(head, line.rstrip("\n").split("\t")))


def lines_of(name):
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line


def regions(folder, alpha3):
    """(alpha-2, code) -> name; rows of admin1.tsv."""
    curated, country, suffix = {}, "", ""
    for line in lines_of("admin1-names.txt"):
        if line[0] == "[":
            country, suffix = line.strip("[]").split(" ")
            continue
        code, names = line.split(" ", 1)
        name, *aliases = names.split("|")
        if name[0] == "=" or suffix == "-":
            curated[country, code] = (name.lstrip("="), aliases)
        else:
            curated[country, code] = (f"{name} {suffix}", [name, *aliases])
    suffixes = {"TR": "Province", "JP": "Prefecture", "RO": "County", "KE": "County", "TH": "Province", "KH": "Province", "VN": "Province",
                "AO": "Province", "CU": "Province", "AR": "Province", "IN": "", "PL": "Voivodeship", "UG": "", "AZ": "District"}
    names, points = {}, {}
    for row in table(folder / "admin1.tsv"):
        key = row["cc"], row["admin1code"]
        if key in curated:
            name, aliases = curated[key]
        elif row["name"] and key[1]:
            base = re.sub(r"^(Muhafazat|Mintaqat|Baladiyat|Wilaya de|Wilayat-e|Respublika|Raionul|Opstina|Changwat|Huyen) ", "", row["name"])
            base = re.sub(r" (Sheng|Oblysy|Rayon|Rayonu|Shi|Rajons|apskritis|Fylke|Aymag|Aimak)$", "", base)
            suffix = suffixes.get(key[0], "")
            name, aliases = (f"{base} {suffix}", [base]) if suffix and suffix not in base else (base, [])
        else:
            continue
        if fold(name) in GENERIC:
            name += " Region"
        names[key] = name
        weight = max(int(row["population"] or 0), 1)
        at = points.setdefault((alpha3[key[0]], name), [0.0, 0.0, 0, aliases])
        at[0] += weight * float(row["pop_weighted_lat"])
        at[1] += weight * float(row["pop_weighted_lon"])
        at[2] += weight
    rows = []
    for (country, name), (lat, lon, weight, aliases) in points.items():
        # Aliases given by hand may be short ("Bay", "Rima"): the reader asks for more evidence.
        kept = [a for a in distinct(name, aliases) if fold(a) not in GENERIC]
        rows.append((name, f"{lat / weight:.3f}", f"{lon / weight:.3f}", country, "|".join(kept)))
    return names, sorted(rows, key=lambda r: (r[3], r[0]))


def distinct(name, aliases):
    seen, kept = {fold(name)}, []
    for alias in aliases:
        if fold(alias) not in seen:
            seen.add(fold(alias))
            kept.append(alias)
    return kept


# First letters that transliterations swap.
SWAPS = [set("kqcgx"), set("jgyzdi"), set("yiej"), set("scztx"), set("uowv"), set("aeio"), set("hxgkj"), set("vwb"), set("fp")]


def spellings(name, listed, country, population, ordinary):
    """The few of the source's alternates that an English text might use."""
    main = re.sub(r"^(al|el|ad|ar|as|ash|an|at|az|ed|en|er) ", "", fold(name))
    found = []
    for alias in listed:
        folded = fold(alias)
        bare = re.sub(r"^(al|el|ad|ar|as|ash|an|at|az|ed|en|er) ", "", folded)
        letters = bare.replace(" ", "")
        if len(letters) < 4 or not alias[0].isupper() or alias.isupper() or any(c.isdigit() for c in alias):
            continue
        if folded in ordinary or bare in NEVER or folded.endswith((" by", " osh")) or "(" in alias or "/" in alias or bare == main:
            continue
        if letters[0] != main[:1] and not any(letters[0] in s and main[:1] in s for s in SWAPS):
            continue
        ratio = difflib.SequenceMatcher(None, letters, main.replace(" ", "")).ratio()
        if ratio < 0.62:
            continue
        score = ratio + 0.15 * alias.isascii()
        # Spellings of other languages with Latin letters are not English ones.
        score -= 0.2 * sum(c in "jwx" for c in letters) if country in ("UA", "RU", "BY", "KZ", "GE", "AM") else 0.05 * sum(c in "jx" for c in letters)
        score -= 0.3 * alias.endswith(("us", "ae", "as", "is", "os", "o"))
        found.append((-score, plain(alias) if country in PLAIN or country in ("UA", "RU", "BY") else alias))
    most = 5 if population >= 100000 else 3 if population >= 10000 else 2
    if country not in CONFLICT and country not in ("RU", "TR", "IN", "CN", "EG", "KP"):
        most -= 1
    return distinct(name, [alias for score, alias in sorted(found) if score < -0.75])[:most]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--words", type=pathlib.Path)
    parser.add_argument("--names", type=pathlib.Path, nargs="*", default=[])
    args = parser.parse_args()
    countries = list(table(args.folder / "countries.tsv"))
    alpha3 = {c["iso"]: c["iso3"] for c in countries}
    capitals = {(c["iso"], fold(c["capital"])) for c in countries}
    ordinary = set(args.words.read_text().split()) if args.words else set()
    personal = {n for path in args.names for n in path.read_text().split()}
    admin, admin_rows = regions(args.folder, alpha3)

    places = list(table(args.folder / "cities500.tsv.gz"))
    by_main, by_alias = collections.defaultdict(list), collections.defaultdict(list)
    for i, p in enumerate(places):
        p["population"] = int(p["population"] or 0)
        by_main[p["cc"], fold(p["name"])].append(i)
        for a in p["alternates"].split("|"):
            by_alias[p["cc"], fold(a)].append(i)
    # A town's other spelling may not be a country's name.
    taken = {fold(c["name"]) for c in countries}
    english = {}
    for line in lines_of("city-names.txt"):
        country, names = line.split(" ", 1)
        names = names.split("|")
        for index in (by_main, by_alias):
            rows = next((index[country, fold(n)] for n in names if index.get((country, fold(n)))), None)
            if rows:
                best = max(rows, key=lambda i: places[i]["population"])
                english[best] = names if best not in english else english[best] + names
                break
        else:
            raise SystemExit(f"city-names.txt: no place in {country} is called {names}")

    rows = []
    for i, p in enumerate(places):
        country, key = p["cc"], (p["cc"], p["admin1code"])
        least = 0 if key in WHOLE else LEAST.get(country, 2000)
        capital = (country, fold(p["name"])) in capitals and p["population"] >= 500
        if i not in english and not capital and (p["population"] < least or (least == 0 and p["population"] < 500 and p["population"] != 0)):
            continue
        name = plain(p["name"]) if country in PLAIN else p["name"]
        name = re.sub(r"[’‘`ʼʻ´]", "'", name)
        if country in ("UA", "RU", "BY"):
            name = plain(name)
        name = re.sub(r"^(Stantsiya|Imeni) ", "", name)
        given = english.get(i, [])
        if not any(c.isascii() and c.isalpha() for c in name) or (fold(name) in NEVER or len(fold(name).replace(" ", "")) < 3) and not given:
            continue
        if name.endswith(("-si", "-eup", "-gun")) and country == "KR":
            given = [re.sub(r"-(si|eup|gun)$", "", name)] + given
        if given:
            aliases = distinct(given[0], given[1:] + [name] + spellings(given[0], p["alternates"].split("|"), country, p["population"], ordinary)[:3])
            # The source's own name goes where it means something else in English: Gaza is the strip.
            aliases = [a for a in aliases if not (given[0] == "Gaza City" and fold(a) in ("gaza", "ghazza", "gazza"))]
            name = given[0]
        else:
            aliases = spellings(name, p["alternates"].split("|"), country, p["population"], ordinary)
            if name.endswith((" City", " Town")) and country not in ("US", "GB", "JM", "CA", "ZA"):
                aliases = distinct(name, [name.rsplit(" ", 1)[0]] + aliases)
        aliases = [a for a in aliases if fold(a) not in taken]
        number = lambda x: f"{float(x):.3f}".rstrip("0").rstrip(".")
        rows.append((p["geonameid"], name, number(p["lat"]), number(p["lon"]), alpha3[country], admin.get(key, ""), str(p["population"]), "|".join(aliases)))
    for line in lines_of("added-cities.txt"):
        head, lat, lon, region = (line + "\t").split("\t")[:4]
        country, names = head.split(" ", 1)
        name, *aliases = names.split("|")
        rows.append(("0", name, lat, lon, country, region, "0", "|".join(aliases)))
    rows.sort(key=lambda r: (r[4], r[5], fold(r[1]), r[0]))

    centroid = dict(line.rstrip("\n").split("\t")[:2] for line in open(args.folder / "centroids.tsv", encoding="utf-8"))
    country_rows = []
    for c in countries:
        if c["iso"] not in centroid:
            continue
        degrees = []
        for half in centroid[c["iso"]].split(","):
            d, m, side = half.split()
            degrees.append((int(d) + int(m) / 60) * (-1 if side in "SW" else 1))
        country_rows.append((c["iso3"], c["name"], f"{degrees[0]:.2f}", f"{degrees[1]:.2f}", c["geonameid"]))

    OUT.mkdir(parents=True, exist_ok=True)
    write(OUT / "cities.tsv", "geonames_id name latitude longitude country admin1 population aliases", rows)
    write(OUT / "admin1.tsv", "name latitude longitude country aliases", admin_rows)
    write(OUT / "countries.tsv", "country name latitude longitude geonames_id", sorted(country_rows))
    wary = set(WARY)
    curated = {fold(n) for names in english.values() for n in names}
    for r in rows:
        for name in [r[1], *r[7].split("|")]:
            folded = fold(name)
            if folded and " " not in folded and (
                folded in ordinary and int(r[6]) < 500000 or folded in NEVER or folded in personal and folded not in curated
            ):
                wary.add(folded)
    for r in admin_rows:
        for name in [r[0], *r[4].split("|")]:
            if fold(name) in ordinary or fold(name) in personal:
                wary.add(fold(name))
    body = "\n".join("    " + line for line in wrap([f'"{w}"' for w in sorted(wary)], 115))
    (OUT / "wary.toml").write_text(
        "# Names of places that are also ordinary words or personal names, folded to lower case without accents. Such a name\n"
        "# is a place only with a locative preposition or another sign of one.\n"
        f"words = [\n{body}\n]\n", encoding="utf-8")
    print(len(rows), "cities,", len(admin_rows), "regions,", len(country_rows), "countries,", len(wary), "wary words,",
          (OUT / "cities.tsv").stat().st_size, "bytes")


def wrap(items, width):
    """Lines of at most `width` characters, items kept whole."""
    lines = [""]
    for item in items:
        if len(lines[-1]) + len(item) + 2 > width:
            lines.append("")
        lines[-1] += (" " if lines[-1] else "") + item + ","
    return lines


def write(path, head, rows):
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        out.write("\t".join(head.split(" ")) + "\n")
        for row in rows:
            assert not any("\t" in field for field in row), row
            out.write("\t".join(row) + "\n")


if __name__ == "__main__":
    main()
