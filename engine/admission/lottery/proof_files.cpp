#include "engine/admission/lottery/proof_files.hpp"

#include <algorithm>
#include <cstdio>

#include "engine/admission/lottery/proof_text.hpp"

namespace catchment::engine::admission {
namespace {

// Whoever prints what was read must get what was read: the last guard of "one canonical form".
template <class T>
T held_to_form(std::string_view file, std::string_view text, T parsed) {
  if (print(parsed) != text) refuse_proof(file, 0, "", "is not in canonical form");
  return parsed;
}

bool is_role(std::string_view text) {
  return !text.empty() && text.size() <= 32 && text[0] >= 'a' && text[0] <= 'z' &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

bool only_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

int proof_two_digits(std::string_view text, std::size_t at) { return (text[at] - '0') * 10 + (text[at + 1] - '0'); }

// YYYY-MM-DD
std::optional<std::chrono::local_days> find_proof_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  if (!only_digits(text.substr(0, 4)) || !only_digits(text.substr(5, 2)) || !only_digits(text.substr(8, 2)))
    return std::nullopt;
  const std::chrono::year_month_day day(std::chrono::year(proof_two_digits(text, 0) * 100 + proof_two_digits(text, 2)),
                                        std::chrono::month(static_cast<unsigned>(proof_two_digits(text, 5))),
                                        std::chrono::day(static_cast<unsigned>(proof_two_digits(text, 8))));
  if (!day.ok()) return std::nullopt;
  return std::chrono::local_days(day);
}

std::string proof_day_text(std::chrono::local_days day) {
  const std::chrono::year_month_day date(day);
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()));
  return text;
}

std::vector<Quota> read_proof_quotas(const ProofLine& line, const Manifest& manifest) {
  std::vector<Quota> quotas;
  bool own = false;
  std::string_view rest = ProofKeys::value(line);
  while (true) {
    const std::size_t space = rest.find(' ');
    const std::string_view item = rest.substr(0, space);
    const std::size_t equals = item.find('=');
    if (equals == std::string_view::npos) refuse_proof(line.file, line.number, "quotas", "must be DRAW=SEATS ...");
    quotas.push_back(
        {proof_id(line, "quotas", item.substr(0, equals)), proof_number(line, "quotas", item.substr(equals + 1))});
    if (quotas.size() > 1 && !(quotas[quotas.size() - 2].draw < quotas.back().draw))
      refuse_proof(line.file, line.number, "quotas", "must be sorted by draw, each once");
    own = own || (quotas.back().draw == manifest.draw && quotas.back().seats == manifest.seats);
    if (space == std::string_view::npos) break;
    rest.remove_prefix(space + 1);
  }
  if (!own) refuse_proof(line.file, line.number, "quotas", "must have this draw with its seats");
  return quotas;
}

// NAME+ID+KEY: a name without space or plus, 8 hexadecimal digits, 33 bytes in base64.
bool is_witness(std::string_view text) {
  const std::size_t first = text.find('+');
  if (first == 0 || first == std::string_view::npos || text.size() != first + 10 + 44) return false;
  if (text[first + 9] != '+' || first > 100) return false;
  for (const char c : text.substr(0, first)) {
    if (c <= ' ' || c > '~') return false;
  }
  for (const char c : text.substr(first + 1, 8)) {
    if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return false;
  }
  for (const char c : text.substr(first + 10)) {
    const bool good =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' || c == '/';
    if (!good) return false;
  }
  return true;
}

