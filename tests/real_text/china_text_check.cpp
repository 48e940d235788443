// Reads published notices of Chinese cities as words alone and says how much of them was read.
// china_text_check DIRECTORY: the folder with zone_texts_sample.jsonl and feeder_lingbao_2024.jsonl.
// Exit code: 0 if every word was read, 1 otherwise, 77 if the files are not there.
#include <array>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "engine/zone_text/parse.hpp"

namespace catchment {
namespace {

using namespace engine::zone_text;

struct Tally {
  std::size_t texts = 0, whole = 0;  // whole: no word unread
  std::size_t characters = 0, unread = 0;
  std::array<std::size_t, std::variant_size_v<decltype(Clause::what)>> clauses{};
};

// Characters that are not punctuation or blank, roughly: what a clause must cover.
std::size_t count_characters(std::string_view text) {
  std::size_t n = 0;
  for (const char c : text) n += (static_cast<unsigned char>(c) & 0xc0u) != 0x80u;
  return n;
}

void read_file(const std::filesystem::path& file, const char* who, Tally& tally) {
  std::ifstream in(file);
  std::string line;
  while (std::getline(in, line)) {
    if (line.empty()) continue;
    const auto row = nlohmann::json::parse(line);
    const ZoneText zone = parse_zone_text(row.at("scope").get<std::string>());
    ++tally.texts;
    tally.characters += count_characters(zone.text);
    bool whole = true;
    for (const Clause& clause : zone.clauses) {
      ++tally.clauses[clause.what.index()];
      if (!std::holds_alternative<Unread>(clause.what)) continue;
      whole = false;
      const std::string quote = zone.text.substr(clause.span.begin, clause.span.end - clause.span.begin);
      tally.unread += count_characters(quote);
      std::cout << "  unread in " << row.at(who).get<std::string>() << ": " << quote << "\n";
    }
    tally.whole += whole;
    if (std::getenv("CATCHMENT_TREES") != nullptr) std::cout << to_text(zone) << "\n";
  }
}

void print(const char* title, const Tally& tally) {
  constexpr std::array<const char*, 8> kKinds{"region",         "addresses",  "feeder", "household group",
                                              "zone reference", "allocation", "note",   "unread"};
  std::cout << title << ": " << tally.whole << " of " << tally.texts << " texts read whole, " << tally.unread << " of "
            << tally.characters << " characters unread; clauses:";
  for (std::size_t i = 0; i < kKinds.size(); ++i) {
    if (tally.clauses[i] != 0) std::cout << " " << kKinds.at(i) << " " << tally.clauses[i];
  }
  std::cout << "\n";
}

}  // namespace
}  // namespace catchment

int main(int argc, char** argv) {
  using namespace catchment;
  const std::filesystem::path folder = argc > 1 ? argv[1] : "";
  const auto zones = folder / "zone_texts_sample.jsonl";
  const auto feeders = folder / "feeder_lingbao_2024.jsonl";
  if (!std::filesystem::exists(zones) || !std::filesystem::exists(feeders)) {
    std::cout << "absent " << folder << "\n";
    return 77;
  }
  Tally of_zones, of_feeders;
  read_file(zones, "school", of_zones);
  read_file(feeders, "junior", of_feeders);
  print("zone texts", of_zones);
  print("feeder texts", of_feeders);
  return of_zones.unread + of_feeders.unread == 0 ? 0 : 1;
}
