"""Writes the further character facts under Sources/Tokenizers/Characters from what the `tokenizers` package does.

    unicode.py FOLDER

Oniguruma (patterns), Rust's standard library and two crates each carry their own version of Unicode, so that the
package's behaviour is the only exact source, as in characters.py. Graphemes show only through a Precompiled normalizer:
where a cluster of fewer than six bytes begins with a mapped character, all of it is replaced. Run with tokenizers 0.23.
"""
import struct
import sys
from packing import encode_decompositions, encode_ranges, write
from tokenizers import Regex, normalizers, pre_tokenizers

scalars = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
CHUNK = 4096
chunks = [scalars[k:k + CHUNK] for k in range(0, len(scalars), CHUNK)]


def matching(pattern):
    """The scalars that a pattern matches alone."""
    remove, out = normalizers.Replace(Regex(pattern), ""), set()
    for chunk in chunks:
        rest = set(remove.normalize_str("".join(chunk)))
        out |= {ord(c) for c in chunk if c not in rest}
    return out


CATEGORIES = "Cc Cf Co Ll Lm Lo Lt Lu Mc Me Mn Nd Nl No Pc Pd Pe Pf Pi Po Ps Sc Sk Sm So Zl Zp Zs".split()
category = {code: 1 + k for k, name in enumerate(CATEGORIES) for code in matching(r"\p{%s}" % name)}
letters = {code for code, k in category.items() if CATEGORIES[k - 1][0] in "LMN" or CATEGORIES[k - 1] == "Pc"}
word, space, alphabetic = matching(r"\w"), matching(r"\s"), matching(r"\p{Alphabetic}")

NAMES = """Adlam Ahom Anatolian_Hieroglyphs Arabic Armenian Avestan Balinese Bamum Bassa_Vah Batak Bengali Bhaiksuki
Bopomofo Brahmi Braille Buginese Buhid Canadian_Aboriginal Carian Caucasian_Albanian Chakma Cham Cherokee Chorasmian
Common Coptic Cuneiform Cypriot Cypro_Minoan Cyrillic Deseret Devanagari Dives_Akuru Dogra Duployan
Egyptian_Hieroglyphs Elbasan Elymaic Ethiopic Garay Georgian Glagolitic Gothic Grantha Greek Gujarati Gunjala_Gondi
Gurmukhi Gurung_Khema Han Hangul Hanifi_Rohingya Hanunoo Hatran Hebrew Hiragana Imperial_Aramaic Inherited
Inscriptional_Pahlavi Inscriptional_Parthian Javanese Kaithi Kannada Katakana Kawi Kayah_Li Kharoshthi
Khitan_Small_Script Khmer Khojki Khudawadi Kirat_Rai Lao Latin Lepcha Limbu Linear_A Linear_B Lisu Lycian Lydian
Mahajani Makasar Malayalam Mandaic Manichaean Marchen Masaram_Gondi Medefaidrin Meetei_Mayek Mende_Kikakui
Meroitic_Cursive Meroitic_Hieroglyphs Miao Modi Mongolian Mro Multani Myanmar Nabataean Nag_Mundari Nandinagari
New_Tai_Lue Newa Nko Nushu Nyiakeng_Puachue_Hmong Ogham Ol_Chiki Ol_Onal Old_Hungarian Old_Italic Old_North_Arabian
Old_Permic Old_Persian Old_Sogdian Old_South_Arabian Old_Turkic Old_Uyghur Oriya Osage Osmanya Pahawh_Hmong Palmyrene
Pau_Cin_Hau Phags_Pa Phoenician Psalter_Pahlavi Rejang Runic Samaritan Saurashtra Sharada Shavian Siddham SignWriting
Sinhala Sogdian Sora_Sompeng Soyombo Sundanese Sunuwar Syloti_Nagri Syriac Tagalog Tagbanwa Tai_Le Tai_Tham Tai_Viet
Takri Tamil Tangsa Tangut Telugu Thaana Thai Tibetan Tifinagh Tirhuta Todhri Toto Tulu_Tigalari Ugaritic Vai Vithkuqi
Wancho Warang_Citi Yezidi Yi Zanabazar_Square""".split()
script = {code: 1 + k for k, name in enumerate(NAMES) for code in matching(r"\p{%s}" % name)}

by_script = pre_tokenizers.UnicodeScripts().pre_tokenize_str
representatives, separate = [], {}
for c in scalars:
    if c == "a":
        separate[ord(c)] = separate[ord("b") - 1] = 1
    if len(by_script("a" + c)) == 1 and len(by_script("ж" + c)) == 1:
        continue
    last = separate.get(ord(c) - 1)
    if last and last <= len(representatives) and len(by_script(representatives[last - 1] + c)) == 1:
        separate[ord(c)] = last
        continue
    for k, other in enumerate(representatives):
        if len(by_script(other + c)) == 1:
            separate[ord(c)] = 1 + k
            break
    else:
        representatives.append(c)
        separate[ord(c)] = len(representatives)

digits = pre_tokenizers.Digits(individual_digits=True).pre_tokenize_str
numeric = {ord(c) for c in scalars if len(digits("a" + c + "a")) == 3}

