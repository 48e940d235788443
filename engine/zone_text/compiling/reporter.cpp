#include "engine/zone_text/compiling/reporter.hpp"

#include <algorithm>

namespace catchment::engine::zone_text {

std::string Reporter::quote(Span span) const {
  const std::size_t begin = std::min<std::size_t>(span.begin, text_.size());
  const std::size_t end = std::clamp<std::size_t>(span.end, begin, text_.size());
  return std::string(text_.substr(begin, end - begin));
}

Finding& Reporter::add(FindingKind kind, Span span, std::string message, std::string proposal) {
  Finding finding;
  finding.kind = kind;
  finding.span = span;
  finding.quote = quote(span);
  finding.message = std::move(message);
  finding.proposal = std::move(proposal);
  findings_.push_back(std::move(finding));
  return findings_.back();
}

}  // namespace catchment::engine::zone_text
