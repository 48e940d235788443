#include "engine/admission/classes/class_files.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

#include "engine/admission/lottery/proof_text.hpp"

namespace catchment::engine::admission {
namespace {

constexpr std::string_view kClassesFormat = "classes/1", kHeadsFormat = "heads/1", kLateFormat = "late/1";

std::string_view class_list_key(std::string_view format) {
  return format == kClassesFormat ? "pupils" : format == kHeadsFormat ? "heads" : "late";
}

// Codes between separators, sorted, each once.
std::vector<Code> read_code_row(const ProofLine& line, std::string_view field, std::string_view text, char separator) {
  std::vector<Code> codes;
  while (true) {
    const std::size_t end = text.find(separator);
    codes.push_back(proof_code(line, field, text.substr(0, end)));
    if (codes.size() > 1 && !(codes[codes.size() - 2] < codes.back()))
      refuse_proof(line.file, line.number, field, "is not sorted, or stands twice");
    if (end == std::string_view::npos) return codes;
    text.remove_prefix(end + 1);
  }
}

void print_code_row(std::string& text, const std::vector<Code>& codes, char separator) {
  for (std::size_t i = 0; i < codes.size(); ++i) {
    if (i != 0) text += separator;
    text.append(view(codes[i]));
  }
}

bool read_girl(const ProofLine& line, std::string_view text) {
  if (text != "F" && text != "M") refuse_proof(line.file, line.number, "sex", "must be F or M");
  return text == "F";
}

bool read_needs(const ProofLine& line, std::string_view text) {
  if (text != "0" && text != "1") refuse_proof(line.file, line.number, "needs", "must be 0 or 1");
  return text == "1";
}

// Who are of one name in the list say so of each other.
void check_late_namesakes(const std::vector<ListedLate>& late) {
  std::map<Code, const LatePupil*> by_code;
  for (const ListedLate& l : late) by_code[l.pupil.code] = &l.pupil;
  for (std::size_t i = 0; i < late.size(); ++i) {
    const LatePupil& pupil = late[i].pupil;
    for (const Code& code : pupil.namesakes) {
      const auto other = by_code.find(code);
      if (code == pupil.code) refuse_proof(kLateKind.list_file, i + 1, "namesakes", "must be others");
      if (other != by_code.end() &&
          !std::binary_search(other->second->namesakes.begin(), other->second->namesakes.end(), pupil.code))
        refuse_proof(kLateKind.list_file, i + 1, "namesakes",
                     std::string(view(code)).append(" does not say the same of this one"));
    }
  }
}

// Units stand for themselves and are in the list; nobody is alone with a namesake number.
void check_listed_pupils(const std::vector<ListedPupil>& pupils) {
  std::map<Code, Code> unit_of;
  std::map<int, int> named;
  for (const ListedPupil& p : pupils) {
    unit_of[p.pupil.code] = p.pupil.unit;
    if (p.pupil.namesake != 0) ++named[p.pupil.namesake];
  }
  for (std::size_t i = 0; i < pupils.size(); ++i) {
    const ClassPupil& pupil = pupils[i].pupil;
    const auto at = unit_of.find(pupil.unit);
    if (at == unit_of.end() || at->second != pupil.unit)
      refuse_proof(kClassesKind.list_file, i + 1, "unit",
                   "must be the own code or that of a sibling who stands for both");
    if (pupil.namesake != 0 && named[pupil.namesake] < 2)
      refuse_proof(kClassesKind.list_file, i + 1, "namesake", "nobody else has this number");
  }
}

}  // namespace

ClassManifest parse_class_manifest(std::string_view format, std::string_view text) {
  ProofKeys keys(kManifestFile, text);
  ClassManifest manifest;
  ProofLine line = keys.next("draw");
  manifest.draw = proof_id(line, "draw", ProofKeys::value(line));
  line = keys.next("format");
  if (ProofKeys::value(line) != format)
    refuse_proof(line.file, line.number, "format", std::string("must be ").append(format));
  manifest.format = format;
  line = keys.next("suite");
  const auto suite = find_suite(ProofKeys::value(line));
  if (!suite) refuse_proof(line.file, line.number, "suite", "must be sha256 or sm3");
  manifest.suite = *suite;
  if (format == kClassesFormat) {
    line = keys.next("classes");
    manifest.classes = proof_number(line, "classes", ProofKeys::value(line));
    if (manifest.classes < 1 || manifest.classes > 999)
      refuse_proof(line.file, line.number, "classes", "must be 1 to 999");
  } else {
    line = keys.next("deal");
    manifest.deal = proof_digest(line, "deal", ProofKeys::value(line));
  }
  if (format == kLateFormat) {
    line = keys.next_if("gone");
    if (!line.text.empty()) manifest.gone = read_code_row(line, "gone", ProofKeys::value(line), ' ');
  }
  line = keys.next(class_list_key(format));
  manifest.list = proof_digest(line, class_list_key(format), ProofKeys::value(line));
  line = keys.next("rules");
  manifest.rules = proof_digest(line, "rules", ProofKeys::value(line));
  manifest.terms = read_terms(keys);
  keys.end();
  if (print(manifest) != text) refuse_proof(kManifestFile, 0, "", "is not in canonical form");
  return manifest;
}

std::string print(const ClassManifest& m) {
  std::string text = "draw: " + m.draw + "\nformat: " + m.format + "\nsuite: " + std::string(to_word(m.suite)) + "\n";
  if (m.format == kClassesFormat) text += "classes: " + std::to_string(m.classes) + "\n";
  if (m.deal) text += "deal: " + to_hex(*m.deal) + "\n";
  if (!m.gone.empty()) {
    text += "gone: ";
    print_code_row(text, m.gone, ' ');
    text += "\n";
  }
  text += std::string(class_list_key(m.format)) + ": " + to_hex(m.list) + "\nrules: " + to_hex(m.rules) + "\n";
  return text + print(m.terms);
}

std::vector<ListedPupil> parse_pupils(std::string_view text) {
  const std::vector<std::string_view> lines = proof_lines(kClassesKind.list_file, text);
  std::vector<ListedPupil> pupils;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const ProofLine line{kClassesKind.list_file, i + 1, lines[i]};
    const auto c = proof_columns(line, {"code", "unit", "sex", "needs", "namesake", "leaf"});
    pupils.push_back({{proof_code(line, "code", c[0]), proof_code(line, "unit", c[1]), read_girl(line, c[2]),
                       read_needs(line, c[3]), proof_number(line, "namesake", c[4])},
                      proof_digest(line, "leaf", c[5])});
    if (i != 0 && !(pupils[i - 1].pupil.code < pupils[i].pupil.code))
      refuse_proof(line.file, line.number, "code", "is not sorted, or stands twice");
  }
  check_listed_pupils(pupils);
  return pupils;
}

