#!/usr/bin/env python3
"""Made-up families for a rehearsal that runs: each signs in by a code, registers a child and hands it in; with a school,
the district passes the papers and the family chooses it. Nobody in it is real: numbers of a country that does not exist,
identity numbers of a region that does not.

  rehearse_families.py http://127.0.0.1:8080 COUNT [PRIVATE_SCHOOL]

Reads run/texts (codes sent) and run/tokens (district-1's), as run.sh makes them. Prints each child's code."""
import json
import re
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path

RUN = Path(__file__).resolve().parent.parent / "run"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def identity(n: int) -> str:
    digits = f"00000020180301{n % 1000:03d}"
    return digits + "10X98765432"[sum(w * int(d) for w, d in zip(WEIGHTS, digits)) % 11]


class Client:
    def __init__(self, origin: str, **headers: str):
        self.origin, self.headers = origin, headers

    def ask(self, method: str, path: str, body=None):
        headers = {"Content-Type": "application/json", **self.headers}
        if method == "POST":
            headers["Idempotency-Key"] = f"families-{time.time_ns()}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.origin + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer), answer.headers
        except urllib.error.HTTPError as refusal:
            sys.exit(f"{method} {path}: {refusal.code} {refusal.read().decode()}")


def code_for(phone: str, sent: int) -> str:
    for _ in range(200):
        lines = [line for line in (RUN / "texts").read_text("utf-8").splitlines() if phone in line] if (RUN / "texts").exists() else []
        if len(lines) > sent:
            return re.search(r"(\d{6})\s*$", lines[-1]).group(1)
        time.sleep(0.05)
    sys.exit(f"no code was sent to {phone}")


def sign_in(origin: str, phone: str) -> Client:
    texts = RUN / "texts"
    sent = sum(phone in line for line in texts.read_text("utf-8").splitlines()) if texts.exists() else 0
    nobody = Client(origin)
    nobody.ask("POST", "/v1/guardians/codes", {"phone": phone})
    answer, headers = nobody.ask("POST", "/v1/guardians/sessions", {"phone": phone, "code": code_for(phone, sent)})
    return Client(origin, Cookie=headers["Set-Cookie"].split(";")[0], **{"X-CSRF-Token": answer["csrf"]})


def register(family: Client, n: int, phone: str, home: str, district: str, evidence: list) -> str:
    facts = {
        "residence_district": district, "residence_zone": "home", "residence_address": home, "property_addresses": [home],
        "grandparents_property_addresses": [], "lawful_home": True, "hukou_in_city": True, "hukou_district": district,
        "hukou_zone": "home", "hukou_address": home, "hukou_with": "parents", "evidence": evidence,
    }
    child = {"name": f"合成孩子{n}", "document": {"type": "resident_id", "number": identity(n)}, "birth_date": "2018-03-01",
             "sex": "female" if n % 2 else "male"}
    record = {"level": "primary", "district": district, "home": {"address_id": home}, "facts": facts, "child": child,
              "guardian": {"name": f"合成家长{n}", "relation": "mother", "phone": phone}}
    code = family.ask("POST", "/v1/registrations", record)[0]["code"]
    family.ask("POST", f"/v1/registrations/{code}/submit", {})
    return code


def main(origin: str, count: int, school: str = "") -> None:
    nobody = Client(origin)
    policy = nobody.ask("GET", "/v1/policy")[0]
    evidence = [e["id"] for e in policy["evidence"]][:3]
    token = next(line.split()[1] for line in (RUN / "tokens").read_text().splitlines() if line.startswith("district-1 "))
    officer = Client(origin, Authorization=f"Bearer {token}")
    district = officer.ask("GET", "/v1/sessions/current")[0]["districts"][0]
    streets = nobody.ask("GET", "/v1/addresses/suggest?" + urllib.parse.urlencode({"q": "路1号"}))[0]["suggestions"]
    home = next(s["entry"] for s in streets if s.get("entry"))
    for n in range(1, count + 1):
        phone = f"+99900{int(time.time()) % 10000:04d}{n:03d}"
        family = sign_in(origin, phone)
        code = register(family, n + int(time.time()) % 700, phone, home, district, evidence)
        if school:
            officer.ask("POST", f"/v1/registrations/{code}/verify?case=rehearsal", {})
            family.ask("POST", f"/v1/registrations/{code}/choose", {"school": school})
        print(code, phone, flush=True)


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    main(sys.argv[1].rstrip("/"), int(sys.argv[2]), *sys.argv[3:])