nfc, nfd = normalizers.NFC().normalize_str, normalizers.NFD().normalize_str
nfkd, strip = normalizers.NFKD().normalize_str, normalizers.StripAccents().normalize_str
hangul = range(0xAC00, 0xD7A4)
compatible = {ord(c): [ord(x) for x in nfkd(c)] for c in scalars if nfkd(c) != nfd(c) and ord(c) not in hangul}
excluded = {ord(c) for c in scalars if nfd(c) != c and nfc(c) != c}
marks = {ord(c) for c in scalars if strip(c) == ""}


def replacing(key):
    """A normalizer that maps one character to X: a double array of one path (Darts)."""
    units, position = [0] * 256 * (len(key.encode()) + 2), 0
    for level, byte in enumerate(key.encode()):
        base = 256 * (level + 1)
        units[position] |= (position ^ base) << 10
        position = base | byte
        units[position] = byte
    units[position] |= 1 << 8 | (position ^ 256 * (level + 2)) << 10
    units[256 * (level + 2)] = 1 << 31
    blob = struct.pack(f"<I{len(units)}I", 4 * len(units), *units) + b"X\0"
    return normalizers.Precompiled(blob).normalize_str


def asking(key, text, codes=scalars):
    """What a text around each scalar becomes, by scalar."""
    normalize, out = replacing(key), {}
    for k in range(0, len(codes), CHUNK):
        part = [c for c in codes[k:k + CHUNK] if c != "\n"]
        for c, answer in zip(part, normalize("\n".join(text(c) for c in part)).split("\n"), strict=True):
            out[c] = answer
    return out


ACUTE, KA, VIRAMA, HEART, JOINER = "\u0301", "\u0915", "\u094d", "\u2764", "\u200d"
joins = {c for c, answer in asking("a", lambda c: "a" + c).items() if answer == "X"}
joins |= {c for c, answer in asking(ACUTE, lambda c: c + ACUTE).items() if c == ACUTE}
controls = {c for c, a in asking(ACUTE, lambda c: c + ACUTE * 2).items() if c not in joins and a.count("X") == 1}
prepends = {
    c for c, a in asking("a", lambda c: c + "a" + ACUTE).items()
    if c not in joins and c not in controls and c != "a" and a.endswith(ACUTE)
}
extends = {
    c for c, a in asking(HEART, lambda c: "\u2600" + c + JOINER + HEART + ACUTE).items()
    if c in joins and a.endswith(ACUTE)
}
pictures = {c for c, a in asking(HEART, lambda c: c + JOINER + HEART + ACUTE).items() if a.endswith(ACUTE)} - joins
consonants = {c for c, a in asking(KA, lambda c: c + VIRAMA + KA + ACUTE).items() if a.endswith(ACUTE)} - joins
linkers = {c for c, a in asking(KA, lambda c: KA + c + KA + ACUTE).items() if c in joins and a.endswith(ACUTE)}
conjuncts = {c for c, a in asking(KA, lambda c: KA + VIRAMA + c + KA + ACUTE).items() if c in joins and a.endswith(ACUTE)}
controls.add("\n")
kinds = [controls, prepends, joins - extends - {JOINER}, extends, {JOINER}, pictures, consonants]
grapheme = {ord(c): 1 + k for k, kind in enumerate(kinds) for c in kind}
for c in conjuncts | linkers:
    grapheme[ord(c)] += 8 * (c in conjuncts) + 16 * (c in linkers)

about = "written by Tests/Fixtures/tokenizers/unicode.py."
files = {
    "CategoryData": ("General categories and what patterns ask for,", [
        ("names", "The categories by number, 1 being the first.", CATEGORIES),
        ("categories", "Ranges with a category.", encode_ranges(category, category.get)),
        ("unlikeWord", "Ranges where `\\\\w` is not letter, mark, number or connector.", encode_ranges(word ^ letters)),
        ("spaces", "Ranges of `\\\\s`.", encode_ranges(space)),
        ("alphabetic", "Ranges of letters in the wide sense.", encode_ranges(alphabetic)),
        ("numeric", "Ranges that count as digits in splitting.", encode_ranges(numeric)),
    ]),
    "CompositionData": ("What the four normal forms need beside canonical decompositions,", [
        ("compatible", "Scalar, count, first part, further parts.", encode_decompositions(compatible)),
        ("excluded", "Ranges that decompose and are never composed.", encode_ranges(excluded)),
        ("marks", "Ranges of all combining marks.", encode_ranges(marks)),
    ]),
    "GraphemeData": ("Classes of grapheme breaking (Unicode Standard Annex 29),", [
        ("classes", "Ranges with a class.", encode_ranges(grapheme, grapheme.get)),
    ]),
    "ScriptData": ("Scripts,", [
        ("names", "The scripts by number, 1 being the first.", NAMES),
        ("scripts", "Ranges with a script, as patterns know it.", encode_ranges(script, script.get)),
        ("separate", "Ranges with a class that splitting by script tells apart.", encode_ranges(separate, separate.get)),
    ]),
}
for name, (summary, fields) in files.items():
    write(f"{sys.argv[1]}/{name}.swift", name, f"{summary} {about}", fields)
    print(name, {field: len(text) for field, _, text in fields}, file=sys.stderr)
