#include "datasets/household_classes.hpp"

#include <algorithm>
#include <cmath>

#include "datasets/strict_json.hpp"

namespace catchment::datasets {

using engine::planning::HouseholdClass;

std::vector<HouseholdClass> parse_household_classes(std::string_view json, const std::string& name) {
  const StrictJson file{name, "households"};
  const auto value = parse_strict_json(json, file);
  const JsonNode root{value, "", file};
  root.object({"note", "classes"});
  if (root.has("note")) root.at("note").text();
  const JsonNode list = root.at("classes");
  std::vector<HouseholdClass> classes;
  double sum = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const JsonNode node = list.at(i);
    node.object({"id", "name", "share", "tier"});
    HouseholdClass c{node.at("id").text(), node.at("name").text(), node.at("share").number(0, 1),
                     node.at("tier").whole(1, 99)};
    if (std::ranges::find(classes, c.id, &HouseholdClass::id) != classes.end())
      node.at("id").fail("value", "stands twice: " + c.id);
    sum += c.share;
    classes.push_back(std::move(c));
  }
  if (std::abs(sum - 1) > 1e-6) list.fail("value", "shares add up to " + std::to_string(sum) + " instead of 1");
  return classes;
}

std::vector<HouseholdClass> load_household_classes(const std::filesystem::path& file) {
  const std::string name = file.string();
  return parse_household_classes(read_json_file({name, "households"}), name);
}

}  // namespace catchment::datasets
