// Head teachers drawn for the classes of a school after they were dealt (heads/1): for a run that knows codes of some,
// and in the two parts of a draw that is held.
#pragma once

#include <optional>
#include <span>

#include "engine/admission/season/season_run.hpp"

namespace catchment::engine::admission {

// How many classes a dealing made.
std::size_t count_classes(const RunDraw& classes);

// Manifest and list, frozen. As many heads as there are classes, no code twice.
RunDraw open_heads(const RunInput& input, const RunRules& rules, const RunDraw& classes, std::span<const Code> heads);
void conclude_heads(RunDraw& draw, const RunRules& rules, const Ceremony& ceremony);

// Both, a day after the dealing. Nothing where there are too few heads.
std::optional<RunDraw> draw_heads(const RunInput& input, const RunRules& rules, const RunDraw& classes);

// The head of each class, in order.
std::vector<Code> heads_of_classes(const RunDraw& heads);

}  // namespace catchment::engine::admission
