#!/usr/bin/env python3
"""Recomputes a draw/1, classes/1, heads/1 or late/1 from its published files and compares the result, byte by byte.

    python3 verify.py FOLDER [CODE]     says SAME or names the file that is wrong; with a code, that child's line
    python3 verify.py --batch FILE      for tests: one line per case

Needs Python 3.8 or later and nothing else. The format is written down in engine/admission/lottery/draw-1.md.
Exit codes: 0 the same, 1 a file is wrong, 2 a file is missing.
"""
import datetime
import hashlib
import hmac
import os
import re
import struct
import sys


class Wrong(Exception):
    """files: those that may be wrong; the message says where and why."""

    def __init__(self, files, message):
        super().__init__(message)
        self.files = [files] if isinstance(files, str) else files


# --- hashes -----------------------------------------------------------------------------------------------------------


def _rotate(x, n):
    n %= 32
    return ((x << n) | (x >> (32 - n))) & 0xFFFFFFFF


_SM3_T = [_rotate(0x79CC4519 if j < 16 else 0x7A879D8A, j) for j in range(64)]


def _sm3_block(state, block):
    w = list(struct.unpack(">16I", block))
    for j in range(16, 68):
        x = w[j - 16] ^ w[j - 9] ^ _rotate(w[j - 3], 15)
        w.append(x ^ _rotate(x, 15) ^ _rotate(x, 23) ^ _rotate(w[j - 13], 7) ^ w[j - 6])
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        a12 = _rotate(a, 12)
        ss1 = _rotate((a12 + e + _SM3_T[j]) & 0xFFFFFFFF, 7)
        ff = a ^ b ^ c if j < 16 else (a & b) | (a & c) | (b & c)
        gg = e ^ f ^ g if j < 16 else (e & f) | (~e & g)
        tt1 = (ff + d + (ss1 ^ a12) + (w[j] ^ w[j + 4])) & 0xFFFFFFFF
        tt2 = (gg + h + ss1 + w[j]) & 0xFFFFFFFF
        d, c, b, a = c, _rotate(b, 9), a, tt1
        h, g, f, e = g, _rotate(f, 19), e, tt2 ^ _rotate(tt2, 9) ^ _rotate(tt2, 17)
    return [s ^ x for s, x in zip(state, (a, b, c, d, e, f, g, h))]


def sm3(data):
    """GB/T 32905, for a Python whose OpenSSL has none."""
    state = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
    data = data + b"\x80" + b"\0" * ((55 - len(data)) % 64) + struct.pack(">Q", 8 * len(data))
    for at in range(0, len(data), 64):
        state = _sm3_block(state, data[at : at + 64])
    return struct.pack(">8I", *state)


def _own_sm3_hmac(key, message):
    key = key.ljust(64, b"\0")
    return sm3(bytes(k ^ 0x5C for k in key) + sm3(bytes(k ^ 0x36 for k in key) + message))


def suite_of(word):
    """(hash, hmac) of a suite."""
    if word == "sha256":
        return (lambda b: hashlib.sha256(b).digest()), (lambda k, m: hmac.new(k, m, "sha256").digest())
    try:
        hashlib.new("sm3")
    except ValueError:
        return sm3, _own_sm3_hmac
    return (lambda b: hashlib.new("sm3", b).digest()), (lambda k, m: hmac.new(k, m, "sm3").digest())


# --- reading strictly -------------------------------------------------------------------------------------------------

NUMBER = r"(0|[1-9][0-9]{0,6})"
HEX = r"([0-9a-f]{64})"
CODE = r"([0-9A-HJKMNP-TV-Z]{8})"
ID = r"([0-9A-Za-z._-]{1,64})"


def lines_of(name, data):
    for number, line in enumerate(data.split(b"\n"), 1):
        if re.search(rb"[^\t\x20-\x7e]", line):
            raise Wrong(name, "%s:%d: a byte that may not stand here (BOM, CR or no ASCII)" % (name, number))
    if data and not data.endswith(b"\n"):
        raise Wrong(name, "%s: the last line does not end with LF" % name)
    return data.decode("ascii").split("\n")[:-1]


