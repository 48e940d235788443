#include "datasets/synth/other_names.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "datasets/synth/names.hpp"
#include "datasets/synth/random.hpp"

namespace catchment::datasets::synth {
namespace {

constexpr std::uint64_t kStreetStream = 901;
constexpr std::uint64_t kOtherEstateStream = 902;
constexpr std::uint64_t kOtherDoorStream = 903;
constexpr int kRenamedPermille = 33;
constexpr int kPromotedPermille = 200;
constexpr int kTemporaryPermille = 50;
constexpr int kLegalPermille = 50;
constexpr std::size_t kRenumberedStreets = 2;
constexpr std::size_t kMaxOldDoors = 60;  // of one street

constexpr std::array kPromoted{"国际公馆", "御景台", "天玺", "悦府"};
constexpr std::string_view kSynthetic = "（合成）";

class Maker {
 public:
  explicit Maker(const OtherNamesInput& input) : in_(input) {}

  std::vector<engine::Alias> make() {
    rename_streets();
    rename_estates();
    shorten_divisions();
    shorten_schools();
    return std::move(aliases_);
  }

 private:
  void add(const char* kind, const std::string& name, const std::string& alias, const char* relation) {
    aliases_.push_back({kind, name, alias, relation});
  }

  void rename_streets() {
    std::set<std::string> taken;
    std::set<std::string> shared;
    for (const Street& street : *in_.streets) {
      if (!taken.insert(street.name).second) shared.insert(street.name);
    }
    Random random(in_.seed, kStreetStream);
    Stems stems(in_.seed, kStreetStream);
    for (const Street& street : *in_.streets) {
      if (!random.chance_permille(kRenamedPermille) || shared.contains(street.name)) continue;
      std::string former = stems.next() + "路";
      while (!taken.insert(former).second) former = stems.next() + "路";
      add("street", street.name, former, "former");
    }
  }

  void rename_estates() {
    Random random(in_.seed, kOtherEstateStream);
    Stems stems(in_.seed, kOtherEstateStream);
    for (const Estate& estate : *in_.estates) {
      if (estate.name.empty()) continue;
      if (random.chance_permille(kPromotedPermille)) {
        add("estate", estate.name, stems.next() + kPromoted.at(random.below(kPromoted.size())), "promoted");
      }
      if (random.chance_permille(kTemporaryPermille)) add("estate", estate.name, stems.next() + "安置房", "temporary");
      if (random.chance_permille(kLegalPermille)) add("estate", estate.name, stems.next() + "住宅区", "legal");
    }
  }

  static std::string with_other_end(const std::string& name, std::string_view end, std::string_view other) {
    return name.substr(0, name.size() - end.size()).append(other);
  }

  void shorten_divisions() {
    for (const Division& town : in_.divisions->towns) {
      add("town", town.name, with_other_end(town.name, "街道", "街办"), "short");
    }
    for (std::size_t i = 0; i < in_.divisions->communities.size(); ++i) {
      if (in_.divisions->is_village[i] != 0) continue;
      const std::string& name = in_.divisions->communities[i].name;
      add("community", name, with_other_end(name, "社区", "居委"), "short");
    }
  }

  // 示例第3小学（合成） is 示例3小, 示例民办第2中学（合成） 示例民办2中.
  void shorten_schools() {
    for (const PlannedSchool& school : in_.plan->schools) {
      std::string name = school.row.name;
      if (!name.ends_with(kSynthetic)) continue;
      name.resize(name.size() - kSynthetic.size());
      add("institution", school.row.name, name, "short");
      const std::size_t ordinal = name.find("第");
      const std::size_t word = name.find_first_not_of("0123456789", ordinal + std::string_view("第").size());
      const bool nine_year = std::string_view(name).substr(word).starts_with("九");
      std::string brief = name.substr(0, ordinal) + name.substr(ordinal + std::string_view("第").size(),
                                                                word - ordinal - std::string_view("第").size());
      brief.append(nine_year ? "九年制" : std::string_view(name).substr(word, std::string_view("小").size()));
      add("institution", school.row.name, brief, "short");
    }
  }

  const OtherNamesInput& in_;
  std::vector<engine::Alias> aliases_;
};

// 14 for "14号"; 0 for any other kind of door.
int plain_number(const std::string& door) {
  int number = 0;
  const auto [end, error] = std::from_chars(door.data(), door.data() + door.size(), number);
  return error == std::errc{} && std::string_view(end, door.data() + door.size()) == "号" ? number : 0;
}

}  // namespace

std::vector<engine::Alias> make_other_names(const OtherNamesInput& input) { return Maker(input).make(); }

OldDoors::OldDoors(const std::vector<Street>& streets, std::uint64_t seed) {
  std::vector<const Street*> fit;
  std::set<std::string> seen;
  std::set<std::string> shared;
  for (const Street& street : streets) {
    if (!seen.insert(street.name).second) shared.insert(street.name);
  }
  for (const Street& street : streets) {
    if (street.kind == "secondary" && !shared.contains(street.name)) fit.push_back(&street);
  }
  Random random(seed, kOtherDoorStream);
  while (!fit.empty() && streets_.size() < kRenumberedStreets) {
    const auto chosen = fit.begin() + static_cast<std::ptrdiff_t>(random.below(fit.size()));
    streets_.push_back({(*chosen)->name, 0, {}});
    fit.erase(chosen);
  }
}

void OldDoors::see(const engine::Address& row) {
  for (Renumbered& street : streets_) {
    if (row.street != street.street) continue;
    int number = 0;
    std::from_chars(row.door.data(), row.door.data() + row.door.size(), number);
    street.highest = std::max(street.highest, number);
    const int plain = row.estate.empty() ? plain_number(row.door) : 0;
    if (plain > 0 && street.numbers.size() < kMaxOldDoors) street.numbers.push_back(plain);
  }
}

std::vector<engine::Alias> OldDoors::aliases() const {
  std::vector<engine::Alias> aliases;
  for (const Renumbered& street : streets_) {
    const int shift = (street.highest / 100 + 1) * 100;
    std::set<int> numbers(street.numbers.begin(), street.numbers.end());
    for (const int number : numbers) {
      aliases.push_back({"door", street.street + std::to_string(number) + "号",
                         street.street + std::to_string(number + shift) + "号", "former"});
    }
  }
  return aliases;
}

}  // namespace catchment::datasets::synth
