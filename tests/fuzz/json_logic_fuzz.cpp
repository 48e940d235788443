// Any bytes as a condition and its data: refused by InputError or evaluated within its steps.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "engine/policy/json_logic.hpp"
#include "geo/input_error.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace catchment::engine::policy;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = bytes.find('\0');
  try {
    const Logic logic = Logic::compile(bytes.substr(0, cut));
    const Value facts = parse_value(cut == std::string_view::npos ? "{}" : bytes.substr(cut + 1));
    const LogicResult plain = logic.apply(facts, Absent::null);
    if (plain.value.is_unknown() || !plain.missing.empty()) std::abort();
    const LogicResult open = logic.apply(facts, Absent::unknown);
    if (!open.value.is_unknown() && !open.missing.empty()) std::abort();
  } catch (const catchment::InputError&) {
  }
  return 0;
}