def match(name, number, pattern, line, what):
    found = re.fullmatch(pattern, line)
    if not found:
        raise Wrong(name, "%s:%d: %s" % (name, number, what))
    return found


def table(name, data, columns, sort=True):
    """Rows of columns [(field, pattern)]; sorted by the first column, each once, unless sort is False."""
    rows = []
    for number, line in enumerate(lines_of(name, data), 1):
        cells = line.split("\t")
        if len(cells) != len(columns):
            raise Wrong(name, "%s:%d: must have %d columns" % (name, number, len(columns)))
        for cell, (field, pattern) in zip(cells, columns):
            match(name, number, pattern, cell, field)
        if sort and rows and rows[-1][0] >= cells[0]:
            raise Wrong(name, "%s:%d: not sorted, or twice" % (name, number))
        rows.append(cells)
    return rows


def key_lines(name, data, keys):
    """`key: value` lines in the order of keys [(key, pattern, "1" once, "?" perhaps or "*" any number)]."""
    lines = lines_of(name, data)
    values, at = {}, 0
    for key, pattern, times in keys:
        got = 0
        while at < len(lines) and lines[at].startswith(key + ": ") and (times == "*" or got == 0):
            match(name, at + 1, pattern, lines[at][len(key) + 2 :], key)
            values.setdefault(key, []).append(lines[at][len(key) + 2 :])
            at, got = at + 1, got + 1
        if times == "1" and not got:
            raise Wrong(name, "%s:%d: this line must be `%s: ...`" % (name, at + 1, key))
    if at != len(lines):
        raise Wrong(name, "%s:%d: no key that may stand here" % (name, at + 1))
    return values


def need(condition, name, what):
    if not condition:
        raise Wrong(name, "%s: %s" % (name, what))


def is_time(text):
    try:
        datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M" if "T" in text else "%Y-%m-%d")
        return True
    except ValueError:
        return False


PLACE = r"[!-~]([ -~]{0,98}[!-~])?"
DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
WITNESS = r"([!-*,-~]{1,100})\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}"
DRAW_KEYS = [
    ("draw", ID, "1"), ("format", r"draw/1", "1"), ("suite", r"sha256|sm3", "1"), ("seats", NUMBER, "1"), ("bundle", r"skip|over", "1"), ("roll", HEX, "1"), ("rules", HEX, "1"),
    ("quotas", r"%s=%s( %s=%s)*" % (ID, NUMBER, ID, NUMBER), "?"), ("waitlist", r"order|fresh", "?"),
    ("waitlist-until", DAY, "?"), ("witness", WITNESS, "*"), ("quorum", NUMBER, "?"), ("commit-notary", HEX, "?"),
    ("commit-bureau", HEX, "?"), ("ceremony", DAY + r"T[0-9]{2}:[0-9]{2}", "?"), ("place", PLACE, "?"),
]  # fmt: skip


def read_draw_manifest(data):
    name = "manifest.txt"
    kv = key_lines(name, data, DRAW_KEYS)
    one = {key: values[0] for key, values in kv.items()}
    if "quotas" in one:
        parts = [part.split("=") for part in one["quotas"].split(" ")]
        ids = [part[0] for part in parts]
        need(all(a < b for a, b in zip(ids, ids[1:])), name, "quotas: not sorted, or twice")
        need([one["draw"], one["seats"]] in parts, name, "quotas: must have this draw with its seats")
    need("waitlist" in one or "waitlist-until" not in one, name, "waitlist-until without waitlist")
    witnesses = kv.get("witness", [])
    need(all(a < b for a, b in zip(witnesses, witnesses[1:])), name, "witness: not sorted, or twice")
    need(("quorum" in one) == bool(witnesses), name, "quorum goes with witnesses")
    need(not witnesses or 1 <= int(one["quorum"]) <= len(witnesses), name, "quorum: must be 1 to the number of witnesses")
    check_terms(one)
    return one


def check_terms(one):
    name = "manifest.txt"
    need(("commit-notary" in one) == ("commit-bureau" in one), name, "both commitments or none")
    for key in ("waitlist-until", "ceremony"):
        need(key not in one or is_time(one[key]), name, key + ": no such time")


