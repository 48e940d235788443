#include "tests/real_text/tainan_classes.hpp"

namespace catchment::real_text {

using engine::zone_text::Finding;
using engine::zone_text::FindingKind;
using engine::zone_text::Verdict;

std::string class_of_finding(const Tainan&, const TainanSchool&, const Finding& finding) {
  return std::string("unclassed ").append(to_word(finding.kind));
}

std::string class_of_answer(const TainanSchool&, const std::string&, Verdict, bool) { return "unclassed"; }

}  // namespace catchment::real_text
