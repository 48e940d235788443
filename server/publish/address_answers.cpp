#include "server/publish/address_answers.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <unordered_map>

namespace catchment::publish {
namespace {

using answers::ordered_json;

// What an address does not have to itself.
std::string shared_answer(const engine::FinderAnswer& answer, const answers::Labels& labels) {
  ordered_json json = answers::to_json(answer, labels);
  json.erase("point");
  json.erase("error_m");
  const auto without_margin = [](ordered_json& evidence) {
    for (ordered_json& one : evidence) one["margin_m"] = nullptr;
  };
  for (ordered_json& school : json["schools"]) without_margin(school["evidence"]);
  without_margin(json["against"]);
  return answers::dump(json);
}

struct SchoolsOf {
  std::vector<std::string> ids;
  bool sure = true;
};

SchoolsOf schools_of(const engine::FinderAnswer& answer) {
  SchoolsOf out;
  for (const engine::SchoolAnswer& school : answer.schools) out.ids.push_back(school.school_id);
  out.sure = answer.status == engine::FinderStatus::definite || answer.status == engine::FinderStatus::no_zone;
  return out;
}

// One address in one layer, before answers are numbered.
struct OneAnswer {
  std::string text;
  engine::FinderStatus status = engine::FinderStatus::no_zone;
  bool moved = false;
  SchoolsOf before, after;
};

OneAnswer answer_one(const BundleLayer& layer, const geo::Found& found, const engine::ChildQuery& query,
                     const answers::Labels& labels) {
  OneAnswer out;
  const engine::FinderAnswer answer = layer.finder->find(found, query);
  out.text = shared_answer(answer, labels);
  out.status = answer.status;
  if (layer.finder_before != nullptr) {
    out.after = schools_of(answer);
    out.before = schools_of(layer.finder_before->find(found, query));
    out.moved = out.before.ids != out.after.ids;
  }
  return out;
}

constexpr std::size_t kAddressChunk = 8192;  // numbered in the order of addresses, whatever thread was first

}  // namespace

AddressAnswers answer_addresses(const BundleCity& city, unsigned threads, const Report& report) {
  const std::size_t layers = city.layers.size(), count = city.names->entry_count();
  AddressAnswers out;
  out.of.resize(count * layers);
  out.moves.resize(layers);
  out.by_status.assign(layers, std::vector<std::size_t>(5));
  std::unordered_map<std::string, std::uint32_t> numbers;
  using MoveKey = std::tuple<std::vector<std::string>, std::vector<std::string>, bool>;
  std::vector<std::map<MoveKey, std::vector<geo::EntryId>>> moves(layers);
  std::vector<OneAnswer> chunk;
  for (std::size_t first = 0; first < count; first += kAddressChunk) {
    tell(report, "addresses", static_cast<double>(first) / static_cast<double>(count));
    const std::size_t size = std::min(kAddressChunk, count - first);
    chunk.assign(size * layers, {});
    in_shares(size, threads, [&](std::size_t from, std::size_t to) {
      for (std::size_t i = from; i < to; ++i) {
        const std::string text(city.names->entry(static_cast<geo::EntryId>(first + i)).text);
        const geo::Found found = city.names->find(text, {.limit = engine::SchoolFinder::kCandidates});
        engine::ChildQuery query;
        query.address = text;
        for (std::size_t k = 0; k < layers; ++k) {
          chunk[i * layers + k] = answer_one(city.layers[k], found, query, city.labels);
        }
      }
    });
    for (std::size_t i = 0; i < chunk.size(); ++i) {
      OneAnswer& one = chunk[i];
      const std::size_t k = i % layers;
      const auto [at, fresh] = numbers.emplace(one.text, static_cast<std::uint32_t>(out.answers.size()));
      if (fresh) out.answers.push_back(std::move(one.text));
      out.of[first * layers + i] = at->second;
      ++out.by_status[k][static_cast<std::size_t>(one.status)];
      if (!one.moved) continue;
      const bool sure = one.before.sure && one.after.sure;
      moves[k][{std::move(one.before.ids), std::move(one.after.ids), sure}].push_back(
          static_cast<geo::EntryId>(first + i / layers));
    }
  }
  for (std::size_t k = 0; k < layers; ++k) {
    for (auto& [key, addresses] : moves[k]) {
      out.moves[k].push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), std::move(addresses)});
    }
    std::ranges::stable_sort(out.moves[k], std::ranges::greater(),
                             [](const AddressMove& m) { return m.addresses.size(); });
  }
  return out;
}

}  // namespace catchment::publish
