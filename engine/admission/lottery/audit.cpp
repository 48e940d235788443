#include "engine/admission/lottery/audit.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "engine/admission/lottery/proof_check.hpp"

namespace catchment::engine::admission {
namespace {

// The value of a key in a record; empty where it has none.
std::string_view record_value(std::string_view record, std::string_view key) {
  for (std::size_t from = 0; from < record.size();) {
    const std::size_t end = std::min(record.find('\n', from), record.size());
    const std::string_view line = record.substr(from, end - from);
    if (line.size() > key.size() + 2 && line.substr(0, key.size()) == key && line.substr(key.size(), 2) == ": ")
      return line.substr(key.size() + 2);
    from = end + 1;
  }
  return {};
}

}  // namespace

Digest leaf_hash(Suite suite, std::string_view record, const Digest& salt) {
  std::string bytes(1, '\0');
  bytes.append(record).append(reinterpret_cast<const char*>(salt.data()), salt.size());
  return hash(suite, bytes);
}

std::vector<LeafFinding> check_openings(Suite suite, std::span<const RollLine> roll,
                                        std::span<const LeafOpening> openings) {
  std::map<Code, const LeafOpening*> by_code;
  std::map<std::string_view, int> identities;
  for (const LeafOpening& opening : openings) {
    by_code.emplace(opening.code, &opening);
    if (const std::string_view id = record_value(opening.record, "id"); !id.empty()) ++identities[id];
  }
  std::vector<LeafFinding> findings;
  std::set<Code> listed;
  for (const RollLine& line : roll) {
    listed.insert(line.code);
    const auto at = by_code.find(line.code);
    if (at == by_code.end()) {
      findings.push_back({line.code, LeafFault::missing});
      continue;
    }
    const LeafOpening& opening = *at->second;
    if (leaf_hash(suite, opening.record, opening.salt) != line.leaf) {
      findings.push_back({line.code, LeafFault::other_leaf});
      continue;
    }
    const std::string_view tier = record_value(opening.record, "tier"), id = record_value(opening.record, "id");
    if (record_value(opening.record, "code") != view(line.code)) findings.push_back({line.code, LeafFault::other_code});
    if (!tier.empty() && tier != std::to_string(line.tier)) findings.push_back({line.code, LeafFault::other_tier});
    if (!id.empty() && identities[id] > 1) findings.push_back({line.code, LeafFault::same_identity});
  }
  for (const LeafOpening& opening : openings) {
    if (!listed.contains(opening.code)) findings.push_back({opening.code, LeafFault::unknown});
  }
  return findings;
}

std::vector<Code> audit_sample(Suite suite, std::string_view draw, const Digest& seed, std::span<const Code> codes,
                               std::size_t count) {
  const TicketKey key(suite, seed);
  std::vector<std::pair<Ticket, Code>> tickets;
  for (const Code& code : codes) tickets.emplace_back(key.ticket(ticket_message("audit/1", draw, view(code))), code);
  std::sort(tickets.begin(), tickets.end());
  tickets.resize(std::min(count, tickets.size()));
  std::vector<Code> sample;
  for (const auto& [ticket, code] : tickets) sample.push_back(code);
  return sample;
}

}  // namespace catchment::engine::admission
