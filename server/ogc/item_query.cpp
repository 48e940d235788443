#include "server/ogc/item_query.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "geo/input_error.hpp"
#include "server/api/query.hpp"
#include "server/ogc/ogc_service.hpp"
#include "server/ogc/times.hpp"

namespace catchment::ogc {
namespace {

constexpr std::string_view kEpsg = "http://www.opengis.net/def/crs/EPSG/0/";
constexpr double kFarthestMetre = 1e8;
constexpr std::uint32_t kMostOffset = 1'000'000'000;

[[noreturn]] void refuse_value(std::string_view name, const std::string& why) {
  throw InputError("parameter_invalid", std::string(name), why);
}

std::vector<std::string_view> split_list(std::string_view text) {
  std::vector<std::string_view> out;
  for (;;) {
    const std::size_t comma = std::min(text.find(','), text.size());
    out.push_back(text.substr(0, comma));
    if (comma == text.size() || out.size() > 6) return out;
    text.remove_prefix(comma + 1);
  }
}

double read_coordinate(std::string_view text) {
  double value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || stop != text.data() + text.size() || !std::isfinite(value))
    refuse_value("bbox", "must be four or six numbers, separated by commas");
  return value;
}

// Rounds to the fine grid.
std::int64_t on_grid(double value, bool projected, double farthest) {
  if (std::fabs(value) > farthest) refuse_value("bbox", "a coordinate is outside its axis");
  return std::llround(value * (projected ? kFinePerMetre : kFinePerDegree));
}

std::vector<FineBox> read_boxes(const std::string& text, const Crs& crs) {
  const auto words = split_list(text);
  if (words.size() != 4 && words.size() != 6) refuse_value("bbox", "must be four or six numbers, separated by commas");
  std::vector<double> numbers;
  for (const std::string_view word : words) numbers.push_back(read_coordinate(word));
  const std::size_t upper = numbers.size() / 2;
  if (upper == 3 && numbers[2] > numbers[5]) refuse_value("bbox", "the lower height is above the upper one");
  const std::size_t x = crs.north_first ? 1 : 0, y = 1 - x;
  const double far_x = crs.projected ? kFarthestMetre : 180, far_y = crs.projected ? kFarthestMetre : 90;
  FineBox box;
  box.min = {on_grid(numbers[x], crs.projected, far_x), on_grid(numbers[y], crs.projected, far_y)};
  box.max = {on_grid(numbers[upper + x], crs.projected, far_x), on_grid(numbers[upper + y], crs.projected, far_y)};
  if (box.min.y > box.max.y) refuse_value("bbox", "its southern edge is north of its northern edge");
  if (box.min.x <= box.max.x) return {box};
  if (crs.projected) refuse_value("bbox", "its western edge is east of its eastern edge");
  const auto half_turn = static_cast<std::int64_t>(180 * kFinePerDegree);
  return {FineBox{box.min, {half_turn, box.max.y}}, FineBox{{-half_turn, box.min.y}, box.max}};
}

// One end of an interval, or an instant: a day is as long as a day.
Interval read_moment(std::string_view text) {
  if (const auto date = find_date(text)) return {*date, *date + std::chrono::days(1) - std::chrono::seconds(1)};
  if (const auto moment = find_moment(text)) return {*moment, *moment};
  refuse_value("datetime",
               "must be a date-time with its offset or a date (RFC 3339), or two of them with a slash between");
}

// Both ends included.
Interval read_time(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return read_moment(text);
  const auto open = [](std::string_view end) { return end.empty() || end == ".."; };
  const std::string_view first = text.substr(0, slash), last = text.substr(slash + 1);
  if (open(first) && open(last)) refuse_value("datetime", "one end of an interval must be given");
  Interval out;
  if (!open(first)) out.begin = read_moment(first).begin;
  if (!open(last)) out.end = read_moment(last).end;
  if (out.begin > out.end) refuse_value("datetime", "the interval ends before it begins");
  return out;
}

std::size_t read_limit(const std::string& text) {
  if (text.empty() || text.find_first_not_of("0123456789") != std::string::npos || text.front() == '0')
    refuse_value("limit", "must be a whole number from 1 on");
  const auto value = api::find_count(text, kMostLimit);
  return value ? *value : kMostLimit;
}

bool holds(const FieldValue& value, const std::string& wanted) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text == wanted;
  const auto* texts = std::get_if<std::vector<std::string>>(&value);
  return texts != nullptr && std::find(texts->begin(), texts->end(), wanted) != texts->end();
}

template <class At>
bool shape_touches(const Shapes& shapes, std::size_t feature, const FineBox& box, At&& at) {
  BoxTouch touch(box);
  const std::uint32_t first = shapes.parts[shapes.features[feature]], last = shapes.parts[shapes.features[feature + 1]];
  for (std::uint32_t r = first; r < last && !touch.settled(); ++r) {
    for (std::uint32_t v = shapes.rings[r]; v < shapes.rings[r + 1]; ++v) touch.add_vertex(at(v));
    touch.end_ring();
  }
  return touch.touched();
}

bool in_box(const Collection& collection, std::size_t feature, const FineBox& box, bool projected) {
  const FineBox& around = (projected ? collection.projected_boxes : collection.boxes)[feature];
  if (around.empty() || !around.intersects(box)) return false;
  if (box.contains(around)) return true;
  if (projected)
    return shape_touches(collection.shapes, feature, box, [&](std::uint32_t v) { return collection.projected[v]; });
  return shape_touches(collection.shapes, feature, box,
                       [&](std::uint32_t v) { return fine(collection.shapes.vertices[v]); });
}

