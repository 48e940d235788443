#include "engine/zone_text/compiling/exception_doubts.hpp"

namespace catchment::engine::zone_text {

AddressRule doubt_of(const AddressRule& given, const AddressRule& exception) {
  AddressRule doubt = given;
  if (exception.name != geo::kNoName) {
    if (doubt.name != geo::kNoName) doubt.path.push_back(doubt.name);
    if (doubt.name != exception.name) {
      doubt.numbers.clear();
      doubt.front.reset();
    }
    doubt.name = exception.name;
    if (!exception.numbers.empty()) doubt.numbers = exception.numbers;
    if (exception.front) doubt.front = exception.front;
  } else if (doubt.numbers.empty()) {
    doubt.numbers = exception.numbers;
  }
  doubt.level = RuleLevel::denial;
  doubt.effect = RuleEffect::undetermined;
  doubt.why = exception.why;
  doubt.clause = exception.clause;
  doubt.span = exception.span;
  return doubt;
}

}  // namespace catchment::engine::zone_text
