#include <algorithm>

#include "engine/zone_text/linting/lint_parts.hpp"

namespace catchment::engine::zone_text {
namespace {

constexpr std::size_t kMostNames = 3;

const char* compass_word(Compass side) {
  switch (side) {
    case Compass::north:
      return "北";
    case Compass::northeast:
      return "东北";
    case Compass::east:
      return "东";
    case Compass::southeast:
      return "东南";
    case Compass::south:
      return "南";
    case Compass::southwest:
      return "西南";
    case Compass::west:
      return "西";
    case Compass::northwest:
      return "西北";
  }
  return "";
}

// Names of the city that are like an unknown one.
void propose_names(Finding& f, const Ground& ground) {
  if (f.candidates.empty()) {
    for (const geo::NameHit& hit : ground.names().find_names(f.quote, true)) {
      const std::string name(ground.names().thing(hit.name).name);
      if (std::ranges::find(f.candidates, name) == f.candidates.end()) f.candidates.push_back(name);
      if (f.candidates.size() == kMostNames) break;
    }
  }
  if (f.proposal.empty() && !f.candidates.empty()) f.proposal = "Write " + f.candidates.front() + ", if that is meant.";
}

// 东边：二七路以东 -> 以西.
void propose_direction(Finding& f, const CompiledText& text) {
  for (const Clause& clause : text.tree.clauses) {
    const auto* region = std::get_if<Region>(&clause.what);
    if (region == nullptr) continue;
    for (const Side& side : region->sides) {
      if (!side.label || !side.direction || side.span.begin > f.span.begin || side.span.end < f.span.end) continue;
      f.proposal = std::string("Write 以") + compass_word(opposite(*side.label)) + " instead of 以" +
                   compass_word(*side.direction) + ".";
      return;
    }
  }
}

}  // namespace

void propose_mends(std::vector<Finding>& findings, std::span<const CompiledText> texts, const Ground& ground) {
  for (Finding& f : findings) {
    if (!f.proposal.empty()) continue;
    switch (f.kind) {
      case FindingKind::unknown_name:
        propose_names(f, ground);
        break;
      case FindingKind::renamed:
        if (!f.candidates.empty()) f.proposal = "Write " + f.candidates.front() + ".";
        break;
      case FindingKind::ambiguous_name:
        f.proposal = "Name the district or street office before it.";
        break;
      case FindingKind::label_contradicts:
        propose_direction(f, texts[f.row]);
        break;
      case FindingKind::number_without_street:
        f.proposal = "Write the street before the numbers.";
        break;
      case FindingKind::undecidable:
        f.proposal = "Name the streets, numbers, estates or groups that are meant.";
        break;
      case FindingKind::void_number:
        f.proposal = "Leave it out.";
        break;
      default:
        break;
    }
  }
}

}  // namespace catchment::engine::zone_text
