#include "engine/admission/classes/class_files.hpp"

#include <algorithm>
#include <map>

#include "engine/admission/lottery/draw.hpp"
#include "engine/admission/lottery/proof_text.hpp"

namespace catchment::engine::admission {
namespace {

constexpr std::string_view kClassesFormat = "classes/1", kHeadsFormat = "heads/1", kLateFormat = "late/1";

std::string_view class_list_key(std::string_view format) {
  return format == kClassesFormat ? "pupils" : format == kHeadsFormat ? "heads" : "late";
}

std::vector<int> read_class_sizes(const ProofLine& line) {
  std::vector<int> sizes;
  std::string_view rest = ProofKeys::value(line);
  while (true) {
    const std::size_t space = rest.find(' ');
    sizes.push_back(proof_number(line, "sizes", rest.substr(0, space)));
    if (space == std::string_view::npos) break;
    rest.remove_prefix(space + 1);
  }
  return sizes;
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

ProofHead class_head(std::string_view format, std::string_view text) {
  const ClassManifest manifest = parse_class_manifest(format, text);
  return {manifest.draw, manifest.suite, manifest.list, manifest.terms.commitments};
}

std::vector<Ticket> class_tickets(const ClassManifest& manifest, const Digest& seed, const std::vector<Code>& units) {
  const TicketKey key(manifest.suite, seed);
  std::vector<Ticket> tickets;
  for (const Code& unit : units)
    tickets.push_back(key.ticket(ticket_message(manifest.format, manifest.draw, view(unit))));
  return tickets;
}

std::string class_note(const ClassPlace& place) {
  if (place.split) return place.namesake ? "SPLIT+NAMESAKE" : "SPLIT";
  return place.namesake ? "NAMESAKE" : "-";
}

std::string recompute_classes(const ProofFolder& folder, const Digest& seed) {
  const ClassManifest manifest = parse_class_manifest(kClassesFormat, folder.manifest);
  std::vector<ClassPupil> pupils;
  std::vector<Code> units;
  for (const ListedPupil& listed : parse_pupils(folder.list)) {
    pupils.push_back(listed.pupil);
    units.push_back(listed.pupil.unit);
  }
  const std::vector<Ticket> tickets = class_tickets(manifest, seed, units);
  const std::vector<ClassPlace> places = deal_classes(pupils, tickets, manifest.classes);
  std::vector<std::pair<int, std::size_t>> lines;  // the list is sorted by code
  for (std::size_t i = 0; i < pupils.size(); ++i) lines.emplace_back(places[i].school_class, i);
  std::sort(lines.begin(), lines.end());
  std::string text;
  for (const auto& [school_class, i] : lines) {
    text.append(std::to_string(school_class)).append("\t").append(view(pupils[i].code)).append("\t");
    text.append(view(pupils[i].unit)).append(pupils[i].girl ? "\tF\t" : "\tM\t").append(pupils[i].needs ? "1" : "0");
    text.append("\t").append(to_hex(tickets[i])).append("\t").append(class_note(places[i])).append("\n");
  }
  return text;
}

std::vector<Code> listed_codes(const std::vector<ListedCode>& listed) {
  std::vector<Code> codes;
  for (const ListedCode& line : listed) codes.push_back(line.code);
  return codes;
}

std::string recompute_heads(const ProofFolder& folder, const Digest& seed) {
  const ClassManifest manifest = parse_class_manifest(kHeadsFormat, folder.manifest);
  const std::vector<Code> codes = listed_codes(parse_codes(kHeadsKind.list_file, folder.list));
  const std::vector<Ticket> tickets = class_tickets(manifest, seed, codes);
  std::string text;
  int school_class = 0;
  for (const std::size_t i : ticket_order(codes, tickets)) {
    text.append(std::to_string(++school_class)).append("\t").append(view(codes[i])).append("\t");
    text.append(to_hex(tickets[i])).append("\n");
  }
  return text;
}

std::string recompute_late(const ProofFolder& folder, const Digest& seed) {
  const ClassManifest manifest = parse_class_manifest(kLateFormat, folder.manifest);
  const std::vector<Code> codes = listed_codes(parse_codes(kLateKind.list_file, folder.list));
  const std::vector<Ticket> tickets = class_tickets(manifest, seed, codes);
  const TicketKey key(manifest.suite, seed);
  const std::vector<int> places = place_late(codes, tickets, manifest.sizes, [&](std::size_t pupil, int school_class) {
    return key.ticket("late/1 class\n" + manifest.draw + "\n" + std::string(view(codes[pupil])) + "\n" +
                      std::to_string(school_class) + "\n");
  });
  std::string text;
  int rank = 0;
  for (const std::size_t i : ticket_order(codes, tickets)) {
    text.append(std::to_string(++rank)).append("\t").append(view(codes[i])).append("\t");
    text.append(std::to_string(places[i])).append("\t").append(to_hex(tickets[i])).append("\n");
  }
  return text;
}

// Results have the unit (or the code, where there is none) and the ticket in these columns.
void read_class_result(std::string_view format, std::string_view text, std::vector<std::pair<Code, Ticket>>* tickets) {
  const std::vector<std::string_view> lines = proof_lines(kResultFile, text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const ProofLine line{kResultFile, i + 1, lines[i]};
    std::vector<std::string_view> c;
    if (format == kClassesFormat) {
      c = proof_columns(line, {"class", "code", "unit", "sex", "needs", "ticket", "note"});
      proof_code(line, "unit", c[2]);
      if (c[3] != "F" && c[3] != "M") refuse_proof(line.file, line.number, "sex", "must be F or M");
      if (c[4] != "0" && c[4] != "1") refuse_proof(line.file, line.number, "needs", "must be 0 or 1");
      const bool note = c[6] == "-" || c[6] == "SPLIT" || c[6] == "NAMESAKE" || c[6] == "SPLIT+NAMESAKE";
      if (!note) refuse_proof(line.file, line.number, "note", "must be -, SPLIT, NAMESAKE or SPLIT+NAMESAKE");
    } else if (format == kHeadsFormat) {
      c = proof_columns(line, {"class", "code", "ticket"});
    } else {
      c = proof_columns(line, {"rank", "code", "class", "ticket"});
      proof_number(line, "class", c[2]);
    }
    proof_number(line, "class or rank", c[0]);
    Code code = proof_code(line, "code", c[1]);
    if (format == kClassesFormat) code = proof_code(line, "unit", c[2]);
    const Ticket ticket = proof_digest(line, "ticket",
                                       c[format == kClassesFormat ? 5
                                         : format == kHeadsFormat ? 2
                                                                  : 3]);
    if (tickets != nullptr) tickets->emplace_back(code, ticket);
  }
}

bool knows_class_ticket(std::string_view format, const ProofFolder& folder, const Digest& seed) {
  const ClassManifest manifest = parse_class_manifest(format, folder.manifest);
  std::vector<std::pair<Code, Ticket>> lines;
  read_class_result(format, *folder.result, &lines);
  const TicketKey key(manifest.suite, seed);
  return std::any_of(lines.begin(), lines.end(), [&](const std::pair<Code, Ticket>& line) {
    return key.ticket(ticket_message(format, manifest.draw, view(line.first))) == line.second;
  });
}

}  // namespace

const ProofKind kClassesKind{
    kClassesFormat,
    "pupils",
    "pupils.tsv",
    5,
    [](std::string_view text) { return class_head(kClassesFormat, text); },
    [](std::string_view text) { parse_pupils(text); },
    [](std::string_view text) { read_class_result(kClassesFormat, text, nullptr); },
    recompute_classes,
    [](const ProofFolder& f, const Digest& s) { return knows_class_ticket(kClassesFormat, f, s); }};

const ProofKind kHeadsKind{
    kHeadsFormat,
    "heads",
    "heads.tsv",
    5,
    [](std::string_view text) { return class_head(kHeadsFormat, text); },
    [](std::string_view text) { parse_codes("heads.tsv", text); },
    [](std::string_view text) { read_class_result(kHeadsFormat, text, nullptr); },
    recompute_heads,
    [](const ProofFolder& f, const Digest& s) { return knows_class_ticket(kHeadsFormat, f, s); }};

const ProofKind kLateKind{kLateFormat,
                          "late",
                          "late.tsv",
                          6,
                          [](std::string_view text) { return class_head(kLateFormat, text); },
                          [](std::string_view text) { parse_codes("late.tsv", text); },
                          [](std::string_view text) { read_class_result(kLateFormat, text, nullptr); },
                          recompute_late,
                          [](const ProofFolder& f, const Digest& s) { return knows_class_ticket(kLateFormat, f, s); }};

const ProofKind* find_proof_kind(std::string_view format) noexcept {
  for (const ProofKind* kind : {&kDrawKind, &kClassesKind, &kHeadsKind, &kLateKind}) {
    if (kind->format == format) return kind;
  }
  return nullptr;
}

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
  } else if (format == kLateFormat) {
    line = keys.next("sizes");
    manifest.sizes = read_class_sizes(line);
  }
  if (format != kClassesFormat) {
    line = keys.next("deal");
    manifest.deal = proof_digest(line, "deal", ProofKeys::value(line));
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
  if (!m.sizes.empty()) {
    text += "sizes:";
    for (const int size : m.sizes) text += " " + std::to_string(size);
    text += "\n";
  }
  if (m.deal) text += "deal: " + to_hex(*m.deal) + "\n";
  text += std::string(class_list_key(m.format)) + ": " + to_hex(m.list) + "\nrules: " + to_hex(m.rules) + "\n";
  return text + print(m.terms);
}

std::vector<ListedPupil> parse_pupils(std::string_view text) {
  const std::vector<std::string_view> lines = proof_lines(kClassesKind.list_file, text);
  std::vector<ListedPupil> pupils;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const ProofLine line{kClassesKind.list_file, i + 1, lines[i]};
    const auto c = proof_columns(line, {"code", "unit", "sex", "needs", "namesake", "leaf"});
    if (c[2] != "F" && c[2] != "M") refuse_proof(line.file, line.number, "sex", "must be F or M");
    if (c[3] != "0" && c[3] != "1") refuse_proof(line.file, line.number, "needs", "must be 0 or 1");
    pupils.push_back({{proof_code(line, "code", c[0]), proof_code(line, "unit", c[1]), c[2] == "F", c[3] == "1",
                       proof_number(line, "namesake", c[4])},
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

}  // namespace catchment::engine::admission
