#include "server/plans/plan_geopackage.hpp"

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "datasets/feature_file.hpp"
#include "server/plans/plan_json.hpp"

namespace catchment::plans {
namespace {

class ScratchFolder {
 public:
  ScratchFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "catchment-export-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::system_error(errno, std::generic_category(), name);
    path_ = name;
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::string joined(const ordered_json& ids) {
  std::string text;
  for (const ordered_json& id : ids) text += (text.empty() ? "" : ",") + id.get<std::string>();
  return text;
}

}  // namespace

std::string zones_geopackage(const engine::planning::PlanCity& city,
                             std::span<const engine::planning::PlanZone> zones) {
  const ScratchFolder folder;
  const std::filesystem::path path = folder.path() / "zones.gpkg";
  datasets::FeatureFile file(path);
  file.add_table("plan_zone", "Zones of the plan", "MULTIPOLYGON",
                 {{"zone", "TEXT"},
                  {"stage", "TEXT"},
                  {"from_year", "INTEGER"},
                  {"to_year", "INTEGER"},
                  {"schools", "TEXT"},
                  {"names", "TEXT"},
                  {"kind", "TEXT"},
                  {"units", "INTEGER"},
                  {"addresses", "INTEGER"},
                  {"area_m2", "REAL"}});
  for (const engine::planning::PlanZone& zone : zones) {
    const ordered_json p = zone_properties(city, zone);
    const datasets::FeatureGeometry shape =
        zone.shape.empty() ? datasets::FeatureGeometry{} : datasets::FeatureGeometry{zone.shape};
    file.add("plan_zone", shape,
             {p["zone"].get<std::string>(), p["stage"].get<std::string>(), p["from_year"].get<std::int64_t>(),
              p["to_year"].get<std::int64_t>(), joined(p["schools"]), p["names"].get<std::string>(),
              p["kind"].get<std::string>(), p["units"].get<std::int64_t>(), p["addresses"].get<std::int64_t>(),
              p["area_m2"].get<double>()});
  }
  file.commit();
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace catchment::plans
