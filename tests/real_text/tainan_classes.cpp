#include "tests/real_text/tainan_classes.hpp"

#include <map>

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
                                                         {"114532", "data trap: whole city, free choice"},
                                                         {"114538", "data trap: whole city, free choice"},
                                                         {"114602", "data trap: history instead of a zone"},
                                                         {"114609", "data trap: whole city, free choice"},
                                                         {"114611", "data trap: history instead of a zone"},
                                                         {"114629", "data trap: an old zone and its revocation"},
                                                         {"114652", "data trap: TMP"},
                                                         {"114689", "data trap: whole city, free choice"},
                                                         {"114702", "data trap: whole city, free choice"},
                                                         {"114736", "data trap: whole city, free choice"},
                                                         {"114743", "data trap: whole city, free choice"},
                                                         {"114744", "data trap: whole city, free choice"},
                                                         {"114776", "data trap: whole city, free choice"},
                                                         {"114777", "data trap: whole city, free choice"},
                                                         {"114784", "data trap: an old zone and its revocation"},
                                                         {"213606", "data trap: text cut off"},
                                                         {"213607", "data trap: an old zone and its revocation"},
                                                         {"213614", "data trap: text cut off"},
                                                         {"213617", "data trap: whole city, free choice"}};
  return kTexts;
}

bool holds_any(const std::string& text, std::initializer_list<const char*> words) {
  for (const char* word : words) {
    if (text.find(word) != std::string::npos) return true;
  }
  return false;
}

// Pairs whose answer the words were read again for by hand, by school.
const std::map<std::string, const char*>& answers_read_again() {
  constexpr const char* kSchools = "plain reading wrong: a school's name taken for a village";
  constexpr const char* kNearest =
      "plain reading too narrow: a village of the next district, which another district has too";
  constexpr const char* kLayout = "unread words: layout of the list (reported, no answer)";
  static const std::map<std::string, const char*> kPairs{
      {"114306", kNearest}, {"213504", kNearest}, {"213509", kNearest}, {"213514", kNearest}, {"213604", kNearest},
      {"114518", kSchools}, {"114530", kSchools}, {"213502", kSchools}, {"213506", kSchools}, {"213517", kSchools},
      {"213629", kSchools}, {"114510", kLayout},  {"114511", kLayout},  {"114533", kLayout},  {"114780", kLayout},
      {"213510", kLayout},  {"213615", kLayout},  {"213641", kLayout}};
  return kPairs;
}

}  // namespace

std::string class_of_finding(const Tainan&, const TainanSchool& school, const Finding& finding) {
  if (const auto at = sentences().find(school.code); at != sentences().end()) return at->second;
  if (finding.kind == FindingKind::undecidable) return "undecidable by its words (部分, the rest, another zone)";
  if (finding.kind == FindingKind::ambiguous_name) return "name of several things";
  if (finding.kind == FindingKind::unknown_name) {
    if (holds_any(finding.quote, {"國小", "國中", "高中", "分校", "本校"}))
      return "unknown name: a school, not in the data";
    if (holds_any(finding.quote, {"路", "街", "鐵路"})) return "unknown name: a street, not in the data";
    if (holds_any(finding.quote, {"市"})) return "unknown name: the city itself before a district (parser)";
    if (holds_any(finding.quote, {"里", "村"}))
      return "unknown name: a village spelt otherwise or glued to other words";
    return "unknown name: a hamlet smaller than a village, or a village without 里 spelt otherwise";
  }
  return "unread words";
}

std::string class_of_answer(const TainanSchool& school, const std::string& village, Verdict verdict, bool expected) {
  if (const auto at = sentences().find(school.code); at != sentences().end()) return at->second;
  if (verdict == Verdict::undetermined) {
    return expected ? "undetermined: 部分, a street without data, the rest of a village, or a name of several things"
                    : "undetermined: a name of several things, or a rest said to be another school's";
  }
  if (school.code == "213514" && village == "仁德區一甲里")
    return "parser: a condition on the primary school read as a place";
  if (school.code == "213508")
    return village == "北區公園里" ? "compiler: a village named 公園 read as a park"
                                   : "plain reading wrong: a school's name taken for a village";
  const auto at = answers_read_again().find(school.code);
  return at == answers_read_again().end() ? "unclassed" : at->second;
}

}  // namespace catchment::real_text
