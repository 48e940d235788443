#include "engine/zone_text/finding.hpp"

#include <array>

namespace catchment::engine::zone_text {
namespace {

struct Kind {
  std::string_view word;
  Severity severity;
};
// In the order of FindingKind.
constexpr std::array<Kind, 23> kKinds{{{"unread", Severity::error},
                                       {"unknown_name", Severity::error},
                                       {"ambiguous_name", Severity::error},
                                       {"renamed", Severity::note},
                                       {"undecidable", Severity::warning},
                                       {"unresolved_reference", Severity::warning},
                                       {"not_closed", Severity::error},
                                       {"bridged", Severity::note},
                                       {"extended", Severity::note},
                                       {"closed_on_outline", Severity::warning},
                                       {"label_contradicts", Severity::error},
                                       {"number_without_street", Severity::error},
                                       {"exclusion_outside", Severity::warning},
                                       {"parity_contradicts", Severity::error},
                                       {"no_such_number", Severity::warning},
                                       {"void_number", Severity::note},
                                       {"duplicate", Severity::warning},
                                       {"not_complementary", Severity::error},
                                       {"overlap", Severity::error},
                                       {"gap", Severity::error},
                                       {"same_text", Severity::warning},
                                       {"unnamed_edge", Severity::warning},
                                       {"untold", Severity::error}}};

}  // namespace

std::string_view to_word(FindingKind kind) { return kKinds.at(static_cast<std::size_t>(kind)).word; }
Severity severity_of(FindingKind kind) { return kKinds.at(static_cast<std::size_t>(kind)).severity; }

}  // namespace catchment::engine::zone_text
