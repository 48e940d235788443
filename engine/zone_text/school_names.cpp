#include "engine/zone_text/school_names.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "geo/address/normal_text.hpp"

namespace catchment::engine::zone_text {
namespace {

// "新兴国小" -> "新兴": what is left of a school's name without the words for school.
std::string stem_of(std::string_view name) {
  static const std::vector<std::string> kEndings{"国民中小学", "国民小学", "国民中学", "高级中学", "外国语学校",
                                                 "实验学校",   "中心小学", "小学",     "中学",     "国小",
                                                 "国中",       "高中",     "初中",     "学校"};
  std::string text = geo::name_key(name);
  for (const std::string& ending : kEndings) {
    if (text.size() > ending.size() && text.ends_with(ending)) {
      text.resize(text.size() - ending.size());
      break;
    }
  }
  return text;
}

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

// Whether `longer` is `shorter` behind the name of a place: 城东区青禾小学 and 青禾小学.
bool is_behind_a_place(std::string_view longer, std::string_view shorter) {
  if (shorter.empty() || longer.size() <= shorter.size() || !longer.ends_with(shorter)) return false;
  const std::string_view before = longer.substr(0, longer.size() - shorter.size());
  constexpr std::array<std::string_view, 7> kPlaces{"省", "市", "区", "县", "镇", "乡", "街道"};
  return std::ranges::any_of(kPlaces, [&](std::string_view place) { return before.ends_with(place); });
}

}  // namespace

SchoolNames::Level SchoolNames::level_of(std::string_view name) {
  const std::string text = geo::name_key(name);
  const auto has = [&](std::string_view word) { return text.find(word) != std::string::npos; };
  if (has("小学") || has("国小")) return Level::primary;
  if (has("中学") || has("国中") || has("高中") || has("初中")) return Level::secondary;
  return Level::unknown;
}

SchoolNames::SchoolNames(std::span<const LintRow> rows) {
  for (std::size_t r = 0; r < rows.size(); ++r) {
    if (rows[r].school_name.empty()) {
      unnamed_.push_back(r);
      continue;
    }
    School& school = schools_[rows[r].school_id];
    school.full = full_of(rows[r].school_name);
    school.stem = stem_of(rows[r].school_name);
    school.level = level_of(rows[r].school_name);
    school.rows.push_back(r);
  }
}

std::vector<std::size_t> SchoolNames::may_mean(std::string_view name) const {
  const std::string wanted = stem_of(name);
  const Level level = level_of(name);
  std::vector<std::size_t> best = unnamed_;
  std::size_t length = static_cast<std::size_t>(-1);
  for (const auto& [id, school] : schools_) {
    if (wanted.empty() || school.stem.find(wanted) == std::string::npos) continue;
    if (level != Level::unknown && school.level != Level::unknown && level != school.level) continue;
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
  std::vector<const School*> behind_a_place;
  for (const auto& [id, school] : schools_) {
    if (school.full == wanted) exact.push_back(&school);
    if (is_behind_a_place(school.full, wanted) || is_behind_a_place(wanted, school.full)) {
      behind_a_place.push_back(&school);
    }
  }
  const std::vector<const School*>& found = exact.empty() ? behind_a_place : exact;
  return found.size() == 1 ? found.front()->rows : std::vector<std::size_t>{};
}

}  // namespace catchment::engine::zone_text
