// What `definite` is worth: addresses of a made-up city, written and mistyped in the ways families do, must lead to
// themselves or to a choice, and changed digits never to an address with other digits. Serves ZZ5. A few thousand
// texts; CATCHMENT_NOISY_ADDRESSES=100000 asks for more.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "../../datasets/synth/made_city.hpp"
#include "datasets/city_names.hpp"
#include "noise.hpp"

namespace catchment::geo {
namespace {

struct Tally {
  int texts = 0;
  int definite = 0;
  int wrong = 0;
  std::array<int, 5> statuses{};
};

std::size_t wanted() {
  const char* text = std::getenv("CATCHMENT_NOISY_ADDRESSES");
  return text == nullptr ? 6000 : static_cast<std::size_t>(std::strtoull(text, nullptr, 10));
}

bool is_subsequence(const std::vector<std::string>& part, const std::vector<std::string>& all) {
  auto at = all.begin();
  for (const std::string& run : part) {
    at = std::find(at, all.end(), run);
    if (at == all.end()) return false;
    ++at;
  }
  return true;
}

bool holds(const EntryPath& wide, const EntryPath& fine) {
  const auto same = [](const auto& a, const auto& b, const auto& none) { return a == none || a == b; };
  return same(wide.street, fine.street, kNoName) && same(wide.estate, fine.estate, kNoName) &&
         same(wide.district, fine.district, kNoName) && same(wide.lane, fine.lane, DoorNumber{}) &&
         same(wide.sublane, fine.sublane, DoorNumber{}) && same(wide.door, fine.door, DoorNumber{}) &&
         same(wide.building, fine.building, DoorNumber{}) && same(wide.stair, fine.stair, 0) &&
         same(wide.room, fine.room, 0) && same(wide.group, fine.group, 0);
}

// A definite answer is right when it is the address, or a wider thing whose place holds it.
bool right(const Gazetteer& names, const Candidate& answer, EntryId truth) {
  if (answer.entry != kNoEntry && answer.entry == truth) return true;
  const Entry entry = names.entry(truth);
  if (!holds(answer.path, entry.path)) return false;
  return !answer.position || !entry.position ||
         flat_distance_m(*answer.position, *entry.position) <= answer.error_m + 1;
}

using DoorAliases = std::multimap<std::string, std::string>;  // a door's other number, the door

// No digit of the answer may differ from what was typed, unless what was typed is that door's other number.
bool keeps_digits(const Candidate& answer, std::string_view typed, const DoorAliases& aliases) {
  if (is_subsequence(digit_runs(answer.text), digit_runs(typed))) return true;
  return std::ranges::any_of(aliases, [&](const auto& alias) {
    return typed.find(alias.first) != typed.npos && answer.text.find(alias.second) != std::string::npos;
  });
}

TEST(NoisyAddresses, DefiniteIsTheAddressAndDigitsAreNeverGuessed) {
  datasets::synth::SynthOptions options;
  options.seed = 11;
  options.schools = wanted() > 50'000 ? 120 : 30;
  options.addresses = wanted() > 50'000 ? 200'000 : 30'000;
  options.years = 1;
  const datasets::synth::MadeCity made(options);
  const Gazetteer names = datasets::build_names(made.open());
  std::multimap<std::string, std::string, std::less<>> others;
  DoorAliases door_aliases;
  for (const engine::Alias& alias : made.open().aliases()) {
    if (alias.kind == "door") door_aliases.emplace(alias.alias, alias.name);
    if (alias.kind == "street" || alias.kind == "estate") others.emplace(alias.name, alias.alias);
  }
  NoiseMaker noise(names, std::move(others), 5);
  datasets::synth::Random random(5, 78);
  std::array<Tally, static_cast<std::size_t>(Noise::kCount)> tallies;
  std::size_t asked = 0;
  int shown = 0;
  for (std::size_t i = 0; asked < wanted() && i < wanted() * 40; ++i) {
    const auto kind = static_cast<Noise>(i % static_cast<std::size_t>(Noise::kCount));
    const auto truth = static_cast<EntryId>(random.below(names.entry_count()));
    const auto text = noise.make(truth, kind);
    if (!text) continue;
    ++asked;
    Tally& tally = tallies[static_cast<std::size_t>(kind)];
    ++tally.texts;
    const Found found = names.find(*text);
    ++tally.statuses[static_cast<std::size_t>(found.status)];
    if (found.status != FindStatus::definite) {
      if (std::getenv("CATCHMENT_NOISY_SHOW") != nullptr && tally.texts % 40 == 1) {
        std::printf("  %s %s: %s [%s]\n", to_word(kind).data(), to_word(found.status).data(), text->c_str(),
                    std::string(names.entry(truth).text).c_str());
        for (const Candidate& c : found.candidates) {
          std::printf("      %s", c.text.c_str());
          for (const Reason& r : c.reasons) std::printf(" %s(%s)", to_word(r.evidence).data(), r.with.c_str());
          std::printf("\n");
        }
      }
      continue;
    }
    ++tally.definite;
    const Candidate& answer = found.candidates.at(0);
    const bool good = changes_digits(kind) ? keeps_digits(answer, *text, door_aliases) : right(names, answer, truth);
    if (good) continue;
    ++tally.wrong;
    if (++shown <= 20) {
      std::printf("wrong %s: %s is %s, not %s\n", to_word(kind).data(), text->c_str(), answer.text.c_str(),
                  std::string(names.entry(truth).text).c_str());
    }
  }
  Tally all;
  std::printf("%-20s %8s %9s %6s   choose interpolated street_only unknown\n", "noise", "texts", "definite", "wrong");
  for (std::size_t k = 0; k < tallies.size(); ++k) {
    const Tally& t = tallies[k];
    std::printf("%-20s %8d %8.2f%% %6d   %6d %12d %11d %7d\n", to_word(static_cast<Noise>(k)).data(), t.texts,
                100.0 * t.definite / std::max(1, t.texts), t.wrong, t.statuses[1], t.statuses[2], t.statuses[3],
                t.statuses[4]);
    if (changes_digits(static_cast<Noise>(k))) {
      EXPECT_EQ(t.wrong, 0) << "an answer with other digits: " << to_word(static_cast<Noise>(k));
      continue;
    }
    if (static_cast<Noise>(k) == Noise::number_broken) {
      EXPECT_EQ(t.wrong, 0) << "a number broken by a blank";
    }
    all.texts += t.texts;
    all.definite += t.definite;
    all.wrong += t.wrong;
  }
  const double precision = 1 - static_cast<double>(all.wrong) / std::max(1, all.definite);
  std::printf("precision of definite %.4f%%, coverage %.2f%% of %d texts\n", 100 * precision,
              100.0 * all.definite / std::max(1, all.texts), all.texts);
  EXPECT_GE(precision, 0.999);
  EXPECT_EQ(tallies[0].definite, tallies[0].texts) << "an address as the city writes it";
}

}  // namespace
}  // namespace catchment::geo