void read_proof_witnesses(ProofKeys& keys, Manifest& manifest) {
  for (ProofLine line = keys.next_if("witness"); line.number != 0; line = keys.next_if("witness")) {
    const std::string_view key = ProofKeys::value(line);
    if (!is_witness(key)) refuse_proof(line.file, line.number, "witness", "must be a verifier key NAME+ID+KEY");
    if (!manifest.witnesses.empty() && !(manifest.witnesses.back() < key))
      refuse_proof(line.file, line.number, "witness", "must be sorted, each once");
    manifest.witnesses.emplace_back(key);
  }
  if (manifest.witnesses.empty()) return;
  const ProofLine line = keys.next("quorum");
  manifest.quorum = proof_number(line, "quorum", ProofKeys::value(line));
  if (manifest.quorum < 1 || manifest.quorum > static_cast<int>(manifest.witnesses.size()))
    refuse_proof(line.file, line.number, "quorum", "must be 1 to the number of witnesses");
}

void read_proof_waitlist(ProofKeys& keys, Manifest& manifest) {
  const ProofLine line = keys.next_if("waitlist");
  if (line.number == 0) return;
  const std::string_view word = ProofKeys::value(line);
  if (word != "order" && word != "fresh") refuse_proof(line.file, line.number, "waitlist", "must be order or fresh");
  manifest.waitlist = word == "order" ? WaitlistRule::order : WaitlistRule::fresh;
  const ProofLine until = keys.next_if("waitlist-until");
  if (until.number == 0) return;
  manifest.waitlist_until = find_proof_day(ProofKeys::value(until));
  if (!manifest.waitlist_until) refuse_proof(until.file, until.number, "waitlist-until", "must be YYYY-MM-DD");
}

// A unit is a child of the roll that stands for itself.
void check_roll_units(const std::vector<RollLine>& roll) {
  for (std::size_t i = 0; i < roll.size(); ++i) {
    if (roll[i].unit == roll[i].code) continue;
    const auto at = std::lower_bound(roll.begin(), roll.end(), roll[i].unit,
                                     [](const RollLine& line, const Code& code) { return line.code < code; });
    if (at == roll.end() || at->code != roll[i].unit || at->unit != at->code)
      refuse_proof(kRollFile, i + 1, "unit", "must be the own code or that of a sibling who stands for both");
  }
}

}  // namespace

std::optional<std::chrono::local_seconds> find_proof_minute(std::string_view text) {
  if (text.size() != 16 || text[10] != 'T' || text[13] != ':') return std::nullopt;
  const auto day = find_proof_day(text.substr(0, 10));
  if (!day || !only_digits(text.substr(11, 2)) || !only_digits(text.substr(14, 2))) return std::nullopt;
  const int hour = proof_two_digits(text, 11), minute = proof_two_digits(text, 14);
  if (hour > 23 || minute > 59) return std::nullopt;
  return *day + std::chrono::hours(hour) + std::chrono::minutes(minute);
}

std::string proof_minute_text(std::chrono::local_seconds time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(time - day).count();
  char text[16];
  std::snprintf(text, sizeof text, "T%02d:%02d", static_cast<int>(minutes / 60), static_cast<int>(minutes % 60));
  return proof_day_text(day) + text;
}

CeremonyTerms read_terms(ProofKeys& keys) {
  CeremonyTerms terms;
  if (const ProofLine notary = keys.next_if("commit-notary"); notary.number != 0) {
    const ProofLine bureau = keys.next("commit-bureau");
    terms.commitments = {proof_digest(notary, "commit-notary", ProofKeys::value(notary)),
                         proof_digest(bureau, "commit-bureau", ProofKeys::value(bureau))};
  }
  if (const ProofLine line = keys.next_if("ceremony"); line.number != 0) {
    terms.ceremony = find_proof_minute(ProofKeys::value(line));
    if (!terms.ceremony) refuse_proof(line.file, line.number, "ceremony", "must be YYYY-MM-DDTHH:MM");
  }
  if (const ProofLine line = keys.next_if("place"); line.number != 0) {
    terms.place = ProofKeys::value(line);
    const std::string& place = terms.place;
    if (place.size() > 100 || place.front() == ' ' || place.back() == ' ' || place.find('\t') != std::string::npos)
      refuse_proof(line.file, line.number, "place", "must be at most 100 characters without space at its ends");
  }
  return terms;
}

