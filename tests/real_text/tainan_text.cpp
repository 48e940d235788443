#include "tests/real_text/tainan_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "datasets/importer/csv_reader.hpp"
#include "tests/support/geojson_zones.hpp"

namespace catchment::real_text {
namespace {

using Row = std::map<std::string, std::string>;

std::vector<Row> read_csv(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  datasets::CsvReader reader(
      [&in](char* buffer, std::size_t size) {
        in.read(buffer, static_cast<std::streamsize>(size));
        return static_cast<std::size_t>(in.gcount());
      },
      file.string());
  std::vector<std::string> header;
  std::vector<Row> rows;
  std::vector<std::string_view> fields;
  while (reader.next(fields)) {
    if (header.empty()) {
      header.assign(fields.begin(), fields.end());
      continue;
    }
    Row& row = rows.emplace_back();
    for (std::size_t i = 0; i < std::min(header.size(), fields.size()); ++i) row[header[i]] = fields[i];
  }
  return rows;
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

// The file writes characters its makers' fonts lacked as another one in brackets: 玉[峰]里 is 玉峰里, but 頂[部]里 is
// 頂廍里. Which is which is told by the notices and by today's names.
std::string village_name(std::string name) {
  constexpr std::array<std::array<const char*, 2>, 4> kMeant{
      {{"[部]", "廍"}, {"[慷]榔", "槺榔"}, {"石[曹]", "石嘈"}, {" ", ""}}};
  for (const auto& [typed, meant] : kMeant) replace_all(name, typed, meant);
  replace_all(name, "[", "");
  replace_all(name, "]", "");
  return name;
}

bool covers(const geo::MultiPolygon& shape, geo::Point p) {
  bool inside = false;
  geo::for_each_ring(shape, [&](const geo::Ring& ring) {
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const geo::Point a = ring[i], b = ring[(i + 1) % ring.size()];
      if ((a.lat > p.lat) == (b.lat > p.lat)) continue;
      const bool up = b.lat > a.lat;
      if ((geo::cross(a, b, p) > 0) == up) inside = !inside;
    }
  });
  return inside;
}

double distance_m(const geo::MultiPolygon& shape, geo::Point p) {
  const geo::LocalScale scale = geo::local_scale(p.lat);
  double best = 1e12;
  geo::for_each_ring(shape, [&](const geo::Ring& ring) {
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const geo::Point a = ring[i], b = ring[(i + 1) % ring.size()];
      const double ax = (a.lon - p.lon) * scale.lon_m, ay = (a.lat - p.lat) * scale.lat_m;
      const double dx = (b.lon - a.lon) * scale.lon_m, dy = (b.lat - a.lat) * scale.lat_m;
      const double length2 = dx * dx + dy * dy;
      const double t = length2 > 0 ? std::clamp(-(ax * dx + ay * dy) / length2, 0.0, 1.0) : 0.0;
      best = std::min(best, std::hypot(ax + t * dx, ay + t * dy));
    }
  });
  return best;
}

void load_villages(const std::filesystem::path& folder, Tainan& city) {
  const auto shapes = test::read_geojson_zones(folder / "villages_2017.geojson");
  std::ifstream in(folder / "villages_2017.geojson");
  const auto document = nlohmann::json::parse(in);
  std::set<std::string> districts;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const auto& properties = document.at("features").at(i).at("properties");
    std::string district = properties.at("TOWNNAME");
    replace_all(district, " ", "");
    const std::string name = village_name(properties.at("VILLNAME"));
    if (districts.insert(district).second) city.places.push_back({district, "district", district, "", {}, {}});
    city.places.push_back({properties.at("VILLCODE"), "community", name, district, {}, shapes[i]});
    city.districts_of_village[name].insert(district);
  }
  // Parents come before what lies in them.
  std::stable_partition(city.places.begin(), city.places.end(),
                        [](const engine::Place& p) { return p.kind == "district"; });
}