def read_roll(data):
    rows = table("roll.tsv", data, [("code", CODE), ("unit", CODE), ("tier", NUMBER), ("leaf", HEX)])
    check_units("roll.tsv", rows)
    return rows


def check_units(name, rows):
    own = {row[0] for row in rows if row[0] == row[1]}
    for number, row in enumerate(rows, 1):
        if row[1] not in own:
            raise Wrong(name, "%s:%d: unit: must be the own code or that of a sibling who stands for both" % (name, number))


def read_ceremony(data):
    name = "ceremony.txt"
    lines = lines_of(name, data)
    need(len(lines) >= 3, name, "must have dice, then notary and bureau")
    last = ""
    for number, line in enumerate(lines[:-2], 1):
        role = match(name, number, r"([a-z][a-z0-9-]{0,31}): [0-9]{1,64}", line, "role: digits").group(1)
        need(role not in ("notary", "bureau") and role > last, name, "%d: roles must be sorted, each once" % number)
        last = role
    count = len(lines)
    notary = match(name, count - 1, "notary: " + HEX, lines[-2], "notary").group(1)
    bureau = match(name, count, "bureau: " + HEX, lines[-1], "bureau").group(1)
    return {"notary": notary, "bureau": bureau}


RESULT_COLUMNS = [("rank", NUMBER), ("code", CODE), ("unit", CODE), ("tier", NUMBER), ("ticket", HEX), ("status", "ADMIT|WAIT")]


# --- draw/1 -----------------------------------------------------------------------------------------------------------


def seed_of(H, tag, files, public="ceremony.txt"):
    return H(tag + b" seed\n" + H(files["manifest.txt"]) + H(files[public]))


def ticket_of(MAC, seed, tag, draw, unit):
    return MAC(seed, b"%s ticket\n%s\n%s\n" % (tag, draw.encode(), unit.encode()))


def draw_rows(kv, roll, seed, MAC):
    units = {}
    for code, unit, tier, _leaf in roll:
        units.setdefault((int(tier), unit), []).append(code)
    ordered = sorted((tier, ticket_of(MAC, seed, b"draw/1", kv["draw"], unit), unit, sorted(codes))
                     for (tier, unit), codes in units.items())  # fmt: skip
    left, out = int(kv["seats"]), []
    for rank, (tier, ticket, unit, codes) in enumerate(ordered, 1):
        admitted = len(codes) <= left or (kv["bundle"] == "over" and left > 0)
        left -= len(codes) * admitted
        word = "ADMIT" if admitted else "WAIT"
        out += ["%d\t%s\t%s\t%d\t%s\t%s\n" % (rank, code, unit, tier, ticket.hex(), word) for code in codes]
    return "".join(out).encode()


def recompute_draw(files, whole=True):
    """Everything, or only the function that knows this seed's own lines of the result."""
    kv = read_draw_manifest(files["manifest.txt"])
    H, MAC = suite_of(kv["suite"])
    seed = seed_of(H, b"draw/1", files)
    own = lambda line: ticket_of(MAC, seed, b"draw/1", kv["draw"], line[2]).hex() == line[4]
    if not whole:
        return own
    roll = read_roll(files["roll.tsv"])
    opened = read_ceremony(files["ceremony.txt"])
    if "result.tsv" in files:
        table("result.tsv", files["result.tsv"], RESULT_COLUMNS, sort=False)
    return kv, H, seed, lambda: draw_rows(kv, roll, seed, MAC), own, opened


def verify_draw(files):
    return verify_kind(files, "roll", "roll.tsv", recompute_draw)


def check_commitments(H, kv, opened):
    notes = []
    for role in ("notary", "bureau"):
        committed = kv.get("commit-" + role)
        if committed and opened[role] == committed:
            notes.append("the number of the %s was not opened; its commitment stands for it" % role)
        elif committed and H(b"draw/1 nonce\n%s\n" % role.encode() + bytes.fromhex(opened[role])).hex() != committed:
            raise Wrong("ceremony.txt", "ceremony.txt: %s: is not the number committed to in manifest.txt" % role)
    return notes