bool accepted(const Collection& collection, const ItemQuery& query, std::size_t feature) {
  if (query.time && !collection.times.empty()) {
    const Interval& own = collection.times[feature];
    if (query.time->begin >= own.end || query.time->end < own.begin) return false;
  }
  const auto values = collection.values_of(feature);
  for (const auto& [field, wanted] : query.filters) {
    if (!holds(values[field], wanted)) return false;
  }
  return query.boxes.empty() || std::any_of(query.boxes.begin(), query.boxes.end(), [&](const FineBox& box) {
           return in_box(collection, feature, box, query.boxes_projected);
         });
}

// Those that may be selected, sorted; all of them where nothing narrows the search.
std::vector<std::uint32_t> find_candidates(const Collection& collection, const ItemQuery& query) {
  std::vector<std::uint32_t> out;
  const auto by_id = std::find_if(query.filters.begin(), query.filters.end(),
                                  [&](const auto& filter) { return collection.fields[filter.first].name == "id"; });
  if (by_id != query.filters.end()) {
    if (const auto found = collection.find_feature(by_id->second)) out.push_back(static_cast<std::uint32_t>(*found));
    return out;
  }
  if (query.boxes.empty() || query.boxes_projected) {
    for (std::uint32_t f = 0; f < collection.size(); ++f) out.push_back(f);
    return out;
  }
  for (const FineBox& box : query.boxes) {
    const auto found = collection.tree.find(box);
    out.insert(out.end(), found.begin(), found.end());
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace

std::vector<Crs> list_crs(const Published& published) {
  std::vector<Crs> out{{"http://www.opengis.net/def/crs/OGC/1.3/CRS84", false, false},
                       {std::string(kEpsg) + "4326", true, false},
                       {std::string(kEpsg) + "4490", true, false}};
  if (!published.projected_code.empty())
    out.push_back({std::string(kEpsg) + published.projected_code.substr(5), published.projected_north_first, true});
  return out;
}

bool offered(const Collection& collection, const Crs& crs) { return !crs.projected || !collection.projected.empty(); }

void check_names(const http::Query& query, const std::vector<std::string_view>& known) {
  for (auto it = query.begin(); it != query.end(); ++it) {
    const std::string& name = it->first;
    if (std::find(known.begin(), known.end(), name) == known.end())
      throw InputError("parameter_unknown", name.size() <= 40 ? name : "", "there is no such parameter here");
    if (std::any_of(query.begin(), it, [&](const auto& other) { return other.first == name; }))
      throw InputError("parameter_duplicate", name, "given more than once");
  }
}

const std::string* find_value(const http::Query& query, std::string_view name) {
  const auto found = std::find_if(query.begin(), query.end(), [&](const auto& pair) { return pair.first == name; });
  return found == query.end() ? nullptr : &found->second;
}

const Crs& read_crs(const http::Query& query, std::string_view name, const Collection& collection,
                    const std::vector<Crs>& systems) {
  const std::string* uri = find_value(query, name);
  if (uri == nullptr) return systems.front();
  const auto found = std::find_if(systems.begin(), systems.end(),
                                  [&](const Crs& crs) { return crs.uri == *uri && offered(collection, crs); });
  if (found == systems.end())
    refuse_value(name, "must be one of the collection's reference systems, as it spells them");
  return *found;
}

ItemQuery read_item_query(const http::Query& query, const Collection& collection, const std::vector<Crs>& systems) {
  std::vector<std::string_view> known{"limit", "offset", "bbox", "bbox-crs", "datetime", "crs", "f"};
  for (const Field& field : collection.fields) {
    if (field.queryable) known.push_back(field.name);
  }
  check_names(query, known);
  ItemQuery out;
  out.limit = kDefaultLimit;
  if (const auto* limit = find_value(query, "limit")) out.limit = read_limit(*limit);
  if (const auto* offset = find_value(query, "offset")) {
    const auto value = api::find_count(*offset, kMostOffset);
    if (!value) refuse_value("offset", "must be a whole number from 0 on");
    out.offset = *value;
  }
  const Crs& box_crs = read_crs(query, "bbox-crs", collection, systems);
  if (const auto* bbox = find_value(query, "bbox")) out.boxes = read_boxes(*bbox, box_crs);
  out.boxes_projected = box_crs.projected;
  if (const auto* time = find_value(query, "datetime")) out.time = read_time(*time);
  out.crs = &read_crs(query, "crs", collection, systems);
  for (std::size_t k = 0; k < collection.fields.size(); ++k) {
    const auto* value = collection.fields[k].queryable ? find_value(query, collection.fields[k].name) : nullptr;
    if (value != nullptr) out.filters.emplace_back(k, *value);
  }
  return out;
}

Selection select(const Collection& collection, const ItemQuery& query) {
  Selection out;
  out.all = query.boxes.empty() && query.filters.empty() && (!query.time || collection.times.empty());
  out.matched = collection.size();
  if (out.all) return out;
  out.numbers = find_candidates(collection, query);
  std::erase_if(out.numbers, [&](std::uint32_t f) { return !accepted(collection, query, f); });
  out.matched = out.numbers.size();
  return out;
}

}  // namespace catchment::ogc
