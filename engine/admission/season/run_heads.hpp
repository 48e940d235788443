// Head teachers of a school's classes, by a ceremony of their own after the pupils were dealt.
#pragma once

#include "engine/admission/season/season_run.hpp"

namespace catchment::engine::admission {

// A heads/1 draw of the school's head teachers for the classes of `classes` (a classes/1 draw), a day later. As many
// head teachers as classes are dealt take part, the first of RunSchool::heads; nothing if there are fewer.
std::optional<RunDraw> draw_heads(const RunInput& input, const RunRules& rules, const RunDraw& classes);

// Class (from 1) to the head teacher's code, as a heads/1 result has them.
std::vector<Code> heads_of_classes(const RunDraw& heads);

}  // namespace catchment::engine::admission
