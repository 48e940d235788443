#include "engine/zone_text/reading/school_name.hpp"

#include <algorithm>
#include <array>

#include "geo/address/normal_text.hpp"

namespace catchment::engine::zone_text {

namespace {

// Whether the characters of `few` occur in `many` in their order.
bool keeps_order(std::string_view few, std::string_view many) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < few.size();) {
    std::size_t length = 1;
    while (i + length < few.size() && (static_cast<unsigned char>(few[i + length]) & 0xc0u) == 0x80u) ++length;
    at = many.find(few.substr(i, length), at);
    if (at == std::string_view::npos) return false;
    at += length;
    i += length;
  }
  return true;
}

}  // namespace

std::string school_stem(std::string_view name) {
  static constexpr std::array<std::string_view, 14> kEndings{
      "国民中小学", "国民小学", "国民中学", "高级中学", "外国语学校", "实验学校", "中心小学",
      "小学",       "中学",     "国小",     "国中",     "高中",       "初中",     "学校"};
  std::string text = geo::name_key(name);
  std::erase_if(text, [](char c) { return c == '(' || c == ')'; });
  for (const std::string_view ending : kEndings) {
    if (text.size() > ending.size() && text.ends_with(ending)) {
      text.resize(text.size() - ending.size());
      break;
    }
  }
  return text;
}

SchoolLevel school_level(std::string_view name) {
  const std::string text = geo::name_key(name);
  const auto has = [&](std::string_view word) { return text.find(word) != std::string::npos; };
  if (has("小学") || has("国小")) return SchoolLevel::primary;
  if (has("中学") || has("国中") || has("高中") || has("初中")) return SchoolLevel::secondary;
  return SchoolLevel::unknown;
}

SameSchool same_school(std::string_view said, std::string_view full_name) {
  const std::string own = school_stem(full_name);
  const std::string stem = school_stem(said);
  if (own.empty() || stem.empty()) return SameSchool::maybe;
  const SchoolLevel a = school_level(said), b = school_level(full_name);
  if (a != SchoolLevel::unknown && b != SchoolLevel::unknown && a != b) return SameSchool::no;
  if (own.ends_with(stem)) {
    const std::string_view before = std::string_view(own).substr(0, own.size() - stem.size());
    static constexpr std::array<std::string_view, 6> kBefore{"立", "区", "市", "县", "镇", "乡"};
    const bool whole = before.empty() || std::any_of(kBefore.begin(), kBefore.end(),
                                                     [&](std::string_view end) { return before.ends_with(end); });
    return whole ? SameSchool::yes : SameSchool::maybe;
  }
  return keeps_order(stem, geo::name_key(full_name)) ? SameSchool::maybe : SameSchool::no;
}

}  // namespace catchment::engine::zone_text
