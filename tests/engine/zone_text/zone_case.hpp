// What a text answers in a GridCity, beside the truth.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "../../support/grid_city.hpp"
#include "engine/zone_text/compile.hpp"
#include "engine/zone_text/parse.hpp"
#include "geo/topology.hpp"

namespace catchment::tests {

namespace zt = engine::zone_text;

inline zt::CompiledText compile_text(const GridCity& city, const std::string& text,
                                     std::vector<geo::Point> seeds = {}) {
  zt::CompileOptions options;
  options.seeds = std::move(seeds);
  return zt::compile(zt::parse_zone_text(text, {&city.ground().lexicon()}), city.ground(), options);
}

inline double iou(const geo::MultiPolygon& a, const geo::MultiPolygon& b) {
  if (a.empty() && b.empty()) return 1;
  if (a.empty() || b.empty()) return 0;
  const double common = geo::flat_area_m2(geo::overlay(a, b, geo::OverlayKind::intersection));
  return common / geo::flat_area_m2(geo::overlay(a, b, geo::OverlayKind::union_of));
}

inline zt::TextAnswer answer_of(const GridCity& city, const zt::CompiledText& text, const Door& door) {
  const geo::Entry entry = city.gazetteer().entry(city.gazetteer().find_id(door.id).value());
  return zt::answer(text, city.gazetteer(), entry.path, entry.position, entry.error_m);
}

inline std::string describe(const Door& d) {
  return d.id + " " + d.street + d.estate + (d.lane != 0 ? " lane " + std::to_string(d.lane) : "") + " " +
         std::to_string(d.number + d.building) + " block " + std::to_string(d.block.column) + "," +
         std::to_string(d.block.row);
}

// One line for every address that answers otherwise than it should, at most five, and their number; empty if none does.
inline std::string wrong_answers(const GridCity& city, const zt::CompiledText& text,
                                 const std::function<zt::Verdict(const Door&)>& truth) {
  static const char* const kWords[] = {"in", "out", "undetermined"};
  std::string lines;
  std::size_t wrong = 0;
  for (const Door& door : city.doors()) {
    const zt::Verdict said = answer_of(city, text, door).verdict;
    const zt::Verdict is = truth(door);
    if (said == is) continue;
    if (++wrong <= 5) {
      lines +=
          describe(door) + ": said " + kWords[static_cast<int>(said)] + ", is " + kWords[static_cast<int>(is)] + "\n";
    }
  }
  if (wrong == 0) return {};
  lines += std::to_string(wrong) + " wrong of " + std::to_string(city.doors().size()) + "\n" + zt::to_text(text.tree);
  for (const zt::Finding& f : text.findings)
    lines += "\n" + std::string(to_word(f.kind)) + ": " + f.quote + ": " + f.message;
  return lines;
}

inline std::function<zt::Verdict(const Door&)> in_if(std::function<bool(const Door&)> is_in) {
  return [is_in = std::move(is_in)](const Door& d) { return is_in(d) ? zt::Verdict::in : zt::Verdict::out; };
}

inline bool is_in(const std::vector<Block>& blocks, const Door& d) {
  return std::find(blocks.begin(), blocks.end(), d.block) != blocks.end();
}

inline std::size_t count(const zt::CompiledText& text, zt::FindingKind kind) {
  return static_cast<std::size_t>(
      std::count_if(text.findings.begin(), text.findings.end(), [&](const zt::Finding& f) { return f.kind == kind; }));
}

}  // namespace catchment::tests
