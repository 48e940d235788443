// Proof folders for tests: vector A of the draw/1 design, and random ones.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

#include "engine/admission/classes/class_files.hpp"
#include "engine/admission/lottery/draw.hpp"
#include "tests/support/random.hpp"

namespace catchment::test {

using namespace engine::admission;

inline Code to_code(std::string_view text) {
  Code code{};
  if (!parse_code(text, code)) throw std::invalid_argument(std::string(text));
  return code;
}

inline Digest repeated(std::uint8_t byte) {
  Digest digest;
  digest.fill(byte);
  return digest;
}

// Six codes, E bundled under D, four seats; every leaf opens with a salt of zeros.
inline ProofFolder vector_a(Suite suite, BundleRule bundle) {
  std::vector<RollLine> roll;
  for (const std::string_view text : {"A7K2M9QX", "B3Q9T4VH", "C5X1R8ND", "D8N4W2JF", "E2H6Y7KB", "F9J3Z5MP"}) {
    std::string leaf(1, '\0');
    leaf.append("code: ").append(text).append("\n").append(32, '\0');
    roll.push_back({to_code(text), to_code(text[0] == 'E' ? "D8N4W2JF" : text), 0, hash(suite, leaf)});
  }
  Manifest manifest;
  manifest.draw = "410100-2025-P-0001";
  manifest.suite = suite, manifest.seats = 4, manifest.bundle = bundle;
  manifest.roll = hash(suite, print(roll));
  manifest.rules = hash(suite, "rules\n");
  const Ceremony ceremony{{{"congress", "4071"},
                           {"cppcc", "9930"},
                           {"discipline", "1528"},
                           {"media", "6604"},
                           {"parent-1", "2795"},
                           {"parent-2", "8316"}},
                          repeated(0),
                          repeated(0x11)};
  return {print(manifest), print(roll), print(ceremony), {}, {}, {}};
}

// A roll of children who are drawn each alone.
inline std::vector<RollLine> singles(const std::vector<Code>& codes) {
  std::vector<RollLine> roll;
  for (const Code& code : codes) roll.push_back({code, code, 0, repeated(1)});
  return roll;
}

// The folder after `draw run`.
inline ProofFolder run_folder(const ProofKind& kind, ProofFolder folder, bool with_hashes) {
  const ProofCheck check = run_proof(kind, folder);
  folder.result = check.result;
  if (with_hashes) folder.hashes = print_hashes(kind, check.hashes);
  return folder;
}

class DrawWorld {
 public:
  explicit DrawWorld(std::uint64_t seed) : random_(seed) {}

  int between(int low, int high) { return random_.between(low, high); }
  bool chance(int in) { return between(1, in) == 1; }

  Digest digest() {
    Digest bytes;
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random_.next());
    return bytes;
  }

  // Distinct, sorted.
  std::vector<Code> codes(int count) {
    std::set<Code> codes;
    while (static_cast<int>(codes.size()) < count) {
      Code code;
      for (char& c : code) c = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[random_.next() % 32];
      codes.insert(code);
    }
    return {codes.begin(), codes.end()};
  }

  std::string ceremony() {
    Ceremony ceremony;
    for (const char* role : {"congress", "cppcc", "discipline", "media", "parent-1", "parent-2"})
      ceremony.dice.push_back({role, std::to_string(between(1000, 9999))});
    ceremony.notary = digest(), ceremony.bureau = digest();
    return print(ceremony);
  }

  // Up to `most` children in up to three tiers, some in bundles of two or three.
  std::vector<RollLine> roll(int most) {
    std::vector<RollLine> roll;
    for (const Code& code : codes(between(0, most))) roll.push_back({code, code, between(0, 2), digest()});
    for (std::size_t i = 1; i < roll.size(); ++i) {
      if (!chance(5)) continue;
      const std::size_t other = static_cast<std::size_t>(between(0, static_cast<int>(i) - 1));
      roll[i].unit = roll[other].unit;
      if (!chance(4)) roll[i].tier = roll[other].tier;
    }
    return roll;
  }