def verify_kind(files, list_key, list_name, recompute, deal=False):
    """Raises Wrong, or gives (suite, seed, hash of the result, result, notes)."""
    lists = {list_key: list_name}
    if deal:
        lists["deal"] = "deal.tsv"
    names = dict(lists, manifest="manifest.txt", ceremony="ceremony.txt", result="result.tsv")
    keys = ["manifest"] + list(lists) + ["ceremony", "seed", "result"]
    deed = None
    if "hashes.txt" in files:
        deed = key_lines("hashes.txt", files["hashes.txt"], [(key, HEX, "1") for key in keys])
    kv, H, seed, make, own, opened = recompute(files)
    published = files.get("result.tsv")
    foreign = [name for key, name in lists.items() if H(files[name]).hex() != kv[key]]
    result = None if foreign else make()
    fits = not foreign and published in (None, result)
    if deed:
        known_result = published if published is not None else result
        real = {key: H(files[name]).hex() for key, name in names.items() if name in files}
        real.update(seed=seed.hex(), result=deed["result"][0] if known_result is None else H(known_result).hex())
        blame_by_deed(deed, keys, names, fits, real)
    rows = [line.split("\t") for line in published.decode().split("\n")[:-1]] if published else []
    if list_key == "late":
        rows = [row for row in rows if row[6].startswith("LATE")]
    known = fits or any(own(row) for row in rows)
    if foreign:
        name = foreign[0]
        guilty = [name, "manifest.txt"] if not rows else name if known else "manifest.txt"
        raise Wrong(guilty, "%s: the hash of %s is not the one in manifest.txt" % (name if known else "manifest.txt", name))
    if not fits and not known and rows:
        slip = find_slip(files, rows[0], recompute)
        if slip:
            raise Wrong(slip[0], "%s:%d: one character was changed: with another there the result is right" % slip)
        raise Wrong(["result.tsv", "ceremony.txt", "manifest.txt"],
                    "result.tsv, ceremony.txt or manifest.txt: result.tsv was drawn with another seed")  # fmt: skip
    if not fits:
        first = next((i for i, (a, b) in enumerate(zip(published.split(b"\n"), result.split(b"\n")), 1) if a != b), 1)
        raise Wrong("result.tsv", "result.tsv:%d: is not what the other files give" % first)
    return kv["suite"], seed.hex(), H(result).hex(), result, check_commitments(H, kv, opened)


def find_slip(files, line, recompute):
    """(file, line) of ceremony or manifest where another byte gives the ticket of this line of the result, or None."""
    for name in ("ceremony.txt", "manifest.txt"):
        text = files[name]
        for i, byte in enumerate(text):
            for slip in [byte ^ (1 << bit) for bit in range(8)] + (list(HEX_BYTES) if byte in HEX_BYTES else []):
                trial = dict(files, **{name: text[:i] + bytes([slip]) + text[i + 1 :]})
                try:
                    own = recompute(trial, False)
                except Wrong:
                    continue
                if own(line):
                    return name, text.count(b"\n", 0, i) + 1
    return None


HEX_BYTES = b"0123456789abcdef"


def blame_by_deed(deed, keys, names, fits, real):
    other = [key for key in keys if deed[key][0] != real[key]]
    if fits and other:
        raise Wrong("hashes.txt", "hashes.txt: is not of these files, which agree with one another")
    other = [names[key] for key in other if key in names]
    if other:
        raise Wrong(other, ", ".join(other) + ": its hash is not the one in hashes.txt")


VERIFIERS = {}


# --- classes/1, heads/1, late/1 -----------------------------------------------------------------------------------------

TERMS = [("rules", HEX, "1"), ("commit-notary", HEX, "?"), ("commit-bureau", HEX, "?"),
         ("ceremony", DAY + r"T[0-9]{2}:[0-9]{2}", "?"), ("place", PLACE, "?")]  # fmt: skip
