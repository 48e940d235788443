#include "server/cli/city_notice.hpp"

#include <algorithm>
#include <map>

#include "datasets/city_ground.hpp"
#include "datasets/city_names.hpp"
#include "geo/input_error.hpp"
#include "server/cli/quote.hpp"
#include "server/cli/zone_json.hpp"

namespace catchment::cli {
namespace {

using engine::LayerKey;
using engine::zone_text::LintRow;

// Schools by id, and where each teaches.
class Schools {
 public:
  explicit Schools(const datasets::CityPackage& package) : campuses_(package.campuses()) {
    for (const engine::School& school : package.schools()) names_[school.id] = school.name;
  }

  std::string name(const std::string& id) const {
    const auto at = names_.find(id);
    return at == names_.end() ? "" : at->second;
  }

  // Those of the campus the row names, where it is known; else all of the school.
  std::vector<geo::Point> places(const std::string& school_id, const std::string& campus) const {
    std::vector<geo::Point> all, named;
    for (const engine::Campus& c : campuses_) {
      if (c.school_id != school_id) continue;
      all.push_back(c.position);
      if (!campus.empty() && c.name == campus) named.push_back(c.position);
    }
    return named.empty() ? all : named;
  }

 private:
  std::map<std::string, std::string> names_;
  std::vector<engine::Campus> campuses_;
};

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

std::vector<NoticeRow> rows_of_layer(const datasets::CityPackage& package, const std::string& layer) {
  const Schools schools(package);
  std::vector<NoticeRow> rows;
  for (engine::ZoneRow& row : package.zone_rows(choose_layer(package, layer))) {
    NoticeRow out;
    out.row.school_id = row.school_id;
    out.row.school_name = schools.name(row.school_id);
    out.row.text = std::move(row.text);
    out.row.seeds = schools.places(row.school_id, row.campus);
    out.place = row.place.empty() ? "row " + row.id : row.place;
    rows.push_back(std::move(out));
  }
  return rows;
}

std::vector<NoticeRow> rows_of_file(const std::string& file, const datasets::CityPackage*) {
  throw InputError("notice_format", file, "import it first with import --notice");
}

void print_finding(std::ostream& out, const engine::zone_text::Finding& finding, const std::string& text) {
  out << "  " << to_word(engine::zone_text::severity_of(finding.kind)) << " "
      << engine::zone_text::to_word(finding.kind) << ": " << printable(finding.message) << "\n";
  if (finding.span.end > finding.span.begin) out << underline(text, finding.span);
  if (!finding.proposal.empty()) out << "    -> " << printable(finding.proposal) << "\n";
}

}  // namespace catchment::cli
