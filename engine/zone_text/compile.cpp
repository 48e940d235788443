#include "engine/zone_text/compile.hpp"

#include "engine/zone_text/compiling/text_compiler.hpp"
#include "geo/topology.hpp"

namespace catchment::engine::zone_text {
namespace {

// What a rule covers as an area; empty for doors.
geo::MultiPolygon area_of(const AddressRule& rule, const CompiledText& text, const Ground& ground) {
  if (!rule.numbers.empty() || rule.front) return {};
  if (rule.region) {
    return text.regions[*rule.region].shape;  // of a restricted area it is that part of it
  }
  if (rule.name == geo::kNoName) return {};
  std::vector<geo::MultiPolygon> shapes;
  for (const std::size_t i : ground.find_areas(ground.names().thing(rule.name).name)) {
    if (ground.areas()[i].place == rule.name) shapes.push_back(ground.areas()[i].shape);
  }
  return shapes.empty() ? geo::MultiPolygon{} : geo::dissolve(shapes);
}

}  // namespace

CompiledText compile(ZoneText tree, const Ground& ground, const CompileOptions& options) {
  return TextCompiler(std::move(tree), ground, options).run();
}

geo::MultiPolygon derived_shape(const CompiledText& text, const Ground& ground) {
  std::vector<geo::MultiPolygon> given;
  std::vector<geo::MultiPolygon> denied;
  for (const AddressRule& rule : text.rules) {
    if (rule.effect == RuleEffect::undetermined) continue;
    geo::MultiPolygon area = area_of(rule, text, ground);
    if (area.empty()) continue;
    (rule.effect == RuleEffect::allow ? given : denied).push_back(std::move(area));
  }
  if (given.empty()) return {};
  geo::MultiPolygon shape = given.size() == 1 ? given.front() : geo::dissolve(given);
  if (denied.empty()) return shape;
  return geo::overlay(shape, geo::dissolve(denied), geo::OverlayKind::difference);
}

}  // namespace catchment::engine::zone_text
