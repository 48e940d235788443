// OGC API - Features over a city's published layers, mounted at /ogc: Part 1 (Core, GeoJSON, HTML, OpenAPI 3.0) and
// Part 2 (CRS). Public and read-only: nothing here knows of a person, and nothing is logged.
//
// A room of its own above server/api, because it is another contract: its own document (openapi.json of this folder,
// served at /ogc/api), its own negotiation, paging and spelling of parameters. It shares api's problem documents and
// JSON text, and takes nothing from the route table.
//
// Collections: one of zones for each layer (stage, school year, kind), so that a school year is a version; schools
// (a MultiPoint of their campuses); campuses; units where the package has them. Everything is in memory; the service
// is immutable, so threads need no lock. PROJ is asked once, at opening.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "datasets/city_package.hpp"
#include "server/http/message.hpp"

namespace catchment::ogc {

using Clock = std::function<std::chrono::local_seconds()>;  // Beijing local time

inline constexpr std::size_t kDefaultLimit = 10;
inline constexpr std::size_t kMostLimit = 10'000;    // a larger one is taken for this, as the standard asks
inline constexpr std::size_t kMostBytes = 4u << 20;  // a page ends after the feature that reaches it

// Which lane a request belongs to, and its pattern; features are for the workers, since a page may take long to write.
http::Routing classify(const http::Request& request);

class OgcService {
 public:
  // Throws InputError of the package.
  static OgcService open(const datasets::CityPackage& package, Clock clock);

  // Empty if the path is not /ogc or below it. Refusals are problem documents: 400 for a parameter that is unknown,
  // given twice or malformed, 404 for a collection or feature that is not there, 405, 406. Cost of a page: its bytes,
  // and with a bbox the features near the box's edge; offsets cost nothing.
  std::optional<http::Response> answer(const http::Request& request) const;

  std::size_t collection_count() const;

  struct State;  // internal

 private:
  explicit OgcService(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

}  // namespace catchment::ogc
