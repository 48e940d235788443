#include <algorithm>
#include <array>
#include <map>
#include <numeric>

#include "geo/interior_point.hpp"
#include "geo/zone_index.hpp"
#include "server/ogc/finish.hpp"
#include "server/ogc/times.hpp"

namespace catchment::ogc {
namespace {

constexpr std::array kZoneFields{
    Field{"id", FieldType::text, true, "编号", "Zone id"},
    Field{"name", FieldType::text, true, "名称", "Name"},
    Field{"school_ids", FieldType::texts, true, "学校编号", "Ids of its schools"},
    Field{"schools", FieldType::texts, true, "学校", "Names of its schools"},
    Field{"district", FieldType::text, true, "区县", "District its middle lies in"},
    Field{"stage", FieldType::text, false, "学段", "Stage: primary, junior or senior"},
    Field{"school_year", FieldType::whole, false, "学年", "School year, by the year it begins in"},
    Field{"kind", FieldType::text, false, "类别", "Kind of layer"},
    Field{"notice_id", FieldType::text, true, "公告编号", "Id of the notice"},
    Field{"valid_from", FieldType::date, false, "生效日期", "First day, if the notice says"},
    Field{"valid_to", FieldType::date, false, "失效日期", "Day from which it holds no more, if the notice says"},
};

constexpr std::array kSchoolFields{
    Field{"id", FieldType::text, true, "编号", "School id"},
    Field{"name", FieldType::text, true, "名称", "Name"},
    Field{"stages", FieldType::texts, true, "学段", "Stages: primary, junior, senior"},
    Field{"status", FieldType::text, true, "状态", "open, planned or closed"},
    Field{"ownership", FieldType::text, true, "办学性质", "public or private"},
    Field{"district", FieldType::text, true, "区县", "District its first campus lies in"},
    Field{"campuses", FieldType::whole, false, "校区数", "Number of campuses"},
};

constexpr std::array kCampusFields{
    Field{"id", FieldType::text, true, "编号", "Campus id"},
    Field{"name", FieldType::text, true, "校区", "Name of the campus"},
    Field{"school_id", FieldType::text, true, "学校编号", "School id"},
    Field{"school", FieldType::text, true, "学校", "Name of the school"},
    Field{"stages", FieldType::texts, true, "学段", "Stages of the school"},
    Field{"status", FieldType::text, true, "状态", "open, planned or closed"},
    Field{"ownership", FieldType::text, true, "办学性质", "public or private"},
    Field{"district", FieldType::text, true, "区县", "District it lies in"},
};

constexpr std::array kUnitFields{
    Field{"id", FieldType::text, true, "编号", "Unit id"},
    Field{"name", FieldType::text, true, "名称", "Name"},
    Field{"district_id", FieldType::text, true, "区县编号", "District id"},
    Field{"district", FieldType::text, true, "区县", "Name of the district"},
};

// A text that is not there is no text.
FieldValue text_or_nothing(const std::string& text) { return text.empty() ? FieldValue() : FieldValue(text); }

struct StageWords {
  engine::Stage stage;
  const char *zh, *en;
};
constexpr std::array kStageWords{StageWords{engine::Stage::primary, "小学", "Primary"},
                                 StageWords{engine::Stage::junior, "初中", "Junior"},
                                 StageWords{engine::Stage::senior, "高中", "Senior"}};

// The names that rows of several collections share.
class PackageNames {
 public:
  explicit PackageNames(const datasets::CityPackage& package) {
    for (engine::School& school : package.schools()) schools.emplace(school.id, std::move(school));
    for (engine::Campus& campus : package.campuses()) campuses[campus.school_id].push_back(std::move(campus));
    std::vector<geo::MultiPolygon> shapes;
    for (engine::Place& place : package.places()) {
      if (place.kind != "district") continue;
      district_names_.emplace(place.id, place.name);
      if (place.shape.empty()) continue;
      shapes.push_back(std::move(place.shape));
      numbered_.push_back(place.name);
    }
    if (!shapes.empty()) districts_ = geo::ZoneIndex::build(shapes);
  }