  ProofFolder draw(int most) {
    const std::vector<RollLine> children = roll(most);
    Manifest m;
    m.draw = "D" + std::to_string(between(0, 999'999));
    m.suite = chance(2) ? Suite::sm3 : Suite::sha256;
    m.seats = between(0, most), m.bundle = chance(2) ? BundleRule::over : BundleRule::skip;
    m.roll = hash(m.suite, print(children)), m.rules = digest();
    if (chance(3)) m.quotas = {{m.draw, m.seats}, {m.draw + ".b", 3}};
    if (chance(3)) m.waitlist = chance(2) ? WaitlistRule::order : WaitlistRule::fresh;
    if (m.waitlist && chance(2)) m.waitlist_until = std::chrono::local_days(std::chrono::days(between(0, 40'000)));
    if (chance(3))
      m.witnesses = {"w.example/1+0123abcd+" + std::string(44, 'A'), "w.example/2+89ab4567+" + std::string(44, '/')};
    m.quorum = m.witnesses.empty() ? 0 : between(1, 2);
    ProofFolder folder{"", print(children), ceremony(), {}, {}, {}};
    if (chance(3)) {
      const Ceremony c = parse_ceremony(folder.ceremony);
      m.terms.commitments = {chance(3) ? c.notary : nonce_commitment(m.suite, "notary", c.notary),
                             nonce_commitment(m.suite, "bureau", c.bureau)};
    }
    if (chance(3)) m.terms.ceremony = std::chrono::local_seconds(std::chrono::minutes(between(0, 50'000'000)));
    if (chance(3)) m.terms.place = "a hall, no. " + std::to_string(between(1, 9));
    folder.manifest = print(m);
    return folder;
  }

  // A school of up to `most` pupils; bundles and namesakes now and then.
  std::vector<ListedPupil> pupils(int most) {
    std::vector<ListedPupil> pupils;
    for (const Code& code : codes(between(0, most)))
      pupils.push_back({{code, code, chance(2), chance(8), 0}, digest()});
    for (std::size_t i = 1; i < pupils.size(); ++i) {
      const std::size_t other = static_cast<std::size_t>(between(0, static_cast<int>(i) - 1));
      if (chance(10)) pupils[i].pupil.unit = pupils[other].pupil.unit;
      if (chance(8)) {
        int& name = pupils[other].pupil.namesake;
        if (name == 0) name = static_cast<int>(i);
        pupils[i].pupil.namesake = name;
      }
    }
    std::map<int, int> count;
    for (const ListedPupil& p : pupils) ++count[p.pupil.namesake];
    for (ListedPupil& p : pupils) p.pupil.namesake = count[p.pupil.namesake] > 1 ? p.pupil.namesake : 0;
    return pupils;
  }

  // Late pupils for a class list: some of one name with each other or with who is there, some left.
  std::vector<ListedLate> late_pupils(const std::vector<ListedPlace>& deal, ClassManifest& m) {
    std::set<Code> taken;
    std::vector<Code> there;
    for (const ListedPlace& place : deal) {
      taken.insert(place.pupil.code);
      (chance(9) ? m.gone : there).push_back(place.pupil.code);
    }
    std::ranges::sort(m.gone);
    std::vector<ListedLate> late;
    if (deal.empty()) return late;
    for (const Code& code : codes(between(0, 9))) {
      if (!taken.contains(code)) late.push_back({{code, chance(2), chance(6), {}}, digest()});
    }
    for (std::size_t i = 0; i < late.size(); ++i) {
      LatePupil& pupil = late[i].pupil;
      for (int n = between(0, 3); n > 1 && !there.empty(); --n)
        pupil.namesakes.push_back(there[static_cast<std::size_t>(between(0, static_cast<int>(there.size()) - 1))]);
      for (std::size_t j = 0; j < i && chance(3); ++j) {
        pupil.namesakes.push_back(late[j].pupil.code);
        late[j].pupil.namesakes.push_back(pupil.code);
      }
    }
    for (ListedLate& l : late) {
      std::ranges::sort(l.pupil.namesakes);
      l.pupil.namesakes.erase(std::unique(l.pupil.namesakes.begin(), l.pupil.namesakes.end()), l.pupil.namesakes.end());
    }
    return late;
  }

  // A dealing, or what goes on from one (or, of late pupils, now and then from late ones before).
  ProofFolder class_draw(const ProofKind& kind, int most) {
    ProofFolder before;
    if (kind.read_deal != nullptr) {
      const bool twice = kind.format == "late/1" && chance(3);
      const ProofKind& first = twice ? kLateKind : kClassesKind;
      before = run_folder(first, class_draw(first, most), false);
    }
    return kind.read_deal == nullptr ? first_dealing(most) : next_dealing(kind, *before.result);
  }

  ProofFolder first_dealing(int most) {
    ClassManifest m = class_manifest(kClassesKind);
    m.classes = between(1, 9);
    const std::string list = print(pupils(most));
    m.list = hash(m.suite, list);
    return {print(m), list, ceremony(), {}, {}, {}};
  }

  ProofFolder next_dealing(const ProofKind& kind, const std::string& deal) {
    ClassManifest m = class_manifest(kind);
    const std::vector<ListedPlace> seated = parse_class_list(kDealFile, deal);
    std::string list;
    if (kind.format == "heads/1") {
      std::vector<ListedCode> heads;
      for (const Code& code : codes(seated.empty() ? 0 : seated.back().school_class)) heads.push_back({code, digest()});
      list = print(heads);
    } else {
      list = print(late_pupils(seated, m));
    }
    m.deal = hash(m.suite, deal), m.list = hash(m.suite, list);
    return {print(m), list, ceremony(), {}, {}, deal};
  }

  ClassManifest class_manifest(const ProofKind& kind) {
    ClassManifest m;
    m.draw = "S" + std::to_string(between(0, 999'999)), m.format = kind.format;
    m.suite = chance(2) ? Suite::sm3 : Suite::sha256;
    m.rules = digest();
    return m;
  }

 private:
  Random random_;
};

// A case for verify.py --batch and batch.mjs.
inline std::string batch_case(const ProofKind& kind, const ProofFolder& folder) {
  std::string out;
  const auto number = [&](std::size_t n) {
    for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>((n >> shift) & 255);
  };
  std::vector<std::pair<std::string, const std::string*>> files{{"manifest.txt", &folder.manifest},
                                                                {std::string(kind.list_file), &folder.list},
                                                                {"ceremony.txt", &folder.ceremony}};
  if (folder.result) files.emplace_back("result.tsv", &*folder.result);
  if (folder.hashes) files.emplace_back("hashes.txt", &*folder.hashes);
  if (folder.deal) files.emplace_back("deal.tsv", &*folder.deal);
  number(files.size());
  for (const auto& [name, text] : files) {
    number(name.size());
    out += name;
    number(text->size());
    out += *text;
  }
  return out;
}

}  // namespace catchment::test