std::string print(const CeremonyTerms& terms) {
  std::string text;
  if (terms.commitments) {
    text += "commit-notary: " + to_hex((*terms.commitments)[0]) +
            "\ncommit-bureau: " + to_hex((*terms.commitments)[1]) + "\n";
  }
  if (terms.ceremony) text += "ceremony: " + proof_minute_text(*terms.ceremony) + "\n";
  if (!terms.place.empty()) text += "place: " + terms.place + "\n";
  return text;
}

Manifest parse_manifest(std::string_view text) {
  ProofKeys keys(kManifestFile, text);
  Manifest manifest;
  ProofLine line = keys.next("draw");
  manifest.draw = proof_id(line, "draw", ProofKeys::value(line));
  line = keys.next("format");
  if (ProofKeys::value(line) != "draw/1") refuse_proof(line.file, line.number, "format", "must be draw/1");
  line = keys.next("suite");
  const auto suite = find_suite(ProofKeys::value(line));
  if (!suite) refuse_proof(line.file, line.number, "suite", "must be sha256 or sm3");
  manifest.suite = *suite;
  line = keys.next("seats");
  manifest.seats = proof_number(line, "seats", ProofKeys::value(line));
  line = keys.next("bundle");
  const std::string_view bundle = ProofKeys::value(line);
  if (bundle != "skip" && bundle != "over") refuse_proof(line.file, line.number, "bundle", "must be skip or over");
  manifest.bundle = bundle == "skip" ? BundleRule::skip : BundleRule::over;
  line = keys.next("roll");
  manifest.roll = proof_digest(line, "roll", ProofKeys::value(line));
  line = keys.next("rules");
  manifest.rules = proof_digest(line, "rules", ProofKeys::value(line));
  if (line = keys.next_if("quotas"); line.number != 0) manifest.quotas = read_proof_quotas(line, manifest);
  read_proof_waitlist(keys, manifest);
  read_proof_witnesses(keys, manifest);
  manifest.terms = read_terms(keys);
  keys.end();
  return held_to_form(kManifestFile, text, std::move(manifest));
}

std::string print(const Manifest& m) {
  std::string text = "draw: " + m.draw + "\nformat: draw/1\nsuite: " + std::string(to_word(m.suite)) +
                     "\nseats: " + std::to_string(m.seats) +
                     "\nbundle: " + (m.bundle == BundleRule::skip ? "skip" : "over") + "\nroll: " + to_hex(m.roll) +
                     "\nrules: " + to_hex(m.rules) + "\n";
  if (!m.quotas.empty()) {
    text += "quotas:";
    for (const Quota& quota : m.quotas) text += " " + quota.draw + "=" + std::to_string(quota.seats);
    text += "\n";
  }
  if (m.waitlist) text += *m.waitlist == WaitlistRule::order ? "waitlist: order\n" : "waitlist: fresh\n";
  if (m.waitlist_until) text += "waitlist-until: " + proof_day_text(*m.waitlist_until) + "\n";
  for (const std::string& witness : m.witnesses) text += "witness: " + witness + "\n";
  if (m.quorum != 0) text += "quorum: " + std::to_string(m.quorum) + "\n";
  return text + print(m.terms);
}

std::vector<RollLine> parse_roll(std::string_view text) {
  const std::vector<std::string_view> lines = proof_lines(kRollFile, text);
  std::vector<RollLine> roll;
  roll.reserve(lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const ProofLine line{kRollFile, i + 1, lines[i]};
    const auto columns = proof_columns(line, {"code", "unit", "tier", "leaf"});
    roll.push_back({proof_code(line, "code", columns[0]), proof_code(line, "unit", columns[1]),
                    proof_number(line, "tier", columns[2]), proof_digest(line, "leaf", columns[3])});
    if (i != 0 && roll[i].code == roll[i - 1].code) refuse_proof(kRollFile, i + 1, "code", "stands twice");
    if (i != 0 && roll[i].code < roll[i - 1].code) refuse_proof(kRollFile, i + 1, "code", "is not sorted");
  }
  check_roll_units(roll);
  return held_to_form(kRollFile, text, std::move(roll));
}