PUPILS = [("code", CODE), ("unit", CODE), ("sex", "F|M"), ("needs", "0|1"), ("namesake", NUMBER), ("leaf", HEX)]
CODES = [("code", CODE), ("leaf", HEX)]
CODE_ROW = CODE + "(?:%s" + CODE + ")*"
LATE = [("code", CODE), ("sex", "F|M"), ("needs", "0|1"), ("namesakes", "-|" + CODE_ROW % ","), ("leaf", HEX)]
NOTE = r"-|SPLIT|NAMESAKE|SPLIT\+NAMESAKE"
CLASS_LIST = [("class", "[1-9][0-9]{0,2}"), ("code", CODE), ("unit", CODE), ("sex", "F|M"), ("needs", "0|1"), ("ticket", HEX), ("note", NOTE)]
LATE_LIST = CLASS_LIST[:-1] + [("note", NOTE + r"|LATE|LATE\+NAMESAKE")]


def read_class_list(name, data, columns=LATE_LIST):
    rows = table(name, data, columns, sort=False)
    order = [(int(row[0]), row[1]) for row in rows]
    need(order == sorted(order) and len({row[1] for row in rows}) == len(rows), name, "not sorted by class and code, or twice")
    return rows


def check_late(rows, _):
    names = {row[0]: row[3].split(",") for row in rows}
    for code, others in names.items():
        need(others == ["-"] or (all(a < b for a, b in zip(others, others[1:])) and code not in others), "late.tsv", "namesakes: not sorted, twice or itself")
        need(all(code in names.get(other, [code]) for other in others), "late.tsv", "namesakes: must name each other")


def deal(pupils, tickets, classes):
    """[(class from 0, note)] for pupils (code, unit, sex, needs, namesake) and the tickets of their units."""
    stratum = [("M0", "M1", "F1", "F0").index(p[2] + p[3]) for p in pupils]
    order = sorted(range(len(pupils)), key=lambda i: (stratum[i], tickets[i], pupils[i][1], pupils[i][0]))
    where, units, groups, cells = {}, {}, {}, {}
    for place, i in enumerate(order):
        where[i] = place % classes
        units.setdefault((tickets[i], pupils[i][1]), []).append(i)
        cells.setdefault((stratum[i], where[i]), []).append((place, i))
        if pupils[i][4] != "0":
            groups.setdefault(int(pupils[i][4]), []).append(i)
    place_of = {i: place for place, i in enumerate(order)}
    wish = {i for members in units.values() if len(members) > 1 for i in members}

    def exchange(a, b):
        for i, j in ((a, b), (b, a)):
            cells[stratum[i], where[i]].remove((place_of[i], i))
            cells[stratum[i], where[j]].append((place_of[i], i))
        where[a], where[b] = where[b], where[a]

    def last_single(i, target, good):
        able = [(place, j) for place, j in cells.get((stratum[i], target), []) if j not in wish and good(j)]
        return max(able)[1] if able else None

    def together(members):
        return len({where[i] for i in members}) == 1

    def bring_together(members):
        first = where[members[0]]
        for step in range(classes):
            target, swaps = (first + step) % classes, []
            for i in members:
                if where[i] != target:
                    swaps.append((i, last_single(i, target, lambda j: j not in [b for _, b in swaps])))
                    if swaps[-1][1] is None:
                        break
            else:
                for a, b in swaps:
                    exchange(a, b)
                return

    def clash(a, b):
        return a != b and where[a] == where[b] and pupils[a][4] == pupils[b][4] != "0" and pupils[a][1] != pupils[b][1]

    def move_away(i, group):
        if i in wish:
            return False
        for step in range(1, classes):
            target = (where[i] + step) % classes
            if any(where[j] == target for j in group):
                continue
            other = last_single(i, target, lambda j: all(where[k] != where[i] for k in groups.get(int(pupils[j][4]), [])))
            if other is not None:
                exchange(i, other)
                return True
        return False

    for _, members in sorted(units.items()):
        if len(members) > 1 and not together(members):
            bring_together(members)
    for _, members in sorted(groups.items()):
        for m, later in enumerate(members):
            for earlier in members[:m]:
                if clash(later, earlier) and not move_away(later, members):
                    move_away(earlier, members)
    out = []
    for i in range(len(pupils)):
        split = not together(units[tickets[i], pupils[i][1]])
        same = any(clash(i, j) for j in groups.get(int(pupils[i][4]), []))
        out.append((where[i], "+".join(word for word, on in (("SPLIT", split), ("NAMESAKE", same)) if on) or "-"))
    return out


