#include "datasets/synth/city.hpp"

#include <algorithm>
#include <cmath>

#include "datasets/synth/addresses.hpp"
#include "datasets/synth/barriers.hpp"
#include "datasets/synth/demography.hpp"
#include "datasets/synth/dissolve.hpp"
#include "datasets/synth/divisions.hpp"
#include "datasets/synth/enrolment.hpp"
#include "datasets/synth/estates.hpp"
#include "datasets/synth/layout.hpp"
#include "datasets/synth/names.hpp"
#include "datasets/synth/other_names.hpp"
#include "datasets/synth/school_plan.hpp"
#include "datasets/synth/streets.hpp"
#include "geo/input_error.hpp"

namespace catchment::datasets::synth {
namespace {

using engine::Stage;

constexpr const char* kCity = "合成示例市";
constexpr const char* kSource = "synth";
constexpr int kMinSchools = 3;
constexpr int kMaxSchools = 5000;
constexpr int kMinChildrenPerSchool = 20;
constexpr int kMaxChildrenPerSchool = 20'000;
constexpr std::int64_t kMaxAddresses = 50'000'000;
constexpr double kMaxLatitude = 60;
constexpr int kCheckEvery = 4096;  // rows between two looks at cancelled()

[[noreturn]] void refuse(const std::string& option, const std::string& message) {
  throw InputError("synth_argument", option, message);
}

class CityWriter {
 public:
  CityWriter(const SynthOptions& options, PackageWriter& out, const std::function<bool()>& cancelled)
      : options_(options),
        out_(out),
        cancelled_(cancelled),
        counts_(options.schools),
        layout_(make_layout(counts_.primary_zones * kUnitsPerZone, *geo::find_point(options.centre), options.seed)),
        barriers_(make_barriers(layout_, options.seed)),
        divisions_(make_divisions(layout_, barriers_.closed, options.schools, options.seed)),
        streets_(make_streets(layout_, barriers_, options.seed)),
        plan_(plan_schools(layout_, barriers_.closed, counts_, options.years, options.seed)) {
    for (std::int32_t unit = 0; unit < static_cast<std::int32_t>(layout_.map.cells.size()); ++unit) {
      rings_.push_back(layout_.map.ring(unit));
      unit_ids_.push_back(padded('U', unit + 1, 6));
    }
    share_street_names(streets_, layout_, divisions_);
    std::vector<char> in_village;
    for (const std::int32_t group : divisions_.group_of_unit) in_village.push_back(group != 0 ? 1 : 0);
    estates_ = make_estates(layout_, rings_, barriers_.closed, in_village, options.seed);
  }

  SynthSummary write() {
    out_.set_source(kSource);
    write_meta();
    write_ground();
    write_places();
    write_schools();
    for (int back = 0; back < options_.years; ++back) write_layers(back);
    write_plan();
    write_people();
    if (!cancelled_()) write_addresses();
    return summary_;
  }

 private:
  void write_meta() {
    out_.set_meta("city", std::string(kCity) + " (synthetic)");
    out_.set_meta("synthetic", "yes");
    out_.set_meta("attribution", "Invented by `catchment synth`: no place, school, street or person in it is real");
    out_.set_meta("synth_seed", std::to_string(options_.seed));
  }

  void write_ground() {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < rings_.size(); ++i) names.push_back("第" + std::to_string(i + 1) + "街坊");
    for (const Estate& e : estates_) {
      if (!e.name.empty()) names[static_cast<std::size_t>(e.unit)] = e.name;
    }
    for (std::size_t i = 0; i < rings_.size(); ++i) {
      if (divisions_.group_of_unit[i] == 0) continue;
      names[i] = community_of(i).name + std::to_string(divisions_.group_of_unit[i]) + "组";
    }
    for (std::size_t i = 0; i < rings_.size(); ++i) {
      out_.add(engine::Unit{
          unit_ids_[i], names[i], padded('D', divisions_.district_of_unit(i) + 1, 2), {geo::Polygon{rings_[i], {}}}});
    }
    for (std::size_t i = 0; i < streets_.size(); ++i) {
      const Street& s = streets_[i];
      out_.add_street({padded('R', static_cast<std::int64_t>(i) + 1, 6), s.name, s.kind, s.line});
    }
    for (std::size_t i = 0; i < barriers_.list.size(); ++i) {
      const Barrier& b = barriers_.list[i];
      out_.add_barrier({padded('B', static_cast<std::int64_t>(i) + 1, 3), b.name, b.kind, b.line});
    }
    summary_.units = static_cast<std::int64_t>(rings_.size());
    summary_.streets = static_cast<std::int64_t>(streets_.size());
  }

