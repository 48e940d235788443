// Findings with the quote of their span. Internal to the compiler.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/zone_text/finding.hpp"

namespace catchment::engine::zone_text {

class Reporter {
 public:
  Reporter(std::string_view text, std::vector<Finding>& findings) : text_(text), findings_(findings) {}
  Finding& add(FindingKind kind, Span span, std::string message, std::string proposal = {});
  std::string quote(Span span) const;

 private:
  std::string_view text_;
  std::vector<Finding>& findings_;
};

}  // namespace catchment::engine::zone_text
