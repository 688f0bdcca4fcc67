"""How the scripts beside this one pack character facts into text: five bits a character, the sixth for "goes on"."""
import textwrap

number = lambda n: chr(48 + n) if n != 44 else "~"


def varint(n):
    out = ""
    while n >= 32:
        out += number(32 + n % 32)
        n //= 32
    return out + number(n)


zigzag = lambda n: varint(2 * n if n >= 0 else -2 * n - 1)


def ranges(codes, value=lambda c: 0):
    out = []
    for c in sorted(codes):
        if out and out[-1][1] == c and out[-1][2] == value(c):
            out[-1][1] = c + 1
        else:
            out.append([c, c + 1, value(c)])
    return out


def encode_ranges(codes, value=None):
    out, last = "", 0
    for start, end, v in ranges(codes, value or (lambda c: 0)):
        out += varint(start - last) + varint(end - start) + (varint(v) if value else "")
        last = end
    return out


def encode_decompositions(decompositions):
    out, last, first = "", 0, 0
    for code, parts in sorted(decompositions.items()):
        out += varint(code - last) + varint(len(parts)) + zigzag(parts[0] - first)
        out += "".join(varint(p) for p in parts[1:])
        last, first = code, parts[0]
    return out


def write(path, name, summary, fields):
    """Writes a Swift file with an enumeration of packed texts; a field is a name, a summary and a text or a list."""
    lines = [f"/// {summary}", f"enum {name} {{"]
    for i, (field, about, text) in enumerate(fields):
        lines += [""] * (i > 0) + [f"  /// {about}"]
        if isinstance(text, list):
            lines += [f'  static let {field} = """'] + [f"    {row} \\" for row in textwrap.wrap(" ".join(text), 104)]
            lines[-1] = lines[-1][:-2]
            lines += ['    """']
        else:
            lines += [f'  static let {field}: StaticString = """']
            lines += ["    " + text[k:k + 104] for k in range(0, len(text), 104)] + ['    """']
    open(path, "w").write("\n".join(lines + ["}", ""]))