std::string find_district(const Tainan& city, std::string text) {
  replace_all(text, " ", "");
  std::string best;
  std::size_t at = std::string::npos;
  for (const engine::Place& p : city.places) {
    if (p.kind != "district") continue;
    const std::size_t here = text.find(p.name);
    // 北門區 before 北區 would not clash, 安南區 holds 南區: the one that begins first, then the longer.
    if (here == std::string::npos || here > at || (here == at && p.name.size() < best.size())) continue;
    at = here;
    best = p.name;
  }
  return best;
}

// 興中里 of 702臺南市南區興中里2鄰…
std::string village_of(std::string address, const std::string& district) {
  replace_all(address, " ", "");
  const std::size_t at = district.empty() ? std::string::npos : address.find(district);
  if (at == std::string::npos) return "";
  const std::string rest = address.substr(at + district.size());
  const std::size_t end = rest.find("里");
  constexpr std::size_t kLongest = 3 * std::string_view("里").size();
  return end == std::string::npos || end == 0 || end > kLongest ? "" : rest.substr(0, end + std::strlen("里"));
}

void load_addresses(const std::filesystem::path& folder, Tainan& city) {
  std::size_t number = 0;
  for (Row& row : read_csv(folder / "addresses_geocoded.csv")) {
    ++number;
    if (row["lon"].empty()) continue;
    TainanAddress out;
    out.district = row["town"];
    replace_all(out.district, " ", "");
    out.village = village_name(row["village"]);
    replace_all(out.village, "塩", "鹽");
    replace_all(out.village, "脚", "腳");
    out.exact = row["match_type"] == "完全比對";
    out.stated_m = -1;
    out.group = std::atoi(row["neighborhood"].c_str());
    const auto known = city.districts_of_village.find(out.village);
    out.village_known = known != city.districts_of_village.end() && known->second.contains(out.district);
    engine::Address& a = out.address;
    a.id = "t" + std::to_string(number);
    const std::string road = row["road"] + row["section"];
    // A 鄰 counts within the village it was stated with: of a village of 2018 it says nothing here.
    a.text = "臺南市" + out.district;
    if (out.village_known) a.text += out.village + (out.group > 0 ? std::to_string(out.group) + "鄰" : "");
    a.text += road + row["lane"] + row["alley"] + row["number"];
    a.street = road;
    a.door = row["number"];
    a.position = geo::find_point({std::stod(row["lon"]), std::stod(row["lat"])});
    for (const engine::Place& p : city.places) {
      if (p.kind != "community") continue;
      const bool inside = covers(p.shape, *a.position);
      if (inside) out.polygon_village = p.parent_id + p.name;
      if (p.parent_id == out.district && p.name == out.village) {
        out.stated_m = inside ? 0 : distance_m(p.shape, *a.position);
      }
    }
    city.addresses.push_back(std::move(out));
  }
}

// --- the plain reading --------------------------------------------------------------------------------------------

// Bytes of the character at i.
std::size_t character(const std::string& text, std::size_t i) {
  std::size_t n = 1;
  while (i + n < text.size() && (static_cast<unsigned char>(text[i + n]) & 0xc0u) == 0x80u) ++n;
  return n;
}

bool any_of(std::string_view character, std::initializer_list<const char*> set) {
  return std::ranges::any_of(set, [&](const char* c) { return character == c; });
}

bool is_separator(std::string_view c) {
  return any_of(
      c, {"、", "，", ",",  "。", ".",  "；", ";", "：", ":",  "\n", "\r", " ", "　", "(", ")",  "（", "）", "〈", "〉",
          "﹝", "﹞", "〔", "〕", "【", "】", "-", "－", "及", "和", "與", "◎", "`",  "/", "﹑", "‧",  "…",  "】"});
}

