// What the commands on notices share: the city a notice is read against, and the rows of one.
#pragma once

#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "datasets/city_package.hpp"
#include "engine/zone_text/ground.hpp"
#include "engine/zone_text/lint.hpp"

namespace catchment::cli {

// A package with its names and ground; the ground refers to the names.
struct City {
  datasets::CityPackage package;
  std::shared_ptr<const geo::Gazetteer> names;
  engine::zone_text::Ground ground;
};
// Names from the snapshot when one is given.
City open_city(const std::string& package, const std::string& snapshot);

struct NoticeRow {
  engine::zone_text::LintRow row;
  std::string place;  // "row sdzx-1", "sheet 1, row 7"
};
std::vector<engine::zone_text::LintRow> lint_rows(const std::vector<NoticeRow>& rows);

// The layer of a notice in the package. Throws InputError("layer_unknown") naming those there are; empty takes the only
// one, and none if there is none and `may_lack` is set.
std::optional<engine::LayerKey> notice_layer(const datasets::CityPackage& package, const std::string& layer,
                                             bool may_lack = false);
// The rows of a layer; throws as above.
std::vector<NoticeRow> rows_of_layer(const datasets::CityPackage& package, const std::string& layer);

// The rows of a notice file (csv, txt, md, xlsx) whose schools the package knows; of the others standard error tells.
std::vector<NoticeRow> rows_of_file(const std::string& file, const datasets::CityPackage& package);

// One finding for a person: severity, kind, message, the quote underlined in `text` (the row's), the mend.
void print_finding(std::ostream& out, const engine::zone_text::Finding& finding, const std::string& text);

}  // namespace catchment::cli
