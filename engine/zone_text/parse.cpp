#include "engine/zone_text/parse.hpp"

#include "engine/zone_text/reading/notice_parser.hpp"

namespace catchment::engine::zone_text {

ZoneText parse_zone_text(std::string_view text, const ZoneTextContext& context, ParseCost* cost) {
  NoticeParser parser(text, context);
  ZoneText zone = parser.run();
  if (cost != nullptr) cost->steps = parser.steps();
  return zone;
}

}  // namespace catchment::engine::zone_text
