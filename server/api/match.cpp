// The schools of a child: by address text, by an address chosen from a list, or by a place. Nothing of it is kept or
// logged.
#include <algorithm>

#include "geo/input_error.hpp"
#include "server/api/city_texts.hpp"
#include "server/api/query.hpp"
#include "server/api/resources.hpp"

namespace catchment::api {
namespace {

using answers::ordered_json;
using datasets::LayerFinder;

constexpr double kMostErrorM = 1000;

// What is asked about; exactly one way to say where, or only the primary school.
struct Question {
  engine::ChildQuery child;
  std::string address;
  std::optional<geo::EntryId> entry;
};

void read_place(const Parameters& parameters, const geo::Gazetteer& names, Question& question) {
  const auto address = parameters.find_text("address", kMostAddressCharacters);
  const std::string* entry = parameters.find("entry");
  const bool place = parameters.find("lon") != nullptr || parameters.find("lat") != nullptr;
  const int ways = (address ? 1 : 0) + (entry != nullptr ? 1 : 0) + (place ? 1 : 0);
  if (ways > 1) throw InputError("parameter_invalid", "address", "give an address, an entry or a place, not several");
  if (ways == 0 && question.child.primary_school_id.empty()) {
    throw InputError("parameter_missing", "address", "is needed, or an entry, or lon and lat");
  }
  if (address) question.address = *address;
  if (entry != nullptr) {
    question.entry = names.find_id(*entry);
    if (!question.entry) throw InputError("entry_unknown", "entry", "no address of the city has this id");
  }
  if (place) {
    question.child.position =
        geo::find_point({parameters.get_number("lon", -180, 180), parameters.get_number("lat", -90, 90)});
    question.child.error_m = parameters.find_number("error_m", 0, kMostErrorM).value_or(0);
  }
}

Question read_question(const Parameters& parameters, const CityService& city) {
  Question question;
  if (const std::string* school = parameters.find("primary_school")) {
    if (!city.labels.schools.contains(*school)) {
      throw InputError("school_unknown", "primary_school", "no school of the city has this id");
    }
    question.child.primary_school_id = *school;
  }
  if (const std::string* facts = parameters.find("household")) {
    question.child.household = engine::parse_household_facts(*facts, "household");
  }
  read_place(parameters, *city.names, question);
  return question;
}

ordered_json layer_json(const LayerFinder& layer, const engine::FinderAnswer& answer, const CityService& city) {
  ordered_json out = ordered_json::parse("{" + key_json(layer.key) + "}");
  out.update(answers::to_json(answer, city.labels));
  for (ordered_json& school : out["schools"]) {
    const auto campuses = city.campuses.find(school["id"].get<std::string>());
    school["campuses"] = campuses == city.campuses.end() ? ordered_json::array() : campuses->second;
  }
  ordered_json& questions = out["questions"] = ordered_json::array();
  for (const auto& question : layer.finder.questions()) {
    questions.push_back({{"kind", engine::household_word(question.kind)}, {"who", question.who}});
  }
  out["asks_for_primary_school"] = layer.finder.asks_for_primary_school();
  return out;
}

std::vector<const LayerFinder*> finders_of(const Parameters& parameters, const CityService& city) {
  std::vector<const LayerFinder*> chosen;
  const std::string* name = parameters.find("layer");
  const auto key = name == nullptr ? std::nullopt : engine::find_layer_key(*name);
  for (const LayerFinder& finder : city.finders) {
    if (name == nullptr || (key && finder.key == *key)) chosen.push_back(&finder);
  }
  if (name != nullptr && chosen.empty()) {
    throw InputError("layer_unknown", "layer", "there is no such layer; /v1/layers lists those with zones");
  }
  return chosen;
}

}  // namespace

http::Response get_match(const Call& call) {
  const Parameters parameters(call.request.query,
                              {"address", "entry", "lon", "lat", "error_m", "layer", "household", "primary_school"});
  const Question question = read_question(parameters, call.city);
  std::optional<geo::Found> found;
  if (!question.address.empty()) {
    found = call.city.names->find(question.address, {.limit = engine::SchoolFinder::kCandidates});
  }
  ordered_json body{{"address", nullptr}, {"layers", ordered_json::array()}};
  if (found) body["address"] = answers::to_json(*found, *call.city.names);
  for (const LayerFinder* layer : finders_of(parameters, call.city)) {
    const engine::FinderAnswer answer = found            ? layer->finder.find(*found, question.child)
                                        : question.entry ? layer->finder.find_entry(*question.entry, question.child)
                                                         : layer->finder.find(question.child);
    body["layers"].push_back(layer_json(*layer, answer, call.city));
  }
  return json_response(answers::dump(body), "no-store");
}

}  // namespace catchment::api