std::string print(const std::vector<ListedPupil>& pupils) {
  std::string text;
  for (const ListedPupil& p : pupils) {
    text.append(view(p.pupil.code)).append("\t").append(view(p.pupil.unit)).append(p.pupil.girl ? "\tF\t" : "\tM\t");
    text.append(p.pupil.needs ? "1\t" : "0\t").append(std::to_string(p.pupil.namesake)).append("\t");
    text.append(to_hex(p.leaf)).append("\n");
  }
  return text;
}

std::vector<ListedCode> parse_codes(std::string_view file, std::string_view text) {
  const std::vector<std::string_view> lines = proof_lines(file, text);
  std::vector<ListedCode> codes;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const ProofLine line{file, i + 1, lines[i]};
    const auto c = proof_columns(line, {"code", "leaf"});
    codes.push_back({proof_code(line, "code", c[0]), proof_digest(line, "leaf", c[1])});
    if (i != 0 && !(codes[i - 1].code < codes[i].code))
      refuse_proof(line.file, line.number, "code", "is not sorted, or stands twice");
  }
  return codes;
}

std::string print(const std::vector<ListedCode>& codes) {
  std::string text;
  for (const ListedCode& line : codes) text.append(view(line.code)).append("\t").append(to_hex(line.leaf)).append("\n");
  return text;
}

