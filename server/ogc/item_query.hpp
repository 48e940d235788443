// The parameters of /items, read strictly, and the features they select.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/http/message.hpp"
#include "server/ogc/collection.hpp"

namespace catchment::ogc {

struct Crs {
  std::string uri;
  bool north_first = false;  // its first axis is latitude or northing
  bool projected = false;
};
// CRS84 first, then EPSG:4326 and EPSG:4490, which differ from it in the order of axes only, then the city's projected
// system if there is one.
std::vector<Crs> list_crs(const Published& published);
inline constexpr std::string_view kStorageCrs = "http://www.opengis.net/def/crs/EPSG/0/4490";

// Those that a collection can be had in.
bool offered(const Collection& collection, const Crs& crs);

// One value a name. Throws InputError: parameter_unknown, parameter_duplicate.
void check_names(const http::Query& query, const std::vector<std::string_view>& known);
const std::string* find_value(const http::Query& query, std::string_view name);  // null if absent

struct ItemQuery {
  std::size_t limit = 0, offset = 0;
  std::vector<FineBox> boxes;  // none: everywhere; two where the box crosses the antimeridian
  bool boxes_projected = false;
  std::optional<Interval> time;                              // [begin, end], end included
  std::vector<std::pair<std::size_t, std::string>> filters;  // field number, value
  const Crs* crs = nullptr;                                  // of the answer
};

// limit, offset, bbox, bbox-crs, datetime, crs, f and the collection's queryable fields. f is known here and read
// elsewhere. Throws InputError: parameter_unknown, parameter_duplicate, parameter_invalid.
ItemQuery read_item_query(const http::Query& query, const Collection& collection, const std::vector<Crs>& systems);
// The crs parameter alone. Throws InputError("parameter_invalid").
const Crs& read_crs(const http::Query& query, std::string_view name, const Collection& collection,
                    const std::vector<Crs>& systems);

// Feature numbers in ascending order; `all` stands for every one, without a list.
struct Selection {
  bool all = false;
  std::vector<std::uint32_t> numbers;
  std::size_t matched = 0;

  std::size_t at(std::size_t i) const { return all ? i : numbers[i]; }
};
Selection select(const Collection& collection, const ItemQuery& query);

}  // namespace catchment::ogc
