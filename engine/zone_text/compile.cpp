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

// What the words of a scope give with what they refer to, less what they deny.
geo::MultiPolygon shape_of_scope(std::size_t scope, const CompiledText& text, const Ground& ground) {
  std::vector<geo::MultiPolygon> given;
  std::vector<geo::MultiPolygon> denied;
  for (const AddressRule& rule : text.rules) {
    if (rule.effect == RuleEffect::undetermined || rule.scope != scope) continue;
    geo::MultiPolygon area = area_of(rule, text, ground);
    if (area.empty()) continue;
    (rule.effect == RuleEffect::allow ? given : denied).push_back(std::move(area));
  }
  for (std::size_t i = 0; i < text.borrowed.size(); ++i) {
    if (text.borrowed[i].parent != scope) continue;
    geo::MultiPolygon theirs = shape_of_scope(i + 1, text, ground);
    if (!theirs.empty()) given.push_back(std::move(theirs));
  }
  if (given.empty()) return {};
  geo::MultiPolygon shape = given.size() == 1 ? given.front() : geo::dissolve(given);
  if (denied.empty()) return shape;
  return geo::overlay(shape, geo::dissolve(denied), geo::OverlayKind::difference);
}

}  // namespace

CompiledText compile(ZoneText tree, const Ground& ground, const CompileOptions& options) {
  return TextCompiler(std::move(tree), ground, options).run();
}

geo::MultiPolygon derived_shape(const CompiledText& text, const Ground& ground) {
  return shape_of_scope(0, text, ground);
}

}  // namespace catchment::engine::zone_text
