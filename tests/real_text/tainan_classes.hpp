// Why something in Tainan's texts fails: told by rules about the words, never by the text itself, so that no notice
// stands in this repository.
#pragma once

#include <string>

#include "engine/zone_text/finding.hpp"
#include "engine/zone_text/rules.hpp"
#include "tests/real_text/tainan_text.hpp"

namespace catchment::real_text {

// What nobody has looked at, perhaps a fault of ours: may not occur.
inline constexpr const char* kUnclassed = "unclassed";

std::string class_of_finding(const Tainan& city, const TainanSchool& school, const engine::zone_text::Finding& finding);

// An answer that is not what the plain reading says.
struct AnswerCase {
  const TainanSchool& school;
  const std::string& village;  // as stated, or whose polygon it is
  engine::zone_text::Verdict verdict;
  bool given;  // what the plain reading says
};
std::string class_of_answer(const Tainan& city, const AnswerCase& answer);

// Where the point of an address lies, and why it lies in another village than the one stated.
std::string class_of_place(const Tainan& city, const TainanAddress& address);

}  // namespace catchment::real_text
