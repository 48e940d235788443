#include "server/ogc/ogc_service.hpp"

#include <algorithm>

#include "geo/input_error.hpp"
#include "server/api/json_text.hpp"
#include "server/api/routes.hpp"
#include "server/ogc/documents.hpp"
#include "server/ogc/item_json.hpp"
#include "server/ogc/negotiation.hpp"
#include "server/ogc/pages.hpp"
#include "server/ogc/times.hpp"

namespace catchment::ogc {

struct OgcService::State {
  Published published;
  std::vector<Crs> systems;
  Clock clock;
  ApiDocument api;
  std::shared_ptr<const http::Content> style;
};

namespace {

constexpr std::string_view kRoot = "/ogc";
constexpr std::string_view kPagePolicy =
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

// A longer one, of a long filter, might not pass a proxy; the body has the links anyway.
constexpr std::size_t kMostLinkHeader = 2048;

http::Query without(const http::Query& query, std::initializer_list<std::string_view> names) {
  http::Query out;
  for (const auto& pair : query) {
    if (std::find(names.begin(), names.end(), pair.first) == names.end()) out.push_back(pair);
  }
  return out;
}

// Weak comparison (RFC 9110 13.1.2) against a weak tag.
bool names_tag(std::string_view if_none_match, std::string_view weak_tag) {
  return if_none_match == "*" || if_none_match.find(weak_tag.substr(2)) != std::string_view::npos;
}

std::vector<std::string_view> split_path(std::string_view path) {
  std::vector<std::string_view> out;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/', 1), path.size());
    out.push_back(path.substr(1, end - 1));
    path.remove_prefix(end);
  }
  return out;
}

// One request being answered.
class OgcCall {
 public:
  OgcCall(const OgcService::State& state, const http::Request& request)
      : state_(state),
        request_(request),
        context_{request.base_url + std::string(kRoot), state.published, state.systems} {}

  http::Response answer() {
    const auto parts = split_path(std::string_view(request_.path).substr(kRoot.size()));
    if (parts.empty() || (parts.size() == 1 && parts[0].empty())) return landing();
    if (parts.size() == 1 && parts[0] == "page.css") return style();
    if (parts.size() == 1 && parts[0] == "api") return api();
    if (parts.size() == 1 && parts[0] == "conformance") return conformance();
    if (parts[0] == "collections") {
      if (parts.size() == 1) return collections();
      const Collection* collection = state_.published.find(parts[1]);
      if (collection == nullptr)
        throw InputError("collection_unknown", "collectionId",
                         "there is no such collection; /ogc/collections lists them");
      if (parts.size() == 2) return describe(*collection);
      if (parts.size() == 3 && parts[2] == "queryables") return queryables(*collection);
      if (parts.size() == 3 && parts[2] == "items") return items(*collection);
      if (parts.size() == 4 && parts[2] == "items") return item(*collection, parts[3]);
    }
    throw InputError("path_unknown", "", "There is nothing at this path.");
  }

 private:
  // After the parameters are checked: which form is wanted. The answer 406 is thrown as its code.
  Format format() const {
    const auto found = find_format(request_);
    if (!found) throw InputError("not_acceptable", "Accept", "JSON and HTML are spoken here");
    return *found;
  }

  // self and alternate of what was asked for.
  std::vector<Link> own_links(Format wanted, std::string_view json_type) const {
    const auto url = [&](const char* f) {
      http::Query query = without(request_.query, {"f"});
      query.emplace_back("f", f);
      return request_.base_url + encoded_path() + to_query(query);
    };
    const bool json = wanted == Format::json;
    Link as_json{url("json"), json ? "self" : "alternate", std::string(json_type), "JSON"};
    Link as_html{url("html"), json ? "alternate" : "self", std::string(kHtml), "网页 As a page"};
    if (json) return {std::move(as_json), std::move(as_html)};
    return {std::move(as_html), std::move(as_json)};
  }
  std::string encoded_path() const {
    std::string out;
    for (const std::string_view part : split_path(request_.path)) out.append("/").append(percent_encoded(part));
    return out;
  }