  const Division& community_of(std::size_t unit) const {
    return divisions_.communities[static_cast<std::size_t>(divisions_.community_of_unit[unit])];
  }

  // Villages are communities of another kind, and keep their numbers.
  std::string community_id(std::int32_t community) const {
    const bool village = divisions_.is_village[static_cast<std::size_t>(community)] != 0;
    return padded(village ? 'V' : 'C', community + 1, 5);
  }

  void add_place(engine::Place row) {
    out_.add(row);
    ++summary_.places;
  }

  void write_places() {
    for (std::size_t i = 0; i < divisions_.districts.size(); ++i) {
      const Division& d = divisions_.districts[i];
      add_place({padded('D', static_cast<std::int64_t>(i) + 1, 2), "district", d.name, "", std::nullopt, d.shape});
    }
    for (std::size_t i = 0; i < divisions_.towns.size(); ++i) {
      const Division& t = divisions_.towns[i];
      add_place({padded('T', static_cast<std::int64_t>(i) + 1, 4), "town", t.name, padded('D', t.parent + 1, 2),
                 std::nullopt, t.shape});
    }
    for (std::size_t i = 0; i < divisions_.communities.size(); ++i) {
      const Division& c = divisions_.communities[i];
      add_place({community_id(static_cast<std::int32_t>(i)), divisions_.is_village[i] != 0 ? "village" : "community",
                 c.name, padded('T', c.parent + 1, 4), std::nullopt, c.shape});
    }
    for (std::size_t i = 0; i < estates_.size(); ++i) {
      const Estate& e = estates_[i];
      const auto unit = static_cast<std::size_t>(e.unit);
      if (e.name.empty()) continue;
      add_place({padded('E', static_cast<std::int64_t>(i) + 1, 5),
                 "estate",
                 e.name,
                 community_id(divisions_.community_of_unit[unit]),
                 layout_.map.sites[unit],
                 {{rings_[unit], {}}}});
    }
    for (const engine::Alias& row : make_other_names({&streets_, &estates_, &divisions_, &plan_, options_.seed})) {
      out_.add(row);
      ++summary_.other_names;
    }
  }

  void write_schools() {
    for (const PlannedSchool& school : plan_.schools) {
      out_.add(school.row);
      for (const engine::Campus& campus : school.campuses) out_.add(campus);
    }
    summary_.schools = static_cast<std::int64_t>(plan_.schools.size());
    summary_.primary_zones = counts_.primary_zones;
    summary_.junior_zones = counts_.junior_zones;
  }

  void write_layers(int back) {
    const int year = kLastYear - back;
    const auto& primary = plan_.zone_of_unit[static_cast<std::size_t>(back)];
    std::vector<std::int32_t> junior;
    for (const std::int32_t zone : primary) junior.push_back(plan_.junior_of_primary[static_cast<std::size_t>(zone)]);
    write_layer(year, Stage::primary, dissolve(layout_.map, primary, counts_.primary_zones), plan_.primary_schools);
    write_layer(year, Stage::junior, dissolve(layout_.map, junior, counts_.junior_zones), plan_.junior_schools);
    for (const engine::Feeder& row : make_feeders(plan_, year, options_.seed)) out_.add(row);
  }

  void write_layer(int year, Stage stage, const std::vector<geo::MultiPolygon>& shapes,
                   const std::vector<std::vector<std::int32_t>>& schools) {
    const std::string text = std::to_string(year);
    const bool is_primary = stage == Stage::primary;
    engine::Notice notice;
    notice.id = "N-" + std::string(engine::to_word(stage)) + "-" + text;
    notice.title = kCity + text + "年" + (is_primary ? "小学" : "初中") + "招生范围（合成数据，非真实通告）";
    notice.bureau = std::string(kCity) + "教育局（虚构）";
    notice.published = text + "-05-20";
    out_.add(notice);
    for (std::size_t i = 0; i < shapes.size(); ++i) {
      engine::Zone zone;
      zone.id = padded(is_primary ? 'P' : 'J', static_cast<std::int64_t>(i) + 1, 4);
      zone.layer = {stage, year, "general"};
      for (const std::int32_t s : schools[i]) {
        const engine::School& school = plan_.schools[static_cast<std::size_t>(s)].row;
        zone.school_ids.push_back(school.id);
        zone.name += (zone.name.empty() ? "" : "、") + school.name;
      }
      zone.name += schools[i].size() > 1 ? "共享招生范围" : "招生范围";
      zone.notice_id = notice.id;
      zone.valid_from = text + "-09-01";
      zone.valid_to = std::to_string(year + 1) + "-09-01";
      zone.shape = shapes[i];
      out_.add(zone);
    }
  }

