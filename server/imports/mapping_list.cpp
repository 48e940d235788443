#include "server/imports/mapping_list.hpp"

#include <algorithm>

#include "datasets/package_tables.hpp"
#include "datasets/strict_json.hpp"
#include "geo/input_error.hpp"

namespace catchment::imports {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr std::size_t kLongestMappingName = 60;

std::string text_of(const ordered_json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

void add_target(const ordered_json& target, MappingInfo& info) {
  if (!target.is_object()) return;
  const std::string name = text_of(target, "table");
  const datasets::Table* table = datasets::find_table(name);
  if (table == nullptr) return;
  if (std::ranges::find(info.tables, name) == info.tables.end()) info.tables.push_back(name);
  info.has_positions = info.has_positions || target.contains("position") ||
                       (table->shape != datasets::Shape::none && text_of(target, "geometry") != "none");
}

MappingInfo read_mapping_info(const fs::path& file) {
  const datasets::StrictJson kind{file.string(), "mapping", 16};
  const ordered_json json = datasets::parse_strict_json(datasets::read_json_file(kind), kind);
  MappingInfo info;
  info.name = file.stem().string();
  info.description = text_of(json, "description");
  if (const auto targets = json.find("targets"); targets != json.end() && targets->is_array()) {
    for (const auto& target : *targets) add_target(target, info);
  }
  if (const auto names = json.find("variables"); names != json.end() && names->is_array()) {
    for (const auto& name : *names) {
      if (name.is_string()) info.variables.push_back(name.get<std::string>());
    }
  }
  return info;
}

}  // namespace

bool is_mapping_name(const std::string& name) {
  return !name.empty() && name.size() <= kLongestMappingName && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

std::vector<MappingInfo> list_mappings(const fs::path& folder) {
  std::vector<MappingInfo> found;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const fs::path& file = entry.path();
    if (file.extension() != ".json" || !is_mapping_name(file.stem().string()) || !entry.is_regular_file()) continue;
    try {
      MappingInfo info = read_mapping_info(file);
      if (!info.tables.empty()) found.push_back(std::move(info));
    } catch (const InputError&) {
    }
  }
  std::ranges::sort(found, {}, &MappingInfo::name);
  return found;
}

}  // namespace catchment::imports
