// Why something in Tainan's texts fails: told by rules about the words, never by the text itself, so that no notice
// stands in this repository.
#pragma once

#include <string>

#include "engine/zone_text/finding.hpp"
#include "engine/zone_text/rules.hpp"
#include "tests/real_text/tainan_text.hpp"

namespace catchment::real_text {

std::string class_of_finding(const Tainan& city, const TainanSchool& school, const engine::zone_text::Finding& finding);

// expected: what the plain reading says.
std::string class_of_answer(const TainanSchool& school, const std::string& village, engine::zone_text::Verdict verdict,
                            bool expected);

}  // namespace catchment::real_text
