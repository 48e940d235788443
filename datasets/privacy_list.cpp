#include "datasets/privacy_list.hpp"

#include "geo/input_error.hpp"

namespace catchment::datasets {

extern const char* const kPrivacyFieldsTsv;     // datasets/privacy/fields.tsv
extern const char* const kPrivacyForbiddenTsv;  // datasets/privacy/forbidden.tsv

namespace {

namespace policy = engine::policy;

std::vector<std::string> privacy_parts(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    text = end == std::string_view::npos ? "" : text.substr(end + 1);
  }
  return parts;
}

struct PrivacyRow {
  std::string where;
  std::vector<std::string> cells;

  [[noreturn]] void fail(const std::string& message) const { throw InputError("privacy_list", where, message); }
};

// The rows behind comments and header; every cell but those of column 1 must say something.
std::vector<PrivacyRow> privacy_rows(std::string_view text, const std::string& name, std::string_view header) {
  std::vector<PrivacyRow> rows;
  bool seen_header = false;
  int number = 0;
  std::size_t columns = privacy_parts(header, '\t').size();
  for (const std::string& line : privacy_parts(text, '\n')) {
    ++number;
    if (line.empty() || line.starts_with('#')) continue;
    PrivacyRow row{name + ":" + std::to_string(number), privacy_parts(line, '\t')};
    if (!seen_header) {
      if (line != header) row.fail("the header must be " + std::string(header));
      seen_header = true;
      continue;
    }
    if (row.cells.size() != columns)
      row.fail(std::to_string(row.cells.size()) + " cells, not " + std::to_string(columns));
    for (std::size_t i = 0; i < columns; ++i) {
      if (i != 1 && row.cells[i].empty()) row.fail("an empty cell");
    }
    rows.push_back(std::move(row));
  }
  if (!seen_header) throw InputError("privacy_list", name, "no header");
  return rows;
}

policy::AskedWhen asked_when(const PrivacyRow& row, const std::string& word) {
  if (word == "registration") return policy::AskedWhen::registration;
  if (word == "after_term_start") return policy::AskedWhen::after_term_start;
  if (word == "never_typed") return policy::AskedWhen::never_typed;
  row.fail("must be registration, after_term_start or never_typed, not " + word);
}

}  // namespace

policy::FieldRules parse_privacy_list(std::string_view fields, std::string_view forbidden) {
  std::vector<policy::PersonalField> known;
  for (const PrivacyRow& row :
       privacy_rows(fields, "fields.tsv", "field\tlabels\twhen\tpurpose\tbasis\troles\tretention")) {
    known.push_back({row.cells[0], privacy_parts(row.cells[1], '|'), asked_when(row, row.cells[2]), row.cells[3],
                     privacy_parts(row.cells[4], ' '), privacy_parts(row.cells[5], ','), row.cells[6]});
  }
  std::vector<policy::ForbiddenTerm> terms;
  for (const PrivacyRow& row : privacy_rows(forbidden, "forbidden.tsv", "id\tterms\tban\tserves\twhat")) {
    if (row.cells[2] != "never" && row.cells[2] != "before_term") row.fail("ban must be never or before_term");
    terms.push_back({row.cells[0], privacy_parts(row.cells[1], '|'), row.cells[2] == "before_term",
                     privacy_parts(row.cells[3], ' '), row.cells[4]});
  }
  return {std::move(known), std::move(terms)};
}

const policy::FieldRules& privacy_list() {
  static const policy::FieldRules kRules = parse_privacy_list(kPrivacyFieldsTsv, kPrivacyForbiddenTsv);
  return kRules;
}

std::vector<PackFieldFault> pack_field_faults(const policy::PolicyPack& pack, const policy::FieldRules& rules) {
  std::vector<PackFieldFault> faults;
  for (std::size_t i = 0; i < pack.evidence.size(); ++i) {
    const policy::Evidence& entry = pack.evidence[i];
    if (entry.source == policy::EvidenceSource::shared) continue;
    if (rules.forbidden_in(entry.title) == nullptr) continue;
    const auto fault = rules.asked(entry.title, true);
    if (fault) faults.push_back({"/evidence/" + std::to_string(i), entry.clause, *fault});
  }
  for (std::size_t i = 0; i < pack.form.allowed.size(); ++i) {
    const policy::Entry& entry = pack.form.allowed[i];
    auto fault = rules.asked(entry.title, true);
    const bool by_id = fault && fault->kind == policy::FieldFaultKind::unlisted && rules.find(entry.id) != nullptr;
    if (by_id) fault = rules.asked(entry.id, true);
    if (fault) faults.push_back({"/form/allowed/" + std::to_string(i), entry.clause, *fault});
  }
  return faults;
}

}  // namespace catchment::datasets
