#include "engine/zone_text/school_names.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/zone_text/reading/school_name.hpp"
#include "geo/address/normal_text.hpp"

namespace catchment::engine::zone_text {
namespace {

// One school's name in its shortest official form; never one of another kind of school.
std::string full_of(std::string_view name) {
  static const std::array<std::pair<std::string, std::string>, 4> kShort{{{geo::name_key("国民小学"), "国小"},
                                                                          {geo::name_key("国民中学"), "国中"},
                                                                          {geo::name_key("初级中学"), "初中"},
                                                                          {geo::name_key("高级中学"), "高中"}}};
  std::string text = geo::name_key(name);
  for (const auto& [ending, word] : kShort) {
    if (!text.ends_with(ending)) continue;
    text.resize(text.size() - ending.size());
    return text + geo::name_key(word);
  }
  return text;
}

// The name without what stands in brackets at its end: 青禾小学（东校区）.
std::string_view without_brackets(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kBrackets{{{"（", "）"}, {"(", ")"}}};
  for (const auto& [open, close] : kBrackets) {
    const std::size_t at = name.find(open);
    if (name.ends_with(close) && at != std::string_view::npos && at > 0) return name.substr(0, at);
  }
  return name;
}

// Whether `longer` is `shorter` behind the name of a place: 城东区青禾小学 and 青禾小学.
bool is_behind_a_place(std::string_view longer, std::string_view shorter) {
  if (shorter.empty() || longer.size() <= shorter.size() || !longer.ends_with(shorter)) return false;
  const std::string_view before = longer.substr(0, longer.size() - shorter.size());
  constexpr std::array<std::string_view, 7> kPlaces{"省", "市", "区", "县", "镇", "乡", "街道"};
  return std::ranges::any_of(kPlaces, [&](std::string_view place) { return before.ends_with(place); });
}

}  // namespace

SchoolNames::SchoolNames(std::span<const LintRow> rows) {
  for (std::size_t r = 0; r < rows.size(); ++r) {
    if (rows[r].school_name.empty()) {
      unnamed_.push_back(r);
      continue;
    }
    School& school = schools_[rows[r].school_id];
    school.full = full_of(rows[r].school_name);
    school.bare = full_of(without_brackets(rows[r].school_name));
    school.stem = school_stem(rows[r].school_name);
    school.level = school_level(rows[r].school_name);
    school.rows.push_back(r);
  }
}

std::vector<std::size_t> SchoolNames::may_mean(std::string_view name) const {
  const std::string wanted = school_stem(name);
  const SchoolLevel level = school_level(name);
  std::vector<std::size_t> best = unnamed_;
  std::size_t length = static_cast<std::size_t>(-1);
  for (const auto& [id, school] : schools_) {
    if (wanted.empty() || school.stem.find(wanted) == std::string::npos) continue;
    if (level != SchoolLevel::unknown && school.level != SchoolLevel::unknown && level != school.level) continue;
    if (school.stem.size() > length) continue;
    if (school.stem.size() < length) best = unnamed_;
    length = school.stem.size();
    best.insert(best.end(), school.rows.begin(), school.rows.end());
  }
  std::ranges::sort(best);
  return best;
}

std::vector<std::size_t> SchoolNames::find(std::string_view name) const {
  const std::string wanted = full_of(name);
  std::vector<const School*> exact;
  std::vector<const School*> bare;
  std::vector<const School*> behind_a_place;
  for (const auto& [id, school] : schools_) {
    if (school.full == wanted) exact.push_back(&school);
    if (school.bare == wanted) bare.push_back(&school);
    if (is_behind_a_place(school.full, wanted) || is_behind_a_place(wanted, school.full)) {
      behind_a_place.push_back(&school);
    }
  }
  const std::vector<const School*>& found = !exact.empty() ? exact : !bare.empty() ? bare : behind_a_place;
  return found.size() == 1 ? found.front()->rows : std::vector<std::size_t>{};
}

}  // namespace catchment::engine::zone_text