  http::Response dressed(http::Response response, Format form, std::span<const Link> links) const {
    response.headers.emplace_back("Cache-Control", "no-cache");
    response.headers.emplace_back("Vary", "Accept");
    std::string header = link_header(links);
    if (!links.empty() && header.size() <= kMostLinkHeader) response.headers.emplace_back("Link", std::move(header));
    if (form == Format::html) {
      response.headers.emplace_back("Content-Security-Policy", kPagePolicy);
      response.headers.emplace_back("Referrer-Policy", "no-referrer");
    }
    return response;
  }
  // A body of which the same request gives the same bytes.
  http::Response document(Format form, std::string_view json_type, std::string body,
                          std::span<const Link> links) const {
    http::Response response;
    response.content =
        http::make_content(form == Format::json ? std::string(json_type) : std::string(kHtml) + "; charset=utf-8",
                           std::move(body), request_.accepts_gzip);
    return dressed(std::move(response), form, links);
  }

  http::Response landing() const {
    check_names(request_.query, {"f"});
    const Format form = format();
    std::vector<Link> links = own_links(form, kJson);
    const auto add = [&](const char* path, const char* rel, std::string_view json_type, const char* title) {
      links.push_back({context_.base + path + "?f=json", rel, std::string(json_type), title});
      links.push_back({context_.base + path + "?f=html", rel, std::string(kHtml), title});
    };
    add("/api", "service-desc", kOpenApi, "接口说明 The API's description");
    links.back().rel = "service-doc";
    add("/conformance", "conformance", kJson, "遵循的标准 Conformance");
    add("/collections", "data", kJson, "数据集 Collections");
    return document(form, kJson, form == Format::json ? landing_json(context_, links) : landing_page(context_, links),
                    links);
  }

  http::Response style() const {
    check_names(request_.query, {});
    http::Response response;
    response.content = state_.style;
    response.headers.emplace_back("Cache-Control", "public, max-age=86400");
    return response;
  }

  http::Response api() const {
    check_names(request_.query, {"f"});
    const Format form = format();
    const std::vector<Link> links = own_links(form, kOpenApi);
    return document(form, kOpenApi,
                    form == Format::json ? api_json(state_.api, context_.base) : api_page(context_, state_.api, links),
                    links);
  }

  http::Response conformance() const {
    check_names(request_.query, {"f"});
    const Format form = format();
    const std::vector<Link> links = own_links(form, kJson);
    return document(form, kJson, form == Format::json ? conformance_json() : conformance_page(context_, links), links);
  }

  http::Response collections() const {
    check_names(request_.query, {"f"});
    const Format form = format();
    const std::vector<Link> links = own_links(form, kJson);
    return document(form, kJson,
                    form == Format::json ? collections_json(context_, links) : collections_page(context_, links),
                    links);
  }

  http::Response describe(const Collection& collection) const {
    check_names(request_.query, {"f"});
    const Format form = format();
    const std::vector<Link> links = own_links(form, kJson);
    return document(
        form, kJson,
        form == Format::json ? collection_json(context_, collection) : collection_page(context_, collection, links),
        links);
  }

  http::Response queryables(const Collection& collection) const {
    check_names(request_.query, {"f"});
    const Format form = format();
    const std::vector<Link> links = own_links(form, kSchemaJson);
    return document(
        form, kSchemaJson,
        form == Format::json ? queryables_json(context_, collection) : queryables_page(context_, collection, links),
        links);
  }

  http::Response items(const Collection& collection) const {
    const ItemQuery query = read_item_query(request_.query, collection, state_.systems);
    const Format form = format();
    const std::string tag = items_tag(collection);
    http::Response response;
    if (form == Format::json && names_tag(request_.header(http::Header::if_none_match), tag)) {
      response.status = 304;
      response = dressed(std::move(response), form, {});
    } else {
      const Selection selection = select(collection, query);
      response =
          form == Format::json ? items_json(collection, query, selection) : items_html(collection, query, selection);
    }
    // The time stamp differs from answer to answer, what is answered does not: a weak tag.
    if (form == Format::json) response.headers.emplace_back("ETag", tag);
    response.headers.emplace_back("Content-Crs", "<" + query.crs->uri + ">");
    return response;
  }

  std::string items_tag(const Collection& collection) const {
    const std::string what = collection.version + request_.base_url + encoded_path() + to_query(request_.query);
    return "W/" + http::make_content("", what, false)->etag;
  }

