#include "server/cli/city_notice.hpp"

#include <algorithm>
#include <iostream>

#include "datasets/city_ground.hpp"
#include "datasets/city_names.hpp"
#include "datasets/importer/notice_rows.hpp"
#include "geo/input_error.hpp"
#include "server/cli/quote.hpp"
#include "server/cli/zone_json.hpp"

namespace catchment::cli {
namespace {

using engine::LayerKey;
using engine::zone_text::LintRow;

LayerKey choose_layer(const datasets::CityPackage& package, const std::string& wanted) {
  const std::vector<LayerKey> there = package.zone_row_layers();
  if (there.empty()) {
    throw InputError("notice_none", "", "the package has no rows of a notice: import one with import --notice");
  }
  std::string list;
  for (const LayerKey& key : there) list += (list.empty() ? "" : ", ") + engine::to_text(key);
  if (wanted.empty()) {
    if (there.size() == 1) return there.front();
    throw InputError("layer_unknown", "--layer", "the package has several notices; name one of " + list);
  }
  const auto key = engine::find_layer_key(wanted);
  if (!key || std::ranges::find(there, *key) == there.end()) {
    throw InputError("layer_unknown", "--layer " + wanted, "the package has no such notice; it has " + list);
  }
  return *key;
}

}  // namespace

City open_city(const std::string& path, const std::string& snapshot) {
  datasets::CityPackage package = datasets::CityPackage::open(path);
  auto names = std::make_shared<const geo::Gazetteer>(datasets::open_names(snapshot, package));
  engine::zone_text::Ground ground = datasets::build_ground(package, *names);
  return {std::move(package), std::move(names), std::move(ground)};
}

std::vector<LintRow> lint_rows(const std::vector<NoticeRow>& rows) {
  std::vector<LintRow> out;
  for (const NoticeRow& row : rows) out.push_back(row.row);
  return out;
}

std::optional<LayerKey> notice_layer(const datasets::CityPackage& package, const std::string& layer, bool may_lack) {
  if (may_lack && layer.empty() && package.zone_row_layers().size() != 1) return std::nullopt;
  return choose_layer(package, layer);
}

std::vector<NoticeRow> rows_of_layer(const datasets::CityPackage& package, const std::string& layer) {
  const datasets::SchoolBook book(package);
  std::vector<NoticeRow> rows;
  for (engine::ZoneRow& row : package.zone_rows(choose_layer(package, layer))) {
    NoticeRow out;
    out.row.school_id = row.school_id;
    if (const engine::School* school = book.find_id(row.school_id)) out.row.school_name = school->name;
    out.row.text = std::move(row.text);
    out.row.seeds = book.places(row.school_id, row.campus);
    out.place = row.place.empty() ? "row " + row.id : row.place;
    rows.push_back(std::move(out));
  }
  return rows;
}

std::vector<NoticeRow> rows_of_file(const std::string& file, const datasets::CityPackage& package) {
  const datasets::SchoolBook book(package);
  const datasets::NoticeRows read = find_notice_rows(datasets::read_notice_document(file), book, {});
  for (const datasets::NoticeFinding& f : read.findings) {
    if (f.severity == datasets::NoticeFinding::Severity::note) continue;
    std::cerr << printable(file) << ": " << printable(f.place) << ": " << printable(f.message) << "\n";
  }
  std::vector<NoticeRow> rows;
  for (const engine::ZoneRow& row : read.rows) {
    NoticeRow& out = rows.emplace_back();
    const engine::School* school = book.find_id(row.school_id);
    out.row = {row.school_id, school == nullptr ? "" : school->name, row.text, book.places(row.school_id, row.campus),
               ""};
    out.place = row.place;
  }
  return rows;
}

void print_finding(std::ostream& out, const engine::zone_text::Finding& finding, const std::string& text) {
  out << "  " << to_word(engine::zone_text::severity_of(finding.kind)) << " "
      << engine::zone_text::to_word(finding.kind) << ": " << printable(finding.message) << "\n";
  if (finding.span.end > finding.span.begin) out << underline(text, finding.span);
  if (!finding.proposal.empty()) out << "    -> " << printable(finding.proposal) << "\n";
}

}  // namespace catchment::cli
