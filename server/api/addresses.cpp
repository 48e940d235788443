// Addresses: suggestions while somebody types, candidates for a text, the nearest to a place. What is asked here is
// where somebody lives: nobody may keep the answer, and nothing of it is logged.
#include "geo/input_error.hpp"
#include "server/api/query.hpp"
#include "server/api/resources.hpp"

namespace catchment::api {
namespace {

using answers::ordered_json;

static_assert(4 * kMostAddressCharacters <= geo::kLongestAddress, "what is accepted is also parsed");
constexpr std::uint32_t kMostAnswers = 20;
constexpr std::uint32_t kAnswers = 8;
constexpr double kMostRadiusM = 1000;
constexpr double kRadiusM = 200;

std::size_t limit_of(const Parameters& parameters) {
  const std::string* text = parameters.find("limit");
  if (text == nullptr) return kAnswers;
  const auto limit = find_count(*text, kMostAnswers);
  if (!limit || *limit == 0) {
    throw InputError("parameter_invalid", "limit", "must be a whole number from 1 to " + std::to_string(kMostAnswers));
  }
  return *limit;
}

// Highlights count characters, not bytes.
std::size_t characters_before(std::string_view text, std::size_t bytes) {
  return count_characters(text.substr(0, bytes));
}

ordered_json entry_json(const geo::Gazetteer& names, geo::EntryId entry) {
  if (entry == geo::kNoEntry) return nullptr;
  return names.entry(entry).id;
}

}  // namespace

http::Response get_suggestions(const Call& call) {
  const Parameters parameters(call.request.query, {"q", "limit"});
  const std::string typed = parameters.get_text("q", kMostAddressCharacters);
  const geo::Gazetteer& names = *call.city.names;
  ordered_json list = ordered_json::array();
  for (const geo::Suggestion& suggestion : names.suggest(typed, limit_of(parameters))) {
    ordered_json highlights = ordered_json::array();
    for (const geo::Span span : suggestion.highlights) {
      highlights.push_back(
          {characters_before(suggestion.text, span.begin), characters_before(suggestion.text, span.end)});
    }
    list.push_back({{"text", suggestion.text},
                    {"highlights", std::move(highlights)},
                    {"level", geo::to_word(suggestion.level)},
                    {"entry", entry_json(names, suggestion.entry)},
                    {"point", answers::point_json(suggestion.position)}});
  }
  return json_response(answers::dump({{"suggestions", std::move(list)}}), "no-store");
}

http::Response get_addresses(const Call& call) {
  const Parameters parameters(call.request.query, {"q", "limit"});
  const std::string typed = parameters.get_text("q", kMostAddressCharacters);
  const geo::Found found = call.city.names->find(typed, {.limit = limit_of(parameters)});
  return json_response(answers::dump(answers::to_json(found, *call.city.names)), "no-store");
}

http::Response get_nearest_address(const Call& call) {
  const Parameters parameters(call.request.query, {"lon", "lat", "radius_m"});
  const geo::Degrees at{parameters.get_number("lon", -180, 180), parameters.get_number("lat", -90, 90)};
  const double radius_m = parameters.find_number("radius_m", 0, kMostRadiusM).value_or(kRadiusM);
  const geo::Point place = *geo::find_point(at);
  ordered_json address = nullptr;
  if (const auto nearest = call.city.names->nearest(place, radius_m)) {
    const geo::Entry entry = call.city.names->entry(*nearest);
    address = {{"entry", entry.id},
               {"text", entry.text},
               {"point", answers::point_json(entry.position)},
               {"error_m", entry.error_m},
               {"distance_m", entry.position ? geo::flat_distance_m(place, *entry.position) : 0}};
  }
  return json_response(answers::dump({{"address", std::move(address)}}), "no-store");
}

}  // namespace catchment::api