std::vector<ListedLate> parse_late(std::string_view text) {
  const std::string_view file = kLateKind.list_file;
  const std::vector<std::string_view> lines = proof_lines(file, text);
  std::vector<ListedLate> late;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const ProofLine line{file, i + 1, lines[i]};
    const auto c = proof_columns(line, {"code", "sex", "needs", "namesakes", "leaf"});
    ListedLate& listed = late.emplace_back();
    listed.pupil = {proof_code(line, "code", c[0]), read_girl(line, c[1]), read_needs(line, c[2]), {}};
    if (c[3] != "-") listed.pupil.namesakes = read_code_row(line, "namesakes", c[3], ',');
    listed.leaf = proof_digest(line, "leaf", c[4]);
    if (i != 0 && !(late[i - 1].pupil.code < listed.pupil.code))
      refuse_proof(file, line.number, "code", "is not sorted, or stands twice");
  }
  check_late_namesakes(late);
  return late;
}

std::string print(const std::vector<ListedLate>& late) {
  std::string text;
  for (const ListedLate& l : late) {
    text.append(view(l.pupil.code)).append(l.pupil.girl ? "\tF\t" : "\tM\t").append(l.pupil.needs ? "1\t" : "0\t");
    if (l.pupil.namesakes.empty()) text += '-';
    print_code_row(text, l.pupil.namesakes, ',');
    text.append("\t").append(to_hex(l.leaf)).append("\n");
  }
  return text;
}

std::vector<ListedPlace> parse_class_list(std::string_view file, std::string_view text) {
  constexpr std::array<std::string_view, 6> kNotes{"-", "SPLIT", "NAMESAKE", "SPLIT+NAMESAKE", "LATE", "LATE+NAMESAKE"};
  const std::vector<std::string_view> lines = proof_lines(file, text);
  std::vector<ListedPlace> places;
  std::set<Code> seen;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const ProofLine line{file, i + 1, lines[i]};
    const auto c = proof_columns(line, {"class", "code", "unit", "sex", "needs", "ticket", "note"});
    ListedPlace& place = places.emplace_back();
    place.school_class = proof_number(line, "class", c[0]);
    if (place.school_class < 1 || place.school_class > 999) refuse_proof(file, i + 1, "class", "must be 1 to 999");
    place.pupil = {proof_code(line, "code", c[1]), proof_code(line, "unit", c[2]), read_girl(line, c[3]),
                   read_needs(line, c[4]), 0};
    place.ticket = proof_digest(line, "ticket", c[5]);
    place.note = c[6];
    if (std::find(kNotes.begin(), kNotes.end(), c[6]) == kNotes.end())
      refuse_proof(file, i + 1, "note", "must be -, SPLIT, NAMESAKE, SPLIT+NAMESAKE, LATE or LATE+NAMESAKE");
    const auto order = [](const ListedPlace& p) { return std::tie(p.school_class, p.pupil.code); };
    if ((i != 0 && !(order(places[i - 1]) < order(place))) || !seen.insert(place.pupil.code).second)
      refuse_proof(file, i + 1, "code", "is not sorted by class and code, or stands twice");
  }
  return places;
}

std::string print(const std::vector<ListedPlace>& places) {
  std::string text;
  for (const ListedPlace& place : places) {
    const ClassPupil& pupil = place.pupil;
    text.append(std::to_string(place.school_class)).append("\t").append(view(pupil.code)).append("\t");
    text.append(view(pupil.unit)).append(pupil.girl ? "\tF\t" : "\tM\t").append(pupil.needs ? "1" : "0");
    text.append("\t").append(to_hex(place.ticket)).append("\t").append(place.note).append("\n");
  }
  return text;
}

}  // namespace catchment::engine::admission
