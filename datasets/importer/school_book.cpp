#include "datasets/importer/school_book.hpp"

#include <algorithm>
#include <array>

#include "datasets/text.hpp"
#include "geo/address/normal_text.hpp"
#include "geo/address/similar.hpp"

namespace catchment::datasets {
namespace {

constexpr std::array<std::string_view, 7> kCampusEnds{"校区", "分校", "本部", "校部", "学部", "校址", "校园"};
constexpr std::size_t kLongestName = 180;  // bytes
constexpr double kLookAlikeCost = 0.34;

bool is_campus(std::string_view words) {
  return std::ranges::any_of(kCampusEnds, [&](std::string_view end) { return words.ends_with(end); });
}

bool starts_character(char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }

}  // namespace

std::u32string characters_of(std::string_view utf8) {
  std::u32string out;
  for (std::size_t i = 0; i < utf8.size();) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t c = length == 1 ? lead : lead & (0x7Fu >> length);
    for (std::size_t k = 1; k < length && i + k < utf8.size(); ++k) {
      c = (c << 6) | (static_cast<unsigned char>(utf8[i + k]) & 0x3Fu);
    }
    out += c;
    i += length;
  }
  return out;
}

double look_alike_distance(std::u32string_view a, std::u32string_view b) {
  std::vector<double> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<double>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    double diagonal = row[0];
    row[0] = static_cast<double>(i);
    const std::u32string_view alike = geo::look_alikes(a[i - 1]);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const double swap = a[i - 1] == b[j - 1]                                ? 0
                          : alike.find(b[j - 1]) != std::u32string_view::npos ? kLookAlikeCost
                                                                              : 1;
      const double best = std::min({diagonal + swap, row[j] + 1, row[j - 1] + 1});
      diagonal = row[j];
      row[j] = best;
    }
  }
  return row[b.size()];
}

SchoolBook::SchoolBook(const CityPackage& package) : schools_(package.schools()), campuses_(package.campuses()) {
  std::map<std::string, std::vector<std::size_t>> by_name;
  const auto add = [&](const std::string& name, std::size_t school, bool other) {
    const std::string key = geo::name_key(name);
    if (key.empty()) return;
    auto& bearers = by_key_[key];
    const bool known = std::ranges::any_of(bearers, [&](const Bearer& b) { return b.school == school; });
    if (!known) bearers.push_back({school, other});
    keys_.emplace_back(characters_of(key), school);
  };
  for (std::size_t i = 0; i < schools_.size(); ++i) {
    by_name[schools_[i].name].push_back(i);
    add(schools_[i].name, i, false);
  }
  for (const engine::Alias& alias : package.aliases()) {
    if (alias.kind != "institution") continue;
    const auto named = by_name.find(alias.name);
    if (named == by_name.end()) continue;
    for (const std::size_t school : named->second) add(alias.alias, school, true);
  }
}

const engine::School* SchoolBook::find_id(std::string_view id) const {
  const auto found = std::ranges::lower_bound(schools_, id, {}, &engine::School::id);
  return found != schools_.end() && found->id == id ? &*found : nullptr;
}

std::optional<SchoolBook::Hit> SchoolBook::find_whole(std::string_view written) const {
  const auto found = by_key_.find(geo::name_key(written));
  if (found == by_key_.end() || found->second.size() != 1) return std::nullopt;
  return Hit{&schools_[found->second.front().school], "", found->second.front().other_name};
}

std::optional<SchoolBook::Hit> SchoolBook::find(std::string_view written) const {
  written = trimmed(written);
  if (written.empty() || written.size() > kLongestName) return std::nullopt;
  if (const engine::School* school = find_id(written)) return Hit{school, "", false};
  if (auto hit = find_whole(written)) return hit;
  // The longest name that leaves a campus behind it.
  for (std::size_t cut = written.size(); --cut > 0;) {
    if (!starts_character(written[cut])) continue;
    std::string_view rest = trimmed(written.substr(cut));
    for (const std::string_view bracket : {"（", "("}) {
      if (rest.starts_with(bracket)) rest.remove_prefix(bracket.size());
    }
    for (const std::string_view bracket : {"）", ")"}) {
      if (rest.ends_with(bracket)) rest.remove_suffix(bracket.size());
    }
    if (!is_campus(rest)) continue;
    if (auto hit = find_whole(written.substr(0, cut))) {
      hit->campus = rest;
      return hit;
    }
  }
  return std::nullopt;
}

std::vector<std::string> SchoolBook::alike(std::string_view written) const {
  const std::string key = geo::name_key(written.substr(0, kLongestName));
  const std::u32string characters = characters_of(key);
  std::map<std::size_t, double> distance;  // of each school, its nearest name
  for (const auto& [name, school] : keys_) {
    const std::size_t longer = std::max(name.size(), characters.size());
    const std::size_t shorter = std::min(name.size(), characters.size());
    const double most = std::max(2.0, static_cast<double>(characters.size()) / 3);
    if (static_cast<double>(longer - shorter) > most) continue;
    const double found = look_alike_distance(characters, name);
    if (found > most) continue;
    const auto [at, added] = distance.emplace(school, found);
    if (!added) at->second = std::min(at->second, found);
  }
  std::vector<std::pair<double, std::size_t>> order;
  for (const auto& [school, away] : distance) order.emplace_back(away, school);
  std::ranges::sort(order);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < std::min<std::size_t>(order.size(), 3); ++i) {
    const engine::School& school = schools_[order[i].second];
    names.push_back(school.name + " (" + school.id + ")");
  }
  return names;
}

std::vector<geo::Point> SchoolBook::places(const std::string& school_id, const std::string& campus) const {
  std::vector<geo::Point> all;
  std::vector<geo::Point> of_campus;
  for (const engine::Campus& c : campuses_) {
    if (c.school_id != school_id) continue;
    all.push_back(c.position);
    if (!campus.empty() && c.name.find(campus) != std::string::npos) of_campus.push_back(c.position);
  }
  return of_campus.empty() ? all : of_campus;
}

}  // namespace catchment::datasets
