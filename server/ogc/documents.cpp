#include "server/ogc/documents.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "server/ogc/times.hpp"

namespace catchment::ogc {

extern const char* const kOgcOpenApiJson;

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kServerMember = R"("url":"/ogc")";
constexpr std::string_view kItemsPath = "/collections/{collectionId}/items";
constexpr std::string_view kItemPath = "/collections/{collectionId}/items/{featureId}";

constexpr std::array<std::string_view, 5> kConformance{"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
                                                       "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
                                                       "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
                                                       "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
                                                       "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs"};

Json parsed(const std::string& json) { return Json::parse(json); }

// Bytes of the package that are no UTF-8 become U+FFFD.
std::string dumped(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

Json extent_json(const Collection& collection) {
  Json out = Json::object();
  if (!collection.extent.empty()) {
    const geo::Degrees low = geo::to_degrees(collection.extent.min), high = geo::to_degrees(collection.extent.max);
    out["spatial"] = {{"bbox", Json::array({Json::array({low.lon, low.lat, high.lon, high.lat})})},
                      {"crs", "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}};
  }
  if (!collection.times.empty()) {
    const std::string begin = to_text(collection.time.begin);
    const std::string end = to_text(collection.time.end - std::chrono::seconds(1));
    out["temporal"] = {{"interval", Json::array({Json::array({begin, end})})},
                       {"trs", "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"}};
  }
  return out;
}

Json collection_object(const Context& context, const Collection& collection) {
  Json out{{"id", collection.id},
           {"title", title_of(collection)},
           {"description", collection.description_zh + " " + collection.description_en}};
  if (!context.published.attribution.empty()) out["attribution"] = context.published.attribution;
  out["itemType"] = "feature";
  out["extent"] = extent_json(collection);
  out["crs"] = Json::array();
  for (const Crs& crs : context.systems) {
    if (offered(collection, crs)) out["crs"].push_back(crs.uri);
  }
  out["storageCrs"] = kStorageCrs;
  out["links"] = parsed(links_json(collection_links(context, collection)));
  return out;
}

Json field_schema(const Field& field) {
  Json out{{"title", std::string(field.zh) + " " + std::string(field.en)}};
  switch (field.type) {
    case FieldType::text:
      out["type"] = "string";
      break;
    case FieldType::date:
      out["type"] = "string";
      out["format"] = "date";
      break;
    case FieldType::whole:
      out["type"] = "integer";
      break;
    case FieldType::texts:
      out["type"] = "array";
      out["items"] = {{"type", "string"}};
      break;
  }
  return out;
}

// The operation for one collection: its own name, and a parameter for each property that filters.
Json of_collection(Json item, const Collection& collection, bool with_filters) {
  Json& get = item["get"];
  get["operationId"] = get["operationId"].get<std::string>() + "." + collection.id;
  get["summary"] = get["summary"].get<std::string>() + ": " + title_of(collection);
  if (with_filters) get.erase("description");
  Json parameters = Json::array();
  for (const Json& parameter : get["parameters"]) {
    if (parameter["$ref"] != "#/components/parameters/collectionId") parameters.push_back(parameter);
  }
  for (const Field& field : collection.fields) {
    if (!with_filters || !field.queryable) continue;
    parameters.push_back({{"name", field.name},
                          {"in", "query"},
                          {"description", std::string(field.zh) + ". " + std::string(field.en) + ": equal to this"},
                          {"required", false},
                          {"schema", {{"type", "string"}}},
                          {"style", "form"},
                          {"explode", false}});
  }
  get["parameters"] = std::move(parameters);
  return item;
}

}  // namespace

std::span<const std::string_view> conformance_classes() { return kConformance; }

std::string service_title(const Published& published) {
  return published.city + (published.city.empty() ? "" : " ") + "学区与学校 · School catchments";
}

std::string title_of(const Collection& collection) { return collection.title_zh + " · " + collection.title_en; }

std::string landing_json(const Context& context, std::span<const Link> links) {
  Json out{{"title", service_title(context.published)}};
  out["description"] = context.published.synthetic
                           ? "数据为虚构。The data are made up: no school, person or address is real."
                           : "公布的招生片区与学校。Published zones and schools.";
  if (!context.published.attribution.empty()) out["attribution"] = context.published.attribution;
  out["links"] = parsed(links_json(links));
  return dumped(out);
}

std::string conformance_json() { return dumped(Json{{"conformsTo", Json(kConformance)}}); }

std::string collections_json(const Context& context, std::span<const Link> links) {
  Json out{{"links", parsed(links_json(links))}, {"collections", Json::array()}};
  for (const Collection& collection : context.published.collections)
    out["collections"].push_back(collection_object(context, collection));
  return dumped(out);
}

std::string collection_json(const Context& context, const Collection& collection) {
  return dumped(collection_object(context, collection));
}

std::string queryables_json(const Context& context, const Collection& collection) {
  Json properties = Json::object();
  for (const Field& field : collection.fields) {
    if (field.queryable) properties[std::string(field.name)] = field_schema(field);
  }
  return dumped(Json{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                     {"$id", context.collection_url(collection) + "/queryables"},
                     {"type", "object"},
                     {"title", title_of(collection)},
                     {"properties", std::move(properties)},
                     {"additionalProperties", false}});
}

std::vector<Link> collection_links(const Context& context, const Collection& collection) {
  const std::string url = context.collection_url(collection);
  const auto text = [](std::string_view type) { return std::string(type); };
  return {
      {url + "?f=json", "self", text(kJson), "本集合 This collection"},
      {url + "?f=html", "alternate", text(kHtml), "网页 As a page"},
      {url + "/items?f=json", "items", text(kGeoJson), "要素 Its features"},
      {url + "/items?f=html", "items", text(kHtml), "要素网页 Its features as pages"},
      {url + "/queryables?f=json", text(kQueryablesRel), text(kSchemaJson), "可筛选属性 What it can be filtered by"},
      {url + "/queryables?f=html", text(kQueryablesRel), text(kHtml), "可筛选属性网页 The same as a page"}};
}

ApiDocument build_api_document(const Published& published) {
  Json document = Json::parse(kOgcOpenApiJson);
  Json ids = Json::array();
  Json paths = Json::object();
  for (const Collection& collection : published.collections) ids.push_back(collection.id);
  document["components"]["parameters"]["collectionId"]["schema"]["enum"] = std::move(ids);
  for (const auto& [path, item] : document["paths"].items()) {
    if (path != kItemsPath && path != kItemPath) {
      paths[path] = item;
      continue;
    }
    for (const Collection& collection : published.collections) {
      const std::string own = "/collections/" + percent_encoded(collection.id) + path.substr(path.find("/items"));
      paths[own] = of_collection(item, collection, path == kItemsPath);
    }
  }
  ApiDocument out;
  for (const auto& [path, item] : paths.items()) out.paths.push_back({path, item["get"]["summary"].get<std::string>()});
  document["paths"] = std::move(paths);
  out.json = dumped(document);
  return out;
}

std::string api_json(const ApiDocument& document, const std::string& base) {
  std::string out = document.json;
  const std::size_t at = out.find(kServerMember);
  if (at != std::string::npos) out.replace(at, kServerMember.size(), R"("url":)" + dumped(Json(base)));
  return out;
}

}  // namespace catchment::ogc
