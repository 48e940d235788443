#include "tests/real_text/tainan_classes.hpp"

#include <map>
#include <string_view>

namespace catchment::real_text {

using engine::zone_text::Finding;
using engine::zone_text::FindingKind;
using engine::zone_text::Verdict;

namespace {

// Texts that give no zone, or tell one in a sentence: which, by school.
const std::map<std::string, const char*>& sentences() {
  static const std::map<std::string, const char*> kTexts{{"114307", "data trap: history instead of a zone"},
                                                         {"114503", "data trap: HTML blob"},
                                                         {"114527", "data trap: the zone told in sentences"},
                                                         {"114602", "data trap: history instead of a zone"},
                                                         {"114609", "data trap: whole city, free choice"},
                                                         {"114611", "data trap: history instead of a zone"},
                                                         {"114652", "data trap: TMP"},
                                                         {"114702", "data trap: whole city, free choice"},
                                                         {"114784", "data trap: an old zone and its revocation"},
                                                         {"213606", "data trap: text cut off"}};
  return kTexts;
}

// One character other than in a village of the school's district.
bool misspelt(const Tainan& city, const TainanSchool& school, std::string quote) {
  if (quote.ends_with("里")) quote.resize(quote.size() - std::string_view("里").size());
  constexpr std::size_t kHan = 3;  // bytes
  for (const auto& [village, districts] : city.districts_of_village) {
    if (!districts.contains(school.district) || village.size() != quote.size() + kHan) continue;
    std::size_t other = 0;
    for (std::size_t i = 0; i < quote.size(); i += kHan) other += village.compare(i, kHan, quote, i, kHan) != 0;
    if (other == 1 && quote.size() > kHan) return true;
  }
  return false;
}

bool holds_any(const std::string& text, std::initializer_list<const char*> words) {
  for (const char* word : words) {
    if (text.find(word) != std::string::npos) return true;
  }
  return false;
}

// Pairs whose answer the words were read again for by hand: by school, those of the verdict.
const char* read_again(const std::string& school, Verdict verdict, bool given) {
  constexpr const char* kSchools = "plain reading wrong: a school's name taken for a village";
  constexpr const char* kBracket = "plain reading too narrow: 鄰 in a bracket behind a comma";
  constexpr const char* kCount = "plain reading too narrow: a village's name glued to how many there are";
  constexpr const char* kStreet = "undetermined: the part of a village beyond a street or railway that the data lack";
  constexpr const char* kPart = "undetermined: 部分 of a village";
  static const std::map<std::string, const char*> kOut{{"114518", kSchools}, {"213502", kSchools}, {"213506", kSchools},
                                                       {"213508", kSchools}, {"213517", kSchools}, {"213607", kSchools},
                                                       {"213629", kSchools}};
  static const std::map<std::string, const char*> kIn{{"114524", kCount}, {"213629", kBracket}};
  static const std::map<std::string, const char*> kOpen{{"114729", kStreet}, {"114732", kStreet}, {"114737", kPart}};
  const auto find = [&](const std::map<std::string, const char*>& table) {
    const auto at = table.find(school);
    return at == table.end() ? kUnclassed : at->second;
  };
  if (verdict == Verdict::undetermined) return given ? find(kOpen) : kUnclassed;
  return find(given ? kOut : kIn);
}

}  // namespace

std::string class_of_finding(const Tainan& city, const TainanSchool& school, const Finding& finding) {
  if (const auto at = sentences().find(school.code); at != sentences().end()) return at->second;
  if (finding.kind == FindingKind::undecidable) return "undecidable: 部分";
  if (finding.kind == FindingKind::ambiguous_name) return "name of several things";
  if (finding.kind != FindingKind::unknown_name) return "unread words";
  if (holds_any(finding.quote, {"路", "街"})) return "unknown name: a street or railway, not in the data";
  constexpr const char* kFormer = "unknown name: a village merged away before 2017";
  if (school.code == "114709") return kFormer;  // three of them, run together
  for (const std::string& village : city.former_villages) {
    if (village.starts_with(finding.quote)) return kFormer;
  }
  if (misspelt(city, school, finding.quote)) return "unknown name: a village of the district spelt otherwise";
  return "unknown name: a hamlet smaller than a village, not in the data";
}

std::string class_of_answer(const Tainan& city, const AnswerCase& answer) {
  if (const auto at = sentences().find(answer.school.code); at != sentences().end()) return at->second;
  const char* again = read_again(answer.school.code, answer.verdict, answer.given);
  if (again != kUnclassed || answer.given) return again;
  const std::string name = answer.village.substr(answer.village.find("區") + std::string_view("區").size());
  const auto at = city.districts_of_village.find(name);
  if (at != city.districts_of_village.end() && at->second.size() > 1)
    return "plain reading too narrow: a village whose name another district has too, which stands under none";
  return kUnclassed;
}

std::string class_of_place(const Tainan& city, const TainanAddress& address) {
  constexpr double kEdgeM = 30;  // doors stand on the street, villages end at its middle
  const std::string& polygon = address.polygon_village;
  if (polygon.empty()) return "in no polygon";
  if (!address.village_known)
    return polygon.starts_with(address.district) ? "states a village that the merge of 2018 made"
                                                 : "states a village of after 2018: geocoded into another district";
  if (address.stated_m == 0) return "in the polygon of the village stated";
  if (!address.exact) return "in another polygon: the geocoder found a door like it";
  if (address.stated_m <= kEdgeM) return "in another polygon: within 30 m of the one stated";
  std::size_t in_stated = 0, in_this = 0;
  bool named = false;
  for (const TainanAddress& other : city.addresses) {
    named = named || other.district + other.village == polygon;
    if (other.district != address.district || other.village != address.village) continue;
    if (other.group != address.group) continue;
    in_stated += other.stated_m == 0;
    in_this += other.polygon_village == polygon;
  }
  if (!named) return "in another polygon: of a village that no address states any more, merged away in 2018";
  if (in_stated == 0 && in_this > 1) return "in another polygon: its whole 鄰 lies there, moved between villages";
  return in_stated == 0 ? "in another polygon, over 30 m off: the only address of its 鄰"
                        : "in another polygon, over 30 m off: others of its 鄰 lie in the one stated";
}

}  // namespace catchment::real_text