  // The last year's primary zones as a plan: each unit to the (first) school of its zone.
  void write_plan() {
    const engine::Plan plan{"base", "现行小学划片（合成）", {Stage::primary, kLastYear, "general"}};
    out_.add(plan);
    for (std::size_t unit = 0; unit < unit_ids_.size(); ++unit) {
      const auto zone = static_cast<std::size_t>(plan_.zone_of_unit.front()[unit]);
      const auto school = static_cast<std::size_t>(plan_.primary_schools[zone].front());
      out_.add(engine::PlanUnit{plan.id, unit_ids_[unit], plan_.schools[school].row.id});
    }
  }

  void write_people() {
    const DemographyInput input{&layout_, &divisions_, &plan_, &unit_ids_, *options_.children, options_.seed};
    summary_.children = write_demography(input, out_, cancelled_);
  }

  void write_addresses() {
    AddressInput input;
    input.layout = &layout_;
    input.rings = &rings_;
    input.unit_ids = &unit_ids_;
    input.divisions = &divisions_;
    input.city = kCity;
    input.streets = &streets_;
    input.estates = &estates_;
    input.count = *options_.addresses;
    input.seed = options_.seed;
    OldDoors old_doors(streets_, options_.seed);
    make_addresses(input, [&](const engine::Address& row) {
      out_.add(row);
      old_doors.see(row);
      return ++summary_.addresses % kCheckEvery != 0 || !cancelled_();
    });
    for (const engine::Alias& row : old_doors.aliases()) {
      out_.add(row);
      ++summary_.other_names;
    }
  }

  const SynthOptions options_;
  PackageWriter& out_;
  const std::function<bool()>& cancelled_;
  const SchoolCounts counts_;
  const Layout layout_;
  const Barriers barriers_;
  const Divisions divisions_;
  std::vector<Street> streets_;
  const SchoolPlan plan_;
  std::vector<geo::Ring> rings_;
  std::vector<std::string> unit_ids_;
  std::vector<Estate> estates_;
  SynthSummary summary_;
};

SynthOptions with_defaults(SynthOptions options) {
  if (!options.children) options.children = std::int64_t{options.schools} * 1000;
  if (!options.addresses) options.addresses = *options.children / 2;
  return options;
}

}  // namespace

void check(const SynthOptions& given) {
  if (given.schools < kMinSchools || given.schools > kMaxSchools) {
    refuse("--schools", "a city has 3 to 5000 schools, not " + std::to_string(given.schools));
  }
  const SynthOptions options = with_defaults(given);
  const std::int64_t fewest = std::int64_t{options.schools} * kMinChildrenPerSchool;
  const std::int64_t most = std::int64_t{options.schools} * kMaxChildrenPerSchool;
  if (*options.children < fewest || *options.children > most) {
    refuse("--children", std::to_string(options.schools) + " schools need " + std::to_string(fewest) + " to " +
                             std::to_string(most) + " children, not " + std::to_string(*options.children));
  }
  if (*options.addresses < 0 || *options.addresses > kMaxAddresses) {
    refuse("--addresses", "0 to 50000000 addresses can be made, not " + std::to_string(*options.addresses));
  }
  if (options.years < 1 || options.years > kMaxLayerYears) {
    refuse("--years", "layers can be made for 1 to 6 school years, not " + std::to_string(options.years));
  }
  if (!(std::fabs(options.centre.lat) <= kMaxLatitude && std::fabs(options.centre.lon) <= 170)) {
    refuse("--centre", "the centre must be lon,lat in degrees, within 170 of Greenwich and 60 of the equator");
  }
}

SynthSummary write_city(const SynthOptions& options, PackageWriter& writer, const std::function<bool()>& cancelled) {
  check(options);
  return CityWriter(with_defaults(options), writer, cancelled).write();
}

}  // namespace catchment::datasets::synth