std::string print(const std::vector<RollLine>& roll) {
  std::string text;
  text.reserve(roll.size() * 86);
  for (const RollLine& line : roll) {
    text.append(view(line.code)).append("\t").append(view(line.unit)).append("\t");
    text.append(std::to_string(line.tier)).append("\t").append(to_hex(line.leaf)).append("\n");
  }
  return text;
}

Ceremony parse_ceremony(std::string_view text) {
  const std::vector<std::string_view> lines = proof_lines(kCeremonyFile, text);
  if (lines.size() < 3) refuse_proof(kCeremonyFile, 0, "", "must have dice, then the lines notary and bureau");
  Ceremony ceremony;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const ProofLine line{kCeremonyFile, i + 1, lines[i]};
    const std::size_t colon = lines[i].find(": ");
    if (colon == std::string_view::npos) refuse_proof(line.file, line.number, "", "must be `role: digits`");
    const std::string_view role = lines[i].substr(0, colon), value = lines[i].substr(colon + 2);
    if (i + 2 >= lines.size()) {
      const std::string_view wanted = i + 2 == lines.size() ? "notary" : "bureau";
      if (role != wanted) refuse_proof(line.file, line.number, wanted, "the last two lines are notary and bureau");
      (i + 2 == lines.size() ? ceremony.notary : ceremony.bureau) = proof_digest(line, wanted, value);
      continue;
    }
    if (!is_role(role) || role == "notary" || role == "bureau")
      refuse_proof(line.file, line.number, "role", "must be small letters, digits and '-'");
    if (!ceremony.dice.empty() && !(ceremony.dice.back().role < role))
      refuse_proof(line.file, line.number, "role", "must be sorted, each once");
    if (!only_digits(value) || value.size() > 64) refuse_proof(line.file, line.number, role, "must be 1 to 64 digits");
    ceremony.dice.push_back({std::string(role), std::string(value)});
  }
  return held_to_form(kCeremonyFile, text, std::move(ceremony));
}

std::string print(const Ceremony& ceremony) {
  std::string text;
  for (const Ceremony::Dice& dice : ceremony.dice) text += dice.role + ": " + dice.digits + "\n";
  return text + "notary: " + to_hex(ceremony.notary) + "\nbureau: " + to_hex(ceremony.bureau) + "\n";
}

std::vector<ResultLine> parse_result(std::string_view text) {
  const std::vector<std::string_view> lines = proof_lines(kResultFile, text);
  std::vector<ResultLine> result;
  result.reserve(lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const ProofLine line{kResultFile, i + 1, lines[i]};
    const auto columns = proof_columns(line, {"rank", "code", "unit", "tier", "ticket", "ADMIT or WAIT"});
    if (columns[5] != "ADMIT" && columns[5] != "WAIT")
      refuse_proof(line.file, line.number, "status", "must be ADMIT or WAIT");
    result.push_back({proof_number(line, "rank", columns[0]), proof_code(line, "code", columns[1]),
                      proof_code(line, "unit", columns[2]), proof_number(line, "tier", columns[3]),
                      proof_digest(line, "ticket", columns[4]), columns[5] == "ADMIT"});
  }
  return held_to_form(kResultFile, text, std::move(result));
}

std::string print(const std::vector<ResultLine>& result) {
  std::string text;
  text.reserve(result.size() * 100);
  for (const ResultLine& line : result) {
    text.append(std::to_string(line.rank)).append("\t").append(view(line.code)).append("\t");
    text.append(view(line.unit)).append("\t").append(std::to_string(line.tier)).append("\t");
    text.append(to_hex(line.ticket)).append(line.admitted ? "\tADMIT\n" : "\tWAIT\n");
  }
  return text;
}

}  // namespace catchment::engine::admission