  std::vector<Link> page_links(Format form, const ItemQuery& query, std::size_t returned, std::size_t matched,
                               const Collection& collection) const {
    std::vector<Link> links = own_links(form, kGeoJson);
    const auto add = [&](const char* rel, const char* title, std::size_t offset) {
      http::Query other = without(request_.query, {"offset", "f"});
      if (offset > 0) other.emplace_back("offset", std::to_string(offset));
      other.emplace_back("f", form == Format::json ? "json" : "html");
      links.push_back({request_.base_url + encoded_path() + to_query(other), rel, links.front().type, title});
    };
    if (returned > 0 && query.offset + returned < matched) add("next", "下一页 Next page", query.offset + returned);
    if (query.offset > 0) {
      const std::size_t from = std::min(query.offset, matched);
      add("prev", "上一页 Previous page", from > query.limit ? from - query.limit : 0);
    }
    links.push_back(
        {context_.collection_url(collection) + "?f=json", "collection", std::string(kJson), "集合 Collection"});
    return links;
  }

  http::Response items_json(const Collection& collection, const ItemQuery& query, const Selection& selection) const {
    ItemPage page = write_page(collection, selection, query, kMostBytes);
    const auto links = page_links(Format::json, query, page.returned, selection.matched, collection);
    http::Response response;
    response.content_type = kGeoJson;
    response.body = std::move(page.features);
    response.body.insert(0, R"({"type":"FeatureCollection","features":[)");
    response.body.append(R"(],"links":)").append(links_json(links));
    response.body.append(R"(,"timeStamp":")").append(to_text(state_.clock()));
    response.body.append(R"(","numberMatched":)").append(std::to_string(selection.matched));
    response.body.append(R"(,"numberReturned":)").append(std::to_string(page.returned)).append("}");
    return dressed(std::move(response), Format::json, links);
  }

  http::Response items_html(const Collection& collection, const ItemQuery& query, const Selection& selection) const {
    const std::size_t first = std::min(query.offset, selection.matched);
    const std::size_t returned = std::min(query.limit, selection.matched - first);
    const auto links = page_links(Format::html, query, returned, selection.matched, collection);
    return document(Format::html, kGeoJson, items_page(context_, collection, selection, first, returned, links), links);
  }

  http::Response item(const Collection& collection, std::string_view id) const {
    const auto feature = collection.find_feature(id);
    if (!feature) throw InputError("feature_unknown", "featureId", "there is no such feature in this collection");
    check_names(request_.query, {"crs", "f"});
    const Crs& crs = read_crs(request_.query, "crs", collection, state_.systems);
    const Format form = format();
    std::vector<Link> links = own_links(form, kGeoJson);
    links.push_back(
        {context_.collection_url(collection) + "?f=json", "collection", std::string(kJson), "集合 Collection"});
    std::string body;
    if (form == Format::json) {
      append_open_feature(body, collection, *feature, crs);
      body.append(R"(,"links":)").append(links_json(links)).append("}");
    } else {
      body = feature_page(context_, collection, *feature, links);
    }
    http::Response response = document(form, kGeoJson, std::move(body), links);
    response.headers.emplace_back("Content-Crs", "<" + crs.uri + ">");
    return response;
  }

  const OgcService::State& state_;
  const http::Request& request_;
  Context context_;
};

int status_of_refusal(const InputError& error) {
  if (error.code == "not_acceptable") return 406;
  return error.code.ends_with("_unknown") && error.code != "parameter_unknown" ? 404 : 400;
}

}  // namespace

OgcService OgcService::open(const datasets::CityPackage& package, Clock clock) {
  auto state = std::make_shared<State>();
  state->published = publish(package);
  state->systems = list_crs(state->published);
  state->clock = std::move(clock);
  state->api = build_api_document(state->published);
  state->style = http::make_content("text/css; charset=utf-8", std::string(kPageStyle));
  return OgcService(std::move(state));
}

std::size_t OgcService::collection_count() const { return state_->published.collections.size(); }

http::Routing classify(const http::Request& request) {
  if (request.path != kRoot && !request.path.starts_with("/ogc/")) return {};
  const auto parts = split_path(request.path);  // ogc, collections, an id, items, a feature
  if (parts.size() < 4 || parts[1] != "collections" || parts[3] != "items") return {http::Lane::here, kRoot};
  return {http::Lane::browse, "/ogc/collections/{id}/items"};
}

std::optional<http::Response> OgcService::answer(const http::Request& request) const {
  if (request.path != kRoot && !request.path.starts_with("/ogc/")) return std::nullopt;
  if (request.method != "GET") {
    http::Response response = api::problem(405, "method_not_allowed", "", "This path answers GET, HEAD.");
    response.headers.emplace_back("Allow", "GET, HEAD");
    return response;
  }
  try {
    return OgcCall(*state_, request).answer();
  } catch (const InputError& error) {
    return api::problem(status_of_refusal(error), error.code, error.where, error.what());
  }
}

}  // namespace catchment::ogc
