// The JSON documents about the collections: landing page, conformance, collections, queryables, the API's description.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/ogc/item_query.hpp"
#include "server/ogc/links.hpp"

namespace catchment::ogc {

// What every document needs: where it is reached, and what is published.
struct Context {
  std::string base;  // "https://host/ogc", no slash at its end
  const Published& published;
  std::span<const Crs> systems;

  std::string collection_url(const Collection& collection) const {
    return base + "/collections/" + percent_encoded(collection.id);
  }
};

inline constexpr std::string_view kQueryablesRel = "http://www.opengis.net/def/rel/ogc/1.0/queryables";
std::span<const std::string_view> conformance_classes();

// "示例市 学区与学校 · School catchments": of the landing page.
std::string service_title(const Published& published);
std::string title_of(const Collection& collection);  // both languages

std::string landing_json(const Context& context, std::span<const Link> links);
std::string conformance_json();
std::string collections_json(const Context& context, std::span<const Link> links);
std::string collection_json(const Context& context, const Collection& collection);
std::string queryables_json(const Context& context, const Collection& collection);

// self, alternate, items, queryables of a collection.
std::vector<Link> collection_links(const Context& context, const Collection& collection);

struct ApiPath {
  std::string path, summary;
};
struct ApiDocument {
  std::string json;  // its server is the path /ogc
  std::vector<ApiPath> paths;
};
// openapi.json of this folder, with a path for each collection's items in place of the one for all.
ApiDocument build_api_document(const Published& published);
// The same with the address it is reached at.
std::string api_json(const ApiDocument& document, const std::string& base);

}  // namespace catchment::ogc