def class_rows(one, rows, ticket, MAC, seed, _):
    tickets = [ticket(row[1]) for row in rows]
    lines = []
    for row, t, (c, note) in zip(rows, tickets, deal(rows, tickets, int(one["classes"]))):
        lines.append((c, row[0], "%d\t%s\t%s\t%s\t%s\t%s\t%s\n" % (c + 1, row[0], row[1], row[2], row[3], t.hex(), note)))
    return "".join(line for _, _, line in sorted(lines))


def head_rows(one, rows, ticket, MAC, seed, listed):
    classes = int(listed[-1][0]) if listed else 0
    need(len(rows) == classes, "heads.tsv", "must have as many lines as deal.tsv has classes, %d" % classes)
    ordered = sorted((ticket(row[0]), row[0]) for row in rows)
    return "".join("%d\t%s\t%s\n" % (c, code, t.hex()) for c, (t, code) in enumerate(ordered, 1))


def late_rows(one, rows, ticket, MAC, seed, listed):
    gone = one["gone"].split(" ") if "gone" in one else []
    dealt, late = {row[1]: row for row in listed}, {row[0] for row in rows}
    need(all(code in dealt for code in gone), "manifest.txt", "gone: not in deal.tsv")
    out = [row for row in listed if row[1] not in gone]
    where = {row[1]: int(row[0]) for row in out}
    for code, _, _, names, _ in rows:
        need(code not in dealt, "late.tsv", code + " stands in deal.tsv already")
        for other in names.split(",") if names != "-" else []:
            need(other in late or other in where, "late.tsv", other + " is neither in deal.tsv nor late")
    classes = {c: [row for row in out if int(row[0]) == c] for c in range(1, int(listed[-1][0]) + 1 if listed else 1)}
    need(classes or not rows, "deal.tsv", "has no class to join")
    for t, (code, sex, needs, names, _) in sorted((ticket(row[0]), row) for row in rows):
        named = {where.get(other) for other in names.split(",")}

        def fit(c):
            inside = classes[c]
            message = b"late/1 class\n%s\n%s\n%d\n" % (one["draw"].encode(), code.encode(), c)
            return (len(inside), sum(row[4] == "1" for row in inside) if needs == "1" else 0,
                    sum(row[3] == sex for row in inside), c in named, MAC(seed, message))  # fmt: skip

        best = min(classes, key=fit)
        note = "LATE+NAMESAKE" if best in named else "LATE"
        where[code] = best
        classes[best].append([str(best), code, code, sex, needs, t.hex(), note])
        out.append(classes[best][-1])
    return "".join("\t".join(row) + "\n" for row in sorted(out, key=lambda row: (int(row[0]), row[1])))


def check_pupils(rows, name):
    check_units(name, rows)
    names = [row[4] for row in rows]
    need(all(n == "0" or names.count(n) > 1 for n in set(names)), name, "namesake: nobody else has this number")


DEAL = ("deal", HEX, "1")
HEADS = [("class", NUMBER), ("code", CODE), ("ticket", HEX)]
read_heads = lambda name, data: table(name, data, HEADS, sort=False)
read_dealt = lambda name, data: read_class_list(name, data, CLASS_LIST)
# format: (key of the list, its columns, keys before it, further checks of it, reader of the result, columns of its unit
# and ticket, rows)
KINDS = {
    "classes/1": ("pupils", PUPILS, [("classes", r"[1-9][0-9]{0,2}", "1")], check_pupils, read_dealt, 2, 5, class_rows),
    "heads/1": ("heads", CODES, [DEAL], lambda rows, name: None, read_heads, 1, 2, head_rows),
    "late/1": ("late", LATE, [DEAL, ("gone", CODE_ROW % " ", "?")], check_late, read_class_list, 2, 5, late_rows),
}  # fmt: skip


