#include "engine/admission/lottery/log_monitor.hpp"

#include <algorithm>
#include <map>

namespace catchment::engine::admission {
namespace {

struct LogEntry {
  std::string_view kind, draw;
  Digest hash{};
};

std::optional<LogEntry> find_log_entry(std::string_view line) {
  const std::size_t first = line.find(' '), last = line.rfind(' ');
  if (first == std::string_view::npos || last == first) return std::nullopt;
  LogEntry entry{line.substr(0, first), line.substr(first + 1, last - first - 1), {}};
  const bool known = entry.kind == "manifest" || entry.kind == "result" || entry.kind == "void";
  if (!known || entry.draw.empty() || entry.draw.find(' ') != std::string_view::npos) return std::nullopt;
  if (!parse_hex(line.substr(last + 1), entry.hash)) return std::nullopt;
  return entry;
}

struct LoggedDraw {
  std::size_t manifest_at = 0;
  Digest manifest{};
  bool over = false;  // a result or a void notice
};

}  // namespace

std::string_view to_word(LogFault fault) noexcept {
  constexpr std::string_view kWords[]{"malformed", "forked", "second_manifest", "second_result", "no_manifest",
                                      "orphan",    "late",   "unlogged"};
  return kWords[static_cast<std::size_t>(fault)];
}

std::vector<LogFinding> watch_log(std::span<const std::string> entries, std::span<const SeenCheckpoint> checkpoints,
                                  std::span<const SeenManifest> manifests, std::chrono::local_seconds now,
                                  const MonitorRules& rules) {
  std::vector<LogFinding> findings;
  std::map<std::string, LoggedDraw, std::less<>> draws;
  std::vector<Digest> leaves;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    leaves.push_back(log_leaf(entries[i]));
    const auto entry = find_log_entry(entries[i]);
    if (!entry) {
      findings.push_back({LogFault::malformed, "", i});
      continue;
    }
    const std::string draw(entry->draw);
    const auto at = draws.find(draw);
    if (entry->kind == "manifest") {
      if (at != draws.end()) findings.push_back({LogFault::second_manifest, draw, i});
      draws.try_emplace(draw, LoggedDraw{i, entry->hash, false});
    } else if (at == draws.end()) {
      findings.push_back({LogFault::no_manifest, draw, i});
    } else {
      if (at->second.over) findings.push_back({LogFault::second_result, draw, i});
      at->second.over = true;
    }
  }
  for (const SeenCheckpoint& seen : checkpoints) {
    const auto size = static_cast<std::size_t>(seen.size);
    if (size > leaves.size() || log_root(std::span(leaves).first(size)) != seen.root)
      findings.push_back({LogFault::forked, "", size});
  }
  for (const SeenManifest& manifest : manifests) {
    const auto at = draws.find(manifest.draw);
    if (at == draws.end() || at->second.manifest != manifest.hash) {
      findings.push_back(
          {LogFault::unlogged, manifest.draw, at == draws.end() ? entries.size() : at->second.manifest_at});
      continue;
    }
    if (!manifest.ceremony) continue;
    const LoggedDraw& logged = at->second;
    const bool in_time = std::any_of(checkpoints.begin(), checkpoints.end(), [&](const SeenCheckpoint& seen) {
      return seen.size > logged.manifest_at && seen.witnessed + rules.lead <= *manifest.ceremony;
    });
    if (!in_time) findings.push_back({LogFault::late, manifest.draw, logged.manifest_at});
    if (!logged.over && now > *manifest.ceremony + rules.grace)
      findings.push_back({LogFault::orphan, manifest.draw, logged.manifest_at});
  }
  return findings;
}

}  // namespace catchment::engine::admission
