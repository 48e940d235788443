#include "engine/admission/lottery/draw.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "geo/input_error.hpp"

namespace catchment::engine::admission {
namespace {

struct DrawUnit {
  int tier = 0;
  Code unit{};
  Ticket ticket{};
  std::uint32_t begin = 0, end = 0;  // its children in the sorted roll

  auto order() const { return std::tie(tier, ticket, unit); }
};

bool takes_seat(BundleRule rule, int children, int left) {
  return children <= left || (rule == BundleRule::over && left > 0);
}

// Children sorted by (unit, tier, code), cut where unit or tier changes.
std::vector<DrawUnit> cut_units(std::span<const RollLine> roll, std::vector<std::uint32_t>& children) {
  children.resize(roll.size());
  std::iota(children.begin(), children.end(), 0u);
  std::sort(children.begin(), children.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::tie(roll[a].unit, roll[a].tier, roll[a].code) < std::tie(roll[b].unit, roll[b].tier, roll[b].code);
  });
  std::vector<DrawUnit> units;
  for (std::uint32_t i = 0; i < children.size(); ++i) {
    const RollLine& line = roll[children[i]];
    if (units.empty() || units.back().unit != line.unit || units.back().tier != line.tier)
      units.push_back({line.tier, line.unit, {}, i, i});
    units.back().end = i + 1;
  }
  return units;
}

ProofHead read_draw_head(std::string_view text) {
  const Manifest manifest = parse_manifest(text);
  return {manifest.draw, manifest.suite, manifest.roll, manifest.terms.commitments, {}, manifest.terms.ceremony};
}

std::string recompute_draw(const ProofFolder& folder, const Digest& seed) {
  return print(run_draw(parse_manifest(folder.manifest), parse_roll(folder.list), seed));
}

bool knows_draw_ticket(const ProofFolder& folder, const Digest& seed) {
  const Manifest manifest = parse_manifest(folder.manifest);
  const std::vector<ResultLine> result = parse_result(*folder.result);
  const TicketKey key(manifest.suite, seed);
  return std::any_of(result.begin(), result.end(), [&](const ResultLine& line) {
    return key.ticket(ticket_message("draw/1", manifest.draw, view(line.unit))) == line.ticket;
  });
}

}  // namespace

const ProofKind kDrawKind{"draw/1",
                          "roll",
                          kRollFile,
                          read_draw_head,
                          [](std::string_view text) { parse_roll(text); },
                          [](std::string_view text) { parse_result(text); },
                          recompute_draw,
                          knows_draw_ticket};

std::vector<ResultLine> run_draw(const Manifest& manifest, std::span<const RollLine> roll, const Digest& seed) {
  std::vector<std::uint32_t> children;
  std::vector<DrawUnit> units = cut_units(roll, children);
  const TicketKey key(manifest.suite, seed);
  const std::string prefix = "draw/1 ticket\n" + manifest.draw + "\n";
  std::string message;
  for (DrawUnit& unit : units) {
    message.assign(prefix).append(view(unit.unit)).append("\n");
    unit.ticket = key.ticket(message);
  }
  std::sort(units.begin(), units.end(), [](const DrawUnit& a, const DrawUnit& b) { return a.order() < b.order(); });
  std::vector<ResultLine> result;
  result.reserve(roll.size());
  int left = manifest.seats, rank = 0;
  for (const DrawUnit& unit : units) {
    ++rank;
    const int size = static_cast<int>(unit.end - unit.begin);
    const bool in = takes_seat(manifest.bundle, size, left);
    if (in) left -= size;
    for (std::uint32_t i = unit.begin; i < unit.end; ++i)
      result.push_back({rank, roll[children[i]].code, unit.unit, unit.tier, unit.ticket, in});
  }
  return result;
}

int seats_over_plan(const Manifest& manifest, std::span<const ResultLine> result) {
  const auto admitted = std::count_if(result.begin(), result.end(), [](const ResultLine& r) { return r.admitted; });
  return std::max(0, static_cast<int>(admitted) - manifest.seats);
}