def verify_class(kind):
    key, columns, before, check, read_result, unit_at, ticket_at, rows_of = KINDS[kind]
    name = key + ".tsv"

    def recompute(files, whole=True):
        one = {k: v[0] for k, v in key_lines("manifest.txt", files["manifest.txt"], [
            ("draw", ID, "1"), ("format", re.escape(kind), "1"), ("suite", "sha256|sm3", "1"),
            ] + before + [(key, HEX, "1")] + TERMS).items()}  # fmt: skip
        check_terms(one)
        gone = one["gone"].split(" ") if "gone" in one else []
        need(all(a < b for a, b in zip(gone, gone[1:])), "manifest.txt", "gone: not sorted, or twice")
        H, MAC = suite_of(one["suite"])
        seed = seed_of(H, kind.encode(), files)
        ticket = lambda unit: ticket_of(MAC, seed, kind.encode(), one["draw"], unit)
        own = lambda line: ticket(line[unit_at]).hex() == line[ticket_at]
        if not whole:
            return own
        rows = table(name, files[name], columns)
        check(rows, name)
        opened = read_ceremony(files["ceremony.txt"])
        listed = None
        if DEAL in before:
            need("deal.tsv" in files, "deal.tsv", "is missing")
            listed = read_class_list("deal.tsv", files["deal.tsv"])
        if "result.tsv" in files:
            read_result("result.tsv", files["result.tsv"])
        make = lambda: rows_of(one, rows, ticket, MAC, seed, listed).encode()
        return one, H, seed, make, own, opened

    return lambda files: verify_kind(files, key, name, recompute, deal=DEAL in before)


VERIFIERS[b"draw/1"] = verify_draw
VERIFIERS.update({kind.encode(): verify_class(kind) for kind in KINDS})

# --- the program ------------------------------------------------------------------------------------------------------


def verify(files):
    found = re.search(rb"(?m)^format: (.*)$", files["manifest.txt"])
    kind = found.group(1) if found else b""
    if kind not in VERIFIERS:
        read_draw_manifest(files["manifest.txt"])
        raise Wrong("manifest.txt", "manifest.txt: format: must be draw/1, classes/1, heads/1 or late/1")
    return VERIFIERS[kind](files)


def read_folder(folder):
    files = {}
    for name in ("manifest.txt", "roll.tsv", "ceremony.txt", "result.tsv", "hashes.txt", "pupils.tsv", "heads.tsv", "late.tsv", "deal.tsv"):  # fmt: skip
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            with open(path, "rb") as file:
                files[name] = file.read()
    return files


def batch(path):
    """Cases as u32 number of files, then for each u32 length and name, u32 length and bytes. One line out per case."""
    with open(path, "rb") as file:
        data = file.read()
    at = 0

    def take():
        nonlocal at
        (size,) = struct.unpack_from("<I", data, at)
        at += 4 + size
        return data[at - size : at]

    out = []
    while at < len(data):
        (count,) = struct.unpack_from("<I", data, at)
        at += 4
        files = {}
        for _ in range(count):
            name = take().decode()
            files[name] = take()
        try:
            out.append(verify(files)[2])
        except Wrong as wrong:
            out.append(" ".join(wrong.files))
    print("\n".join(out))


def main(arguments):
    if len(arguments) == 2 and arguments[0] == "--batch":
        return batch(arguments[1]) or 0
    if not 1 <= len(arguments) <= 2 or arguments[0].startswith("-"):
        print(__doc__)
        return 2
    files = read_folder(arguments[0])
    if "manifest.txt" not in files or "ceremony.txt" not in files:
        print("manifest.txt or ceremony.txt is missing in " + arguments[0])
        return 2
    try:
        suite, seed, digest, result, notes = verify(files)
    except Wrong as wrong:
        print("DIFFERENT  不一致  " + str(wrong))
        return 1
    except KeyError as missing:
        print("missing: " + str(missing))
        return 2
    for note in notes:
        print("note: " + note)
    if len(arguments) == 2:
        lines = [line for line in result.decode().split("\n") if arguments[1].upper() in line.split("\t")]
        print("\n".join(lines) if lines else "no such code: " + arguments[1])
    print("SAME  一致  %s %s" % (suite, digest))
    print("seed  种子  " + seed)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
