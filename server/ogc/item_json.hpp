// Features as GeoJSON, in any of the reference systems offered: RFC 7946 in CRS84, its axes as the system orders them
// otherwise.
#pragma once

#include <string>

#include "server/ogc/item_query.hpp"

namespace catchment::ogc {

// Appends {"type":"Feature","id":..,"geometry":..,"properties":{..} and leaves the object open for further members.
void append_open_feature(std::string& out, const Collection& collection, std::size_t feature, const Crs& crs);

// A page being written: features up to the limit, or until `most_bytes` are reached.
struct ItemPage {
  std::string features;  // joined by commas
  std::size_t returned = 0;
};
ItemPage write_page(const Collection& collection, const Selection& selection, const ItemQuery& query,
                    std::size_t most_bytes);

}  // namespace catchment::ogc