std::vector<Promotion> promote(const Manifest& manifest, std::span<const ResultLine> result,
                               std::span<const Code> gone) {
  std::map<Code, std::size_t> place;
  std::vector<bool> present(result.size(), true), seated(result.size(), false);
  int left = manifest.seats;
  for (std::size_t i = 0; i < result.size(); ++i) {
    place[result[i].code] = i;
    seated[i] = result[i].admitted;
    left -= result[i].admitted ? 1 : 0;
  }
  std::vector<Promotion> promotions;
  for (const Code& code : gone) {
    const auto at = place.find(code);
    if (at == place.end() || !present[at->second])
      throw InputError("draw_gone", std::string(view(code)), "is not in the result, or has left already");
    present[at->second] = false;
    if (seated[at->second]) ++left;
    for (std::size_t i = 0; i < result.size() && left > 0;) {
      std::size_t end = i;
      std::vector<std::size_t> waiting;
      for (; end < result.size() && result[end].rank == result[i].rank; ++end) {
        if (present[end] && !seated[end]) waiting.push_back(end);
      }
      if (!waiting.empty() && takes_seat(manifest.bundle, static_cast<int>(waiting.size()), left)) {
        left -= static_cast<int>(waiting.size());
        for (const std::size_t child : waiting) {
          seated[child] = true;
          promotions.push_back({result[child].code, result[child].rank, code});
        }
      }
      i = end;
    }
  }
  return promotions;
}

std::vector<RollLine> waiting_roll(std::span<const RollLine> roll, std::span<const ResultLine> result,
                                   std::span<const Code> gone) {
  std::set<Code> left_out(gone.begin(), gone.end());
  for (const ResultLine& line : result) {
    if (line.admitted) left_out.insert(line.code);
  }
  std::vector<RollLine> waiting;
  for (RollLine line : roll) {
    if (left_out.contains(line.code)) continue;
    if (left_out.contains(line.unit)) line.unit = line.code;
    waiting.push_back(line);
  }
  return waiting;
}

std::vector<ProofFinding> check_pools(std::span<const ProofFolder> pools, std::span<const std::string> names) {
  std::vector<ProofFinding> findings;
  const auto add = [&](std::size_t pool, std::string_view file, const std::string& message) {
    const std::string where = names[pool] + "/" + std::string(file);
    findings.push_back({{where}, where, where + ": " + message});
  };
  std::map<Code, std::size_t> seen;
  std::map<std::string, int> draws;
  std::vector<Quota> quotas;
  for (std::size_t i = 0; i < pools.size(); ++i) {
    const ProofCheck check = check_proof(kDrawKind, pools[i]);
    for (ProofFinding finding : check.findings) {
      for (std::string& file : finding.files) file.insert(0, names[i] + "/");
      findings.push_back({finding.files, names[i] + "/" + finding.where, names[i] + "/" + finding.message});
    }
    if (!check.same()) continue;
    const Manifest manifest = parse_manifest(pools[i].manifest);
    if (!draws.emplace(manifest.draw, manifest.seats).second) add(i, kManifestFile, "draw: stands in two folders");
    if (manifest.quotas.empty()) add(i, kManifestFile, "quotas: is missing, though several draws share a ceremony");
    if (pools[i].ceremony != pools[0].ceremony) add(i, kCeremonyFile, "is another than that of " + names[0]);
    if (quotas.empty()) quotas = manifest.quotas;
    if (quotas != manifest.quotas) add(i, kManifestFile, "quotas: are other than in the folders before");
    for (const RollLine& line : parse_roll(pools[i].list)) {
      const auto [at, fresh] = seen.emplace(line.code, i);
      if (!fresh) add(i, kRollFile, std::string(view(line.code)) + " stands in " + names[at->second] + " too");
    }
  }
  if (!findings.empty()) return findings;
  for (const Quota& quota : quotas) {
    if (!draws.contains(quota.draw)) add(0, kManifestFile, "quotas: the folder of " + quota.draw + " is missing");
  }
  return findings;
}

}  // namespace catchment::engine::admission