  FieldValue district_at(std::optional<geo::Point> p) const {
    if (!p || !districts_) return {};
    const auto zones = districts_->zones_of(districts_->face_at(*p).face());
    return zones.empty() ? FieldValue() : text_or_nothing(numbered_[zones.front()]);
  }
  FieldValue district_of(const std::string& id) const {
    const auto found = district_names_.find(id);
    return found == district_names_.end() ? FieldValue() : text_or_nothing(found->second);
  }
  std::string school_name(const std::string& id) const {
    const auto found = schools.find(id);
    return found == schools.end() ? id : found->second.name;
  }

  std::map<std::string, engine::School> schools;
  std::map<std::string, std::vector<engine::Campus>> campuses;  // by school, by id

 private:
  std::map<std::string, std::string> district_names_;
  std::optional<geo::ZoneIndex> districts_;
  std::vector<std::string> numbered_;
};

std::vector<std::string> stage_words(const engine::School& school) {
  std::vector<std::string> words;
  for (const engine::Stage stage : school.stages) words.emplace_back(engine::to_word(stage));
  return words;
}

void add_row(Collection& collection, std::string id, std::vector<FieldValue> values) {
  collection.ids.push_back(std::move(id));
  std::move(values.begin(), values.end(), std::back_inserter(collection.values));
}

Interval school_year_interval(int year) {
  const auto first = [](int y) { return std::chrono::local_days(std::chrono::year(y) / 9 / 1); };
  return {first(year), first(year + 1)};
}

Interval zone_interval(const engine::Zone& zone) {
  Interval time = school_year_interval(zone.layer.school_year);
  if (const auto from = find_date(zone.valid_from)) time.begin = *from;
  if (const auto to = find_date(zone.valid_to)) time.end = *to;
  return time;
}

Collection zone_collection(const engine::LayerKey& key, const std::vector<engine::Zone>& zones,
                           const PackageNames& names) {
  const auto words =
      std::find_if(kStageWords.begin(), kStageWords.end(), [&](const auto& w) { return w.stage == key.stage; });
  const std::string year = std::to_string(key.school_year), next = std::to_string(key.school_year + 1);
  Collection out;
  out.id = std::string("zones-").append(engine::to_word(key.stage)).append("-").append(year).append("-") + key.kind;
  out.title_zh = std::string(words->zh).append("学区 ").append(year).append("—").append(next).append(" 学年");
  out.title_en = std::string(words->en).append(" zones ").append(year).append("/").append(next);
  if (key.kind != "general") {
    out.title_zh.append("（").append(key.kind).append("）");
    out.title_en.append(" (").append(key.kind).append(")");
  }
  out.description_zh = "一个学段、一个学年的招生片区，按公布的界线。";
  out.description_en = "The zones of one stage and school year, with the lines as published.";
  out.geometry = Geometry::multi_polygon;
  out.fields = kZoneFields;
  for (const engine::Zone& zone : zones) {
    std::vector<std::string> schools;
    for (const std::string& id : zone.school_ids) schools.push_back(names.school_name(id));
    add_row(out, zone.id,
            {zone.id, text_or_nothing(zone.name), zone.school_ids, std::move(schools),
             names.district_at(geo::find_interior_point(zone.shape)), std::string(engine::to_word(key.stage)),
             key.school_year, key.kind, text_or_nothing(zone.notice_id), text_or_nothing(zone.valid_from),
             text_or_nothing(zone.valid_to)});
    add_shape(out.shapes, zone.shape);
    out.times.push_back(zone_interval(zone));
  }
  finish(out);
  return out;
}

Collection school_collection(const PackageNames& names) {
  Collection out;
  out.id = "schools";
  out.title_zh = "学校";
  out.title_en = "Schools";
  out.description_zh = "城市数据包中的学校；位置为其各校区。";
  out.description_en = "The schools of the city package, at the places of their campuses.";
  out.geometry = Geometry::multi_point;
  out.fields = kSchoolFields;
  for (const auto& [id, school] : names.schools) {
    std::vector<geo::Point> places;
    if (const auto found = names.campuses.find(id); found != names.campuses.end()) {
      for (const engine::Campus& campus : found->second) places.push_back(campus.position);
    }
    const auto first = places.empty() ? std::nullopt : std::optional(places.front());
    add_row(out, id,
            {id, text_or_nothing(school.name), stage_words(school), text_or_nothing(school.status),
             text_or_nothing(school.ownership), names.district_at(first), static_cast<int>(places.size())});
    add_shape(out.shapes, places);
  }
  finish(out);
  return out;
}

Collection campus_collection(const datasets::CityPackage& package, const PackageNames& names) {
  Collection out;
  out.id = "campuses";
  out.title_zh = "校区";
  out.title_en = "Campuses";
  out.description_zh = "学校的教学地点。";
  out.description_en = "The places where schools teach.";
  out.geometry = Geometry::point;
  out.fields = kCampusFields;
  for (const engine::Campus& campus : package.campuses()) {
    const auto found = names.schools.find(campus.school_id);
    const bool known = found != names.schools.end();
    add_row(out, campus.id,
            {campus.id, text_or_nothing(campus.name), text_or_nothing(campus.school_id),
             text_or_nothing(names.school_name(campus.school_id)),
             known ? FieldValue(stage_words(found->second)) : FieldValue(),
             known ? text_or_nothing(found->second.status) : FieldValue(),
             known ? text_or_nothing(found->second.ownership) : FieldValue(), names.district_at(campus.position)});
    add_shape(out.shapes, std::span(&campus.position, 1));
  }
  finish(out);
  return out;
}

Collection unit_collection(const std::vector<engine::Unit>& units, const PackageNames& names) {
  Collection out;
  out.id = "units";
  out.title_zh = "基本单元";
  out.title_en = "Units";
  out.description_zh = "划片时整体移动的最小范围：街坊、小区、村。";
  out.description_en = "The smallest areas that are moved between zones: blocks, estates, villages.";
  out.geometry = Geometry::multi_polygon;
  out.fields = kUnitFields;
  for (const engine::Unit& unit : units) {
    add_row(out, unit.id,
            {unit.id, text_or_nothing(unit.name), text_or_nothing(unit.district_id),
             unit.district_id.empty() ? names.district_at(geo::find_interior_point(unit.shape))
                                      : names.district_of(unit.district_id)});
    add_shape(out.shapes, unit.shape);
  }
  finish(out);
  return out;
}

}  // namespace

std::optional<std::size_t> Collection::find_feature(std::string_view feature_id) const {
  const auto found = std::lower_bound(ids.begin(), ids.end(), feature_id);
  if (found == ids.end() || *found != feature_id) return std::nullopt;
  return static_cast<std::size_t>(found - ids.begin());
}

const Collection* Published::find(std::string_view id) const {
  const auto found =
      std::find_if(collections.begin(), collections.end(), [&](const Collection& c) { return c.id == id; });
  return found == collections.end() ? nullptr : &*found;
}

Published publish(const datasets::CityPackage& package) {
  Published out;
  const auto meta = package.meta();
  if (const auto found = meta.find("city"); found != meta.end()) out.city = found->second;
  if (const auto found = meta.find("attribution"); found != meta.end()) out.attribution = found->second;
  out.synthetic = package.synthetic();
  const PackageNames names(package);
  std::vector<engine::LayerKey> layers = package.layers();
  std::stable_sort(layers.begin(), layers.end(), [](const engine::LayerKey& a, const engine::LayerKey& b) {
    return a.stage != b.stage ? a.stage < b.stage : a.school_year > b.school_year;
  });
  for (const engine::LayerKey& key : layers) out.collections.push_back(zone_collection(key, package.zones(key), names));
  out.collections.push_back(school_collection(names));
  out.collections.push_back(campus_collection(package, names));
  const std::vector<engine::Unit> units = package.units();
  if (!units.empty()) out.collections.push_back(unit_collection(units, names));
  project(out);
  return out;
}

}  // namespace catchment::ogc