int chinese_digit(std::string_view c) {
  static const std::vector<std::string> kDigits{"〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
  const auto at = std::ranges::find(kDigits, c);
  if (at != kDigits.end()) return static_cast<int>(at - kDigits.begin());
  if (c == "廿") return 20;
  if (c == "卅") return 30;
  return c == "十" ? 10 : -1;
}

// The number at i, Chinese or not; moves i behind it. 0 if there is none.
int number_at(const std::string& text, std::size_t& i) {
  int value = 0;
  bool any = false;
  while (i < text.size() && text[i] >= '0' && text[i] <= '9') value = value * 10 + (text[i++] - '0'), any = true;
  if (any) return value;
  while (i < text.size()) {
    const std::size_t n = character(text, i);
    const int d = chinese_digit(std::string_view(text).substr(i, n));
    if (d < 0) break;
    value = d == 10 ? (value == 0 ? 10 : value * 10) : value + d;
    i += n;
  }
  return value;
}

// Numbers and ranges from i on, up to a character that belongs to no list; empty if the first is no number. `names_鄰`
// is set when the word stands among them.
std::set<int> groups_at(const std::string& text, std::size_t& i, bool& says_groups) {
  std::set<int> out;
  int last = 0;
  bool range = false;
  while (i < text.size()) {
    if (const int n = number_at(text, i); n > 0) {
      for (int k = range ? last : n; k <= n; ++k) out.insert(k);
      last = n;
      range = false;
      continue;
    }
    const std::string_view c = std::string_view(text).substr(i, character(text, i));
    if (any_of(c, {"鄰", "遴"})) {
      says_groups = true;
    } else if (any_of(c, {"-", "~", "～", "至", "－", "—"})) {
      range = true;
    } else if (!any_of(c, {"、", "，", ",", ".", " ", "第", "及", "&", "﹑", "和"})) {
      break;
    }
    i += c.size();
  }
  return out;
}

class PlainReader {
 public:
  PlainReader(const Tainan& city, const TainanSchool& school)
      : city_(city), context_(school.district), school_(school.name), text_(school.text) {
    const std::vector<std::pair<std::string, std::string>> kSame{
        {"塩", "鹽"}, {"巿", "市"}, {"裡", "里"}, {"\xef\xa8\x9b", "福"}, {"１", "1"}, {"５", "5"}, {"&amp;", "&"}};
    for (const auto& [typed, meant] : kSame) replace_all(text_, typed, meant);
  }

  std::map<std::string, Given> run() {
    for (std::size_t i = 0; i < text_.size();) {
      if (read_district(i) || read_village(i)) continue;
      const std::size_t n = character(text_, i);
      fresh_ = is_separator(std::string_view(text_).substr(i, n)) || (text_[i] >= '0' && text_[i] <= '9');
      i += n;
    }
    give_district();
    return std::move(given_);
  }

 private:
  bool read_district(std::size_t& i) {
    for (const engine::Place& p : city_.places) {
      if (p.kind != "district" || text_.compare(i, p.name.size(), p.name) != 0) continue;
      give_district();
      context_ = named_ = p.name;
      i += p.name.size();
      fresh_ = true;
      return true;
    }
    return false;
  }

  // A district under which no village is named before the next one is given whole.
  void give_district() {
    for (const auto& [village, districts] : city_.districts_of_village) {
      if (!named_.empty() && districts.contains(named_)) given_[named_ + village].all = true;
    }
    named_.clear();
  }

  // A name counts with 里, or between separators.
  bool read_village(std::size_t& i) {
    std::string best;
    for (const auto& [name, districts] : city_.districts_of_village) {
      const std::string stem = name.substr(0, name.size() - std::strlen("里"));
      if (text_.compare(i, name.size(), name) == 0) {
        if (name.size() > best.size()) best = name;
      } else if (fresh_ && text_.compare(i, stem.size(), stem) == 0 && ends_at(i + stem.size())) {
        if (name.size() > best.size()) best = name;
      }
    }
    if (best.empty()) return false;
    const bool full = text_.compare(i, best.size(), best) == 0;
    i += full ? best.size() : best.size() - std::strlen("里");
    fresh_ = true;
    const std::string district = district_of(best);
    named_.clear();
    if (district.empty()) return true;
    add(given_[district + best], i);
    return true;
  }

  bool ends_at(std::size_t i) const {
    if (i >= text_.size()) return true;
    const std::string_view c = std::string_view(text_).substr(i, character(text_, i));
    return is_separator(c) || (text_[i] >= '0' && text_[i] <= '9') || any_of(c, {"第", "等", "各", "村"});
  }

  std::string district_of(const std::string& village) const {
    const std::set<std::string>& districts = city_.districts_of_village.at(village);
    if (districts.contains(context_)) return context_;
    return districts.size() == 1 ? *districts.begin() : "";  // of two elsewhere the words do not say which
  }

  void add(Given& given, std::size_t& i) {
    std::size_t at = i;
    while (at < text_.size() &&
           any_of(std::string_view(text_).substr(at, character(text_, at)), {" ", "：", ":", "第"})) {
      at += character(text_, at);
    }
    const std::string_view c = at < text_.size() ? std::string_view(text_).substr(at, character(text_, at)) : "";
    const bool bracket = any_of(c, {"(", "（", "〈", "﹝", "〔"});
    std::size_t inside = bracket ? at + c.size() : at;
    const bool but = text_.compare(inside, std::strlen("排除"), "排除") == 0;
    if (but) inside += std::strlen("排除");
    if (text_.compare(inside, std::strlen("限"), "限") == 0) inside += std::strlen("限");
    bool says_groups = false;
    const std::set<int> groups = groups_at(text_, inside, says_groups);
    const bool excluded = but || text_.compare(inside, std::strlen("除外"), "除外") == 0;
    // What a bracket shares with others (共同學區) is still this school's, all lists of it; the rest of the village is
    // not, where 餘 gives it to another.
    if (groups.empty() || (!says_groups && !bracket)) {
      given.all = true;
      return;
    }
    i = inside;
    if (text_.compare(inside, std::strlen("之後"), "之後") == 0) {
      for (int k = *groups.rbegin(); k <= 99; ++k) given.groups.insert(k);
    }
    if (bracket && rest_is_own(i)) given.all = true;
    if (bracket) read_more_groups(given, i);
    if (excluded) {
      for (int k = 1; k <= 99; ++k) {
        if (!groups.contains(k)) given.groups.insert(k);
      }
    } else {
      given.groups.insert(groups.begin(), groups.end());
    }
  }

  // 餘為民德國中學區 within the bracket: what of the name stands before 國 is of the school's own.
  bool rest_is_own(std::size_t i) const {
    const std::size_t close =
        std::min({text_.find(")", i), text_.find("）", i), text_.find("〉", i), text_.find("﹞", i), text_.size()});
    const std::size_t rest = text_.find("餘為", i);
    if (rest >= close) return false;
    const std::string said = text_.substr(rest + std::strlen("餘為"), close - rest - std::strlen("餘為"));
    const std::size_t end = std::min({said.find("國"), said.find("學區"), said.size()});
    return end > 0 && school_.find(said.substr(0, end)) != std::string::npos;
  }

  // （17鄰…共同學區；18至19鄰…共同學區）: lists behind a semicolon of the same bracket.
  void read_more_groups(Given& given, std::size_t& i) {
    const std::size_t close =
        std::min({text_.find(")", i), text_.find("）", i), text_.find("〉", i), text_.find("﹞", i)});
    if (close == std::string::npos) return;
    for (std::size_t at = text_.find("；", i); at < close; at = text_.find("；", at)) {
      at += std::strlen("；");
      bool says_groups = false;
      const std::set<int> groups = groups_at(text_, at, says_groups);
      if (says_groups) given.groups.insert(groups.begin(), groups.end());
    }
    i = close;
  }

  const Tainan& city_;
  std::string context_;
  std::string school_;
  std::string named_;  // the district named last, if no village has followed yet
  std::string text_;
  bool fresh_ = true;  // the character before is no part of a word
  std::map<std::string, Given> given_;
};

}  // namespace

Tainan load_tainan(const std::filesystem::path& folder) {
  Tainan city;
  load_villages(folder, city);
  for (Row& row : read_csv(folder / "schools_2014.csv")) {
    TainanSchool s{row["code"], row["name"], row["level"], row["zone_text"], find_district(city, row["address"])};
    if (s.district.empty()) s.district = find_district(city, s.name);
    if (std::string v = village_of(row["address"], s.district); !v.empty() && !city.districts_of_village.contains(v)) {
      city.former_villages.insert(std::move(v));
    }
    city.schools.push_back(std::move(s));
  }
  load_addresses(folder, city);
  return city;
}

std::map<std::string, Given> read_plainly(const Tainan& city, const TainanSchool& school) {
  return PlainReader(city, school).run();
}

}  // namespace catchment::real_text
